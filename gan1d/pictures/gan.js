"use strict";
// The GAN of `gan1d` in plain loops, in float64: an update is what `gan1d.train` does, by the
// recipes "tutorial" and "stable", from the same weights and the same draws. Of n samples an array
// has all x, then all y (so that the innermost loops are long); gradients are those of mean losses.

const STEP = 0.01, PAIRS = 4, GAMMA = 0.02;  // of the recipe "stable": see `Stable` in recipes.py

// Dense layers, with ReLU between them; if `leaky`, a fifth of what is below 0 gets through all but
// the first. `weights` is flat: of each layer its kernel, a row for each input, and its biases, in the
// order in which Keras has them.
class Network {
  constructor(sizes, leaky) {
    this.sizes = sizes;
    this.layers = [];
    const count = sizes.slice(1).reduce((sum, units, l) => sum + (sizes[l] + 1) * units, 0);
    this.weights = new Float64Array(count);
    this.gradients = new Float64Array(count);
    let at = 0;
    sizes.slice(1).forEach((units, l) => {
      const inputs = sizes[l], end = at + inputs * units, part = flat => ({
        kernel: flat.subarray(at, end), biases: flat.subarray(end, end + units) });
      const below = l === sizes.length - 2 ? 1 : leaky && l ? 0.2 : 0;  // what gets through
      this.layers.push({ inputs, units, below, ...part(this.weights), slopes: part(this.gradients) });
      at = end + units;
    });
  }

  // Kernels as Keras draws them: He's before ReLU, Glorot's before the end. Biases are 0; where the
  // kinks are to be spread, those of hidden layers are uniform in [-1, 1].
  initialize(random, spread) {
    this.layers.forEach(({ inputs, units, kernel, biases }, l) => {
      const hidden = l < this.layers.length - 1;
      const limit = Math.sqrt(6 / (hidden ? inputs : inputs + units));
      kernel.forEach((_, i) => { kernel[i] = random.uniform(-limit, limit); });
      biases.forEach((_, i) => { biases[i] = hidden && spread ? random.uniform(-1, 1) : 0; });
    });
  }

  // Return the outputs for n inputs (4 at least), of each unit all n; they are kept for `backward`.
  forward(x, n) {
    this.layers.forEach(layer => {
      const { inputs, units, below, kernel, biases } = layer;
      if (!(layer.y?.length >= n * units)) {
        layer.y = new Float64Array(n * units);
        layer.dx = new Float64Array(n * inputs);
      }
      combine(kernel, units, 1, x, inputs, layer.y, units, n, biases, below);
      layer.x = x;
      x = layer.y;
    });
    return x;
  }

  // Given the loss's gradient at the n outputs, add that at the weights to `gradients`; or, of a
  // frozen network, return that at the inputs.
  backward(dy, n, frozen = false) {
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { inputs, units, below, kernel, x, y, dx, slopes } = this.layers[l];
      if (below !== 1)
        for (let i = 0; i < n * units; i++) dy[i] = y[i] > 0 ? dy[i] : below * dy[i];
      if (!frozen) {
        for (let j = 0; j < units; j++) {
          let sum = 0;
          for (let i = j * n; i < (j + 1) * n; i++) sum += dy[i];
          slopes.biases[j] = sum;
        }
        correlate(dy, units, x, inputs, n, slopes.kernel);
      }
      if (frozen || l > 0) combine(kernel, 1, units, dy, units, dx, inputs, n, null, 1);
      dy = dx;
    }
    return dy;
  }
}

// Of n samples, put sum_k kernel[k * down + j * across] x[k] and biases[j] into y[j], of what is below
// 0 that share. Two units of four samples at once take half the time of one of one, or less.
function combine(kernel, down, across, x, nIn, y, nOut, n, biases, below) {
  for (let block = 0; block < n; block += 4) {
    const i = Math.min(block, n - 4);
    for (let j = 0; j < nOut; j += 2) {
      const next = Math.min(j + 1, nOut - 1);
      let a = biases ? biases[j] : 0, b = a, c = a, d = a;
      let e = biases ? biases[next] : 0, f = e, g = e, h = e;
      for (let k = 0, w = j * across, v = next * across, from = i; k < nIn; k++, w += down, v += down, from += n) {
        const one = kernel[w], two = kernel[v];
        const p = x[from], q = x[from + 1], r = x[from + 2], s = x[from + 3];
        a += one * p; b += one * q; c += one * r; d += one * s;
        e += two * p; f += two * q; g += two * r; h += two * s;
      }
      const to = j * n + i, at = next * n + i;
      y[to] = a < 0 ? below * a : a; y[to + 1] = b < 0 ? below * b : b;
      y[to + 2] = c < 0 ? below * c : c; y[to + 3] = d < 0 ? below * d : d;
      y[at] = e < 0 ? below * e : e; y[at + 1] = f < 0 ? below * f : f;
      y[at + 2] = g < 0 ? below * g : g; y[at + 3] = h < 0 ? below * h : h;
    }
  }
}

