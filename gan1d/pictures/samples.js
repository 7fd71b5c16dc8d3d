"use strict";
// What real samples come from, and how far fakes are from them: as `functions.py` and `measures.py`
// have it. Of n samples an array has all x, then all y.

const FUNCTIONS = ["sin", "cos", "tan", "exp", "log", "sqrt", "abs", "sign", "floor"];
const CONSTANTS = { pi: Math.PI, "π": Math.PI, e: Math.E };

// Return a formula of x as a function and as Python, { f, python }. It is read here, and never run
// as a program: it may come from a link. What cannot be read is an Error that says where.
function readFormula(text) {
  const marks = text.toLowerCase().replaceAll("**", "^").replaceAll("²", "^2").replaceAll("³", "^3")
    .match(/\d*\.?\d+(?:e[+-]?\d+)?|[a-z]+|\S/g) ?? [];
  let at = 0;
  const fail = () => {
    const found = at < marks.length ? `at “${marks.slice(at).join("")}”` : "at its end";
    throw new Error(`The formula cannot be read ${found}. It may have x, numbers, pi, e, + - * / ^ and ` +
      `brackets, and ${FUNCTIONS.join(", ")}, as in sin(2x).`);
  };
  const take = mark => marks[at] === mark && ++at > 0;
  const binary = (left, sign, right) => ({
    f: { "+": x => left.f(x) + right.f(x), "-": x => left.f(x) - right.f(x),
      "*": x => left.f(x) * right.f(x), "/": x => left.f(x) / right.f(x),
      "^": x => left.f(x) ** right.f(x) }[sign],
    python: `(${left.python} ${sign === "^" ? "**" : sign} ${right.python})`,
  });

  function terms() {
    let left = product();
    while (["+", "-"].includes(marks[at])) left = binary(left, marks[at++], product());
    return left;
  }
  function product() {
    let left = signed();
    for (;;) {
      if (["*", "/"].includes(marks[at])) left = binary(left, marks[at++], signed());
      else if (/^[a-zπ(]/.test(marks[at] ?? "")) left = binary(left, "*", power());  // as in 2x
      else return left;
    }
  }
  function signed() {
    if (take("+")) return signed();
    if (!take("-")) return power();
    const { f, python } = signed();
    return { f: x => -f(x), python: `(-${python})` };
  }
  function power() {
    const base = atom();
    return take("^") ? binary(base, "^", signed()) : base;
  }
  function atom() {
    const mark = marks[at] ?? "";
    if (take("(")) {
      const inner = terms();
      return take(")") ? inner : fail();
    }
    if (take("|")) {
      const { f, python } = terms();
      return take("|") ? { f: x => Math.abs(f(x)), python: `np.abs(${python})` } : fail();
    }
    if (take("x")) return { f: x => x, python: "x" };
    if (/^[\d.]/.test(mark) && isFinite(mark)) {
      at++;
      return { f: () => Number(mark), python: mark };
    }
    if (Object.hasOwn(CONSTANTS, mark)) {
      at++;
      return { f: () => CONSTANTS[mark], python: `np.${mark === "e" ? "e" : "pi"}` };
    }
    if (!FUNCTIONS.includes(mark) || !["(", "|"].includes(marks[at + 1])) fail();
    at++;
    const { f, python } = atom();
    return { f: x => Math[mark](f(x)), python: `np.${mark}(${python})` };
  }

  const found = terms();
  return at < marks.length ? fail() : found;
}

// A source of samples: draw(n, random), and what networks are scaled by, from rows of samples: of a
// function their middle and half their range, of others their mean and two standard deviations.
// `curve`, of a function without noise, is { f, low, high }.
class Source {
  constructor(draw, rows = draw(1001, new Random(0)), curve = null, isFunction = false) {
    Object.assign(this, { draw, curve });
    const n = rows.length / 2;
    const scales = [0, 1].map(axis => {
      const column = rows.subarray(axis * n, (axis + 1) * n), mean = sum(column) / n;
      const [low, high] = [Math.min(...column), Math.max(...column)];
      if (![low, high].every(value => Math.abs(value) <= LARGEST))
        throw new Error("Some samples are no numbers, or too large: choose another range of x.");
      if (isFunction) return [(low + high) / 2, (high - low) / 2 || 1];
      return [mean, 2 * Math.sqrt(sum(column.map(value => (value - mean) ** 2)) / n) || 1];
    });
    this.centre = scales.map(([centre]) => centre);
    this.halfRange = scales.map(([, halfRange]) => halfRange);
  }
}
const LARGEST = 1e30;  // of what networks are scaled by, as in `samples.py`
const sum = values => values.reduce((total, value) => total + value, 0);

function ofCurve(f, low, high, noise) {
  const at = xs => {
    const samples = new Float64Array(2 * xs.length);
    samples.set(xs);
    xs.forEach((x, i) => { samples[xs.length + i] = f(x); });
    return samples;
  };
  const noisy = (samples, random) => {
    const n = samples.length / 2;
    if (noise) random.normals(n).forEach((z, i) => { samples[n + i] += noise * z; });
    return samples;
  };
  const grid = Float64Array.from({ length: 1001 }, (_, i) => low + (high - low) * i / 1000);
  const draw = (n, random) =>
    noisy(at(Float64Array.from({ length: n }, () => random.uniform(low, high))), random);
  // With noise there is no curve to hold samples against.
  return new Source(draw, noisy(at(grid), new Random(0)), noise ? null : { f, low, high }, true);
}

function ofRing(noise) {
  return new Source((n, random) => inPairs(n, () => {
    const angle = random.uniform(0, 2 * Math.PI), [z] = random.normals(1);
    return [Math.cos(angle), Math.sin(angle)].map(value => (1 + noise * z) * value);
  }));
}

function ofMoons(noise) {
  return new Source((n, random) => inPairs(n, () => {
    const angle = random.uniform(0, Math.PI), [u, v] = random.normals(2);
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const other = random.uniform() < 0.5;
    return [(other ? 1 - x : x) + noise * u, (other ? 0.5 - y : y) + noise * v];
  }));
}

function ofPoints(points) {
  if (points.length < 2) throw new Error("Draw points on the plane: press, and move.");
  const draw = (n, random) => inPairs(n, () => points[random.below(points.length)]);
  return new Source(draw, inPairs(points.length, i => points[i]));
}

function inPairs(n, pair) {
  const samples = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) [samples[i], samples[n + i]] = pair(i);
  return samples;
}