// Put the sums over n samples of dy[j] x[k] into kernel[k * units + j]. Two by two, as above.
function correlate(dy, units, x, inputs, n, kernel) {
  for (let j = 0; j < units; j += 2) {
    const nextJ = Math.min(j + 1, units - 1);
    for (let k = 0; k < inputs; k += 2) {
      const nextK = Math.min(k + 1, inputs - 1);
      let a = 0, b = 0, c = 0, d = 0;
      for (let i = 0, p = j * n, q = nextJ * n, r = k * n, s = nextK * n; i < n; i++, p++, q++, r++, s++) {
        a += dy[p] * x[r]; b += dy[p] * x[s];
        c += dy[q] * x[r]; d += dy[q] * x[s];
      }
      kernel[k * units + j] = a; kernel[nextK * units + j] = b;
      kernel[k * units + nextJ] = c; kernel[nextK * units + nextJ] = d;
    }
  }
}

// Adam as Keras has it (Kingma and Ba 2015, with epsilon outside of the square root).
class Adam {
  constructor(count, [beta1, beta2]) {
    Object.assign(this, { beta1, beta2, steps: 0 });
    this.m = new Float64Array(count);
    this.v = new Float64Array(count);
  }
  step({ weights, gradients }, rate) {
    const { beta1, beta2, m, v } = this, t = ++this.steps;
    // Keras takes the powers of numbers that it has rounded to float32, whatever it computes in.
    const [power1, power2] = [beta1, beta2].map(beta => Math.fround(beta) ** t);
    const alpha = rate * Math.sqrt(1 - power2) / (1 - power1);
    for (let i = 0; i < weights.length; i++) {
      m[i] += (1 - beta1) * (gradients[i] - m[i]);
      v[i] += (1 - beta2) * (gradients[i] ** 2 - v[i]);
      weights[i] -= alpha * m[i] / (Math.sqrt(v[i]) + 1e-7);
    }
    gradients.fill(0);
  }
}

// Both networks and what trains them. Settings: recipe, gRate, dRate, critic (steps of D for one
// of G), batch, latent, gHidden, dHidden, updates (over which the rates of "stable" fall), frozen.
class Training {
  // `source` has draw(n, random) in its own coordinates, and centre and halfRange, [x, y].
  constructor(settings, source, seed) {
    this.settings = settings;
    this.source = source;
    this.random = new Random(seed);
    this.stable = settings.recipe === "stable";
    this.leaky = this.stable && !source.curve;  // as `define_models` has them
    this.d = new Network([2, ...settings.dHidden, 1], this.leaky);
    this.g = new Network([settings.latent, ...settings.gHidden, 2], this.leaky);
    for (const network of [this.d, this.g]) {
      network.initialize(this.random, this.stable);
      network.adam = new Adam(network.weights.length, this.stable ? [0, 0.99] : [0.9, 0.999]);
    }
    this.update = 0;
    this.drawn = null;  // of an update of which D has made its steps, and G not
  }

  // The networks of "stable" work in coordinates in which the samples fill [-1, 1] on both axes.
  inward(samples) { return this.stable ? scaled(samples, this.source) : samples; }
  outward(samples) { return this.stable ? unscaled(samples, this.source) : samples; }

  // What one update draws: `critic` half batches of real samples and of latent points for D, and a
  // batch of latent points for G.
  draw() {
    const { batch, latent, critic } = this.settings, half = Math.floor(batch / 2);
    const times = Array.from({ length: this.stable ? 1 : critic });
    return {
      real: times.map(() => this.inward(this.source.draw(half, this.random))),
      fakeLatent: times.map(() => this.random.normals(half * latent)),
      ganLatent: this.random.normals(batch * latent),
    };
  }