const BINS = 20, MEASURED = 2000;  // N_BINS and N_MEASURED
const LEAST_FREQUENT = 0.25, LEAST_DISTANCE = 1e-4;

// Return the energy distance of samples: of both columns, or of one alone.
function energyDistance(one, other, axes) {
  const distances = (a, b) => {
    const n = a.length / 2, m = b.length / 2, both = axes.length > 1, from = axes[0];
    let total = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        const d = a[from * n + i] - b[from * m + j], e = both ? a[n + i] - b[m + j] : 0;
        total += both ? Math.sqrt(d * d + e * e) : Math.abs(d);
      }
    return total;
  };
  const n = one.length / 2, m = other.length / 2;
  const within = (samples, n) => distances(samples, samples) / (n * (n - 1));
  return 2 * distances(one, other) / (n * m) - within(one, n) - within(other, m);
}

// Of a source, what measures need to know once: cells of k-means, and what real sets are apart.
class Measures {
  constructor(source) {
    this.source = source;
    this.parts = source.curve ? [[0, 1]] : [[0, 1], [0], [1]];
    const random = new Random(0), apart = this.parts.map(() => []);
    for (let i = 0; i < 400; i++) {
      const [one, other] = [0, 1].map(() => scaled(source.draw(100, random), source));
      this.parts.forEach((axes, k) => apart[k].push(energyDistance(one, other, axes)));
    }
    this.apart = apart.map(found => Math.max(
      found.sort((a, b) => a - b)[359] * 100 / MEASURED, LEAST_DISTANCE));
    if (!source.curve) this.findCells(random);
  }

  findCells(random) {
    const rows = scaled(this.source.draw(2000, random), this.source), n = rows.length / 2;
    const row = i => [rows[i], rows[n + i]];
    this.means = [row(0)];
    while (this.means.length < BINS) {  // far from each other: k-means++
      const squares = Array.from({ length: n }, (_, i) =>
        Math.min(...this.means.map(mean => Math.hypot(rows[i] - mean[0], rows[n + i] - mean[1]) ** 2)));
      let left = random.uniform(0, sum(squares));
      if (left === 0) break;  // there are no more different ones
      this.means.push(row(squares.findIndex(square => (left -= square) < 0)));
    }
    for (let round = 0; round < 20; round++) {
      const cells = this.cellsOf(rows);
      this.means = this.means.map((mean, c) => {
        const inside = [...cells.keys()].filter(i => cells[i] === c);
        if (!inside.length) return mean;
        return [0, 1].map(axis => sum(inside.map(i => row(i)[axis])) / inside.length);
      });
    }
    this.shares = this.counts(rows).map(count => count / n);
  }
  cellsOf(samples) {
    const n = samples.length / 2;
    return Array.from({ length: n }, (_, i) => {
      const away = this.means.map(([x, y]) => (samples[i] - x) ** 2 + (samples[n + i] - y) ** 2);
      return away.indexOf(Math.min(...away));
    });
  }
  counts(samples) {
    const counts = this.means.map(() => 0);
    for (const cell of this.cellsOf(samples)) if (cell >= 0) counts[cell]++;
    return counts;
  }

  coverage(fake) {
    const { curve } = this.source, n = fake.length / 2;
    if (curve) {
      const bins = new Set(), { low, high } = curve;
      for (let i = 0; i < n; i++)
        if (fake[i] >= low && fake[i] <= high)
          bins.add(Math.min(Math.floor(BINS * (fake[i] - low) / (high - low)), BINS - 1));
      return bins.size / BINS;
    }
    const counts = this.counts(scaled(fake, this.source));
    const large = [...this.shares.keys()].filter(c => 2 * this.means.length * this.shares[c] >= 1);
    return large.filter(c => counts[c] / n >= LEAST_FREQUENT * this.shares[c]).length / large.length;
  }

  // Return the measures of fakes, MEASURED real samples beside them, and what they fall short of.
  of(fake, real) {
    const { source } = this, { curve } = source, n = fake.length / 2;
    const [scaledFake, scaledReal] = [fake, real].map(samples => scaled(samples, source));
    const energy_ratio = Math.max(...this.parts.map((axes, k) =>
      energyDistance(scaledFake, scaledReal, axes) / this.apart[k]));
    const coverage = this.coverage(fake);
    let curve_error = null;
    if (curve) {
      curve_error = 0;
      for (let i = 0; i < n; i++)
        curve_error += Math.abs(
          fake[n + i] - curve.f(Math.min(Math.max(fake[i], curve.low), curve.high))) / n;
    }
    const found = { coverage, curve_error, energy_ratio };
    found.curve_error_share = curve && curve_error / (2 * source.halfRange[1]);
    return { ...found, missing: shortcomings(found, curve !== null) };
  }
}