  // Make one update, or, of one, the steps of D or that of G alone. Losses are from before the step.
  dSteps(drawn = this.draw()) {
    this.drawn = drawn;
    this.losses = this.stable ? this.dStepOfPairs(drawn) : this.dStepsOfLabels(drawn);
  }
  gStep(drawn = this.drawn ?? this.draw()) {
    const { batch } = this.settings, { ganLatent, real } = drawn;
    const fake = this.g.forward(ganLatent, batch);
    this.losses = { ...this.drawn && this.losses };  // without D's where it made no step
    this.losses.g_loss = this.stable ? this.gLossOfPairs(real[0], fake) : this.gLossOfLabels(fake);
    this.g.adam.step(this.g, this.rate(this.g));
    this.drawn = null;
    this.update++;
  }
  makeUpdate(drawn) {
    this.dSteps(drawn);
    this.gStep();
  }

  // The learning rate of a network: by "stable" a cosine from the given one to 0, and of D to half.
  rate(network) {
    const start = network === this.g ? this.settings.gRate : this.settings.dRate;
    if (!this.stable) return start;
    const share = Math.min(network.adam.steps / this.settings.updates, 1);
    const end = network === this.g ? 0 : 0.5;
    return start * ((1 - end) * (1 + Math.cos(Math.PI * share)) / 2 + end);
  }

  stepOfD() {
    if (this.settings.frozen) this.d.gradients.fill(0);
    else this.d.adam.step(this.d, this.rate(this.d));
  }

  // "tutorial": cross-entropy, real and fake samples in a step of their own each.
  dStepsOfLabels({ real, fakeLatent }) {
    const half = Math.floor(this.settings.batch / 2), n = real.length;
    const losses = { d_loss_real: 0, d_loss_fake: 0 };
    for (let i = 0; i < n; i++) {
      const fake = this.g.forward(fakeLatent[i], half);
      [[real[i], 1, "d_loss_real"], [fake, 0, "d_loss_fake"]].forEach(([samples, label, name]) => {
        const [loss, slopes] = this.crossEntropy(this.d.forward(samples, half), half, label);
        this.d.backward(slopes, half);
        this.stepOfD();
        losses[name] += loss / n;
      });
    }
    return losses;
  }
  gLossOfLabels(fake) {
    const { batch } = this.settings;
    const [loss, slopes] = this.crossEntropy(this.d.forward(fake, batch), batch, 1);
    this.g.backward(this.d.backward(slopes, batch, true), batch);
    return loss;
  }

  // Return the mean of -log p(label), p = sigmoid(score), and its gradient at the scores. As Keras
  // has it on TensorFlow, from the scores, so that no probability is too near to 0.
  crossEntropy(scores, n, label) {
    const slopes = this.slopes(n);
    let loss = 0;
    for (let i = 0; i < n; i++) {
      loss += softplus(label ? -scores[i] : scores[i]) / n;
      slopes[i] = (sigmoid(scores[i]) - label) / n;
    }
    return [loss, slopes];
  }

  // "stable": scores compared in pairs, and a penalty on their gradient, by differences.
  dStepOfPairs({ real: [real], fakeLatent: [latent] }) {
    const half = Math.floor(this.settings.batch / 2), n = 2 * half;
    const fake = this.g.forward(latent, half), points = new Float64Array(6 * n);
    for (let axis = 0; axis < 2; axis++) {
      const at = axis * 3 * n;  // the points themselves, then a step along x, then along y
      points.set(real.subarray(axis * half, (axis + 1) * half), at);
      points.set(fake.subarray(axis * half, (axis + 1) * half), at + half);
      for (let i = 0; i < n; i++)
        for (let k = 0; k < 2; k++)
          points[at + (k + 1) * n + i] = points[at + i] + (k === axis ? STEP : 0);
    }
    const scores = this.d.forward(points, 3 * n), slopes = this.slopes(3 * n);
    let loss = this.compare(scores, half, half, slopes, 1);
    for (let axis = 1; axis < 3; axis++)
      for (let i = 0; i < n; i++) {
        const slope = (scores[axis * n + i] - scores[i]) / STEP, d = 2 * GAMMA * slope / STEP / n;
        loss += GAMMA * slope * slope / n;
        slopes[axis * n + i] += d;
        slopes[i] -= d;
      }
    this.d.backward(slopes, 3 * n);
    this.stepOfD();
    return { d_loss: loss };
  }
  gLossOfPairs(real, fake) {
    const { batch } = this.settings, half = Math.floor(batch / 2), n = half + batch;
    const points = new Float64Array(2 * n), slopes = this.slopes(n);
    for (let axis = 0; axis < 2; axis++) {
      points.set(real.subarray(axis * half, (axis + 1) * half), axis * n);
      points.set(fake.subarray(axis * batch, (axis + 1) * batch), axis * n + half);
    }
    const loss = this.compare(this.d.forward(points, n), half, 2 * half, slopes, -1);
    const ofAll = this.d.backward(slopes, n, true), ofFakes = new Float64Array(2 * batch);
    for (let axis = 0; axis < 2; axis++)
      ofFakes.set(ofAll.subarray(axis * n + half, (axis + 1) * n), axis * batch);
    this.g.backward(ofFakes, batch);
    return loss;
  }

  // Return the mean of softplus(lower - higher) over pairs, and put its gradient into `slopes`. Of
  // the scores the first ones are of `nReal` real samples, then of `nFake` fakes; sign 1 is D's, who
  // wants real ones higher, and -1 is G's. Each is paired with one, and with those beside it.
  compare(scores, nReal, nFake, slopes, sign) {
    let loss = 0;
    for (let i = 0; i < nFake; i++)
      for (let shift = 0; shift < PAIRS; shift++) {
        // `numpy.roll` of the lower row: the lower score of pair j is number j - shift.
        const j = i % nReal, row = nReal + i - j;
        const back = (j - shift % nReal + nReal) % nReal;
        const [real, fake] = sign > 0 ? [j, row + back] : [back, nReal + i];
        const apart = sign * (scores[fake] - scores[real]), d = sign * sigmoid(apart);
        loss += softplus(apart);
        slopes[fake] += d / (PAIRS * nFake);
        slopes[real] -= d / (PAIRS * nFake);
      }
    return loss / (PAIRS * nFake);
  }

  slopes(n) {
    if (!(this.buffer?.length >= n)) this.buffer = new Float64Array(n);
    return this.buffer.fill(0, 0, n);
  }

  // All that training changes, but for half an update, to go on from in another thread.
  get state() {
    const of = ({ weights, adam: { m, v, steps } }) => ({ weights, m, v, steps });
    return { d: of(this.d), g: of(this.g), random: this.random.state, update: this.update };
  }
  set state({ d, g, random, update }) {
    for (const [network, { weights, ...adam }] of [[this.d, d], [this.g, g]]) {
      network.weights.set(weights);
      Object.assign(network.adam, adam);
    }
    this.random.state = random;
    Object.assign(this, { update, drawn: null });
  }

  // Return the scores of D, before the sigmoid, of n samples in their own coordinates.
  scores(samples, n) { return this.d.forward(this.inward(samples), n).slice(0, n); }

  // Return the samples that G makes of n latent points, in their own coordinates.
  samples(latentPoints, n) {
    return this.outward(this.g.forward(latentPoints, n).slice(0, 2 * n));
  }

  // Return where n samples are pulled: the way down G's loss at each, in D's coordinates; `real`
  // are other samples, with which scores are compared.
  pulls(samples, n, real, nReal) {
    const found = new Float64Array(n);
    const ofReal = this.stable ? this.scores(real, nReal) : [];
    this.scores(samples, n).forEach((score, i) => {
      if (!this.stable) found[i] = -(sigmoid(score) - 1);
      for (const other of ofReal) found[i] += sigmoid(other - score) / nReal;
    });
    return this.d.backward(found, n, true).slice(0, 2 * n);
  }
}

const columnwise = (samples, change) =>
  samples.map((value, i) => change(value, i < samples.length / 2 ? 0 : 1));
function scaled(samples, { centre, halfRange }) {
  return columnwise(samples, (value, axis) => (value - centre[axis]) / halfRange[axis]);
}
function unscaled(samples, { centre, halfRange }) {
  return columnwise(samples, (value, axis) => value * halfRange[axis] + centre[axis]);
}
