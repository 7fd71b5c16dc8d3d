"use strict";
// What both pages draw with: the plane with the discriminator's field and points on it, and charts.
const find = id => document.getElementById(id);
const mix = (a, b, share) => a + (b - a) * share;
// What each curve of a chart is called, its colour, and its dashes; any other is ink.
const CURVES = {
  d_loss_real: ["D on real", "real", []], d_loss_fake: ["D on fake", "fake", [5, 3]],
  d_loss: ["D", "both", [5, 3]], g_loss: ["G", "ink", [7, 2, 2, 2]],
  accuracy_real: ["on real", "real", []], accuracy_fake: ["on fake", "fake", [5, 3]],
};
// What can be drawn on the plane, from the bottom up: what it is called, and a word on it.
const LAYERS = {
  field: ["field", "What D, the discriminator, says of each point of the plane"],
  lines: ["lines", "Where D says 0.25, 0.5 and 0.75"],
  curve: ["curve", "The function"],
  map: ["G's map", "Where a grid of two of G's random numbers lands, the others being 0"],
  real: ["○ real", "Real samples"],
  pulls: ["→ pulls", "The way that each fake is pulled, where G's loss falls fastest; longer is steeper, in one picture"],
  fakes: ["× fakes", "What G makes of 100 random points, the same ones all the time"],
};
let inks, ramp, picked = null;

// A number with as many digits as matter where numbers are about as large as `size`.
function word(value, size = Math.abs(value), sign = "") {
  if (value == null) return "–";
  const digits = 2 - Math.floor(Math.log10(size || 1));
  const plain = digits > 5 || digits < -4 ? value.toExponential(2) : value.toFixed(Math.max(0, digits));
  if (Number(plain) === 0) return "0";
  return (value > 0 ? sign : "") + plain.replace("-", "−");
}

// Return what samples fall short of by the package's rule, see `Performance.shortcomings`: a list.
function shortcomings({ coverage, curve_error_share, energy_ratio }, hasCurve) {
  const found = [];
  if (coverage !== 1)
    found.push(`${Math.round(100 * (1 - coverage))} % of the ${hasCurve ? "range" : "regions"} missed`);
  if (curve_error_share > 0.05) {
    const share = word(100 * curve_error_share);
    found.push(`the curve error is ${share} % of the range of y, more than 5 %`);
  }
  if (!(energy_ratio <= 10))
    found.push(`the energy distance is ${word(energy_ratio)} times that of two real sets, more than 10`);
  return found;
}
function verdict(update, missing) {
  const said = missing.length ? `not learned: ${missing.join("; ")}.` : "learned.";
  return `At update ${update.toLocaleString("en")}: ${said}`;
}

// The measured curve errors in % of the range of y, and how a chart shows them.
const inPercent = ({ update, curve_error_share = [] }) =>
  ({ update, "curve error": curve_error_share.map(share => share === null ? null : 100 * share) });
const PERCENT = { level: 5, told: "5", why: "Mean distance from the curve, in % of the range of y. " +
  "Dotted: the most that counts as learned" };

// Make the layers' switches; `isThere` says which can be switched.
function addSwitches(names, isThere) {
  for (const name of names) {
    const [words, told] = LAYERS[name], box = document.createElement("input");
    const label = Object.assign(document.createElement("label"), { title: told }), there = isThere(name);
    Object.assign(box, { type: "checkbox", id: name, autocomplete: "off", disabled: !there });
    box.checked = there && !["pulls", "map"].includes(name);
    label.append(box, words);
    find("layers").append(label);
  }
}

// A canvas of the plane. What draws on it has the fields `grid`, `edge`, `values` (of the nodes, from
// the bottom row up), `middle`, `limit`, `centre`, `halfRange`, `nSamples` and `nCurve`, and the
// methods `real(i)`, `fake(i)`, `pull(i)` and `curve(i)`: [x, y], scaled: samples fill [-1, 1].
class Plane {
  unscaled(value, axis) { return value * this.halfRange[axis] + this.centre[axis]; }

  // Scaled coordinates as pixels of the canvas; nodes of the grid as scaled coordinates.
  pixels([x, y]) {
    const { left, right, top, bottom } = this.box, { edge } = this;
    return [mix(left, right, (x / edge + 1) / 2), mix(bottom, top, (y / edge + 1) / 2)];
  }
  nodePixels(node) {
    return this.pixels(node.map(i => this.edge * (2 * i / (this.grid - 1) - 1)));
  }

  pointAt({ offsetX, offsetY }) {
    const { left, right, top, bottom } = this.box;
    const shares = [(offsetX - left) / (right - left), (bottom - offsetY) / (bottom - top)];
    const inside = shares.every(share => share >= 0 && share <= 1);
    // The nearest node of the grid: that is where D was asked.
    this.node = inside ? shares.map(share => Math.round(share * (this.grid - 1))) : null;
  }

  nearest(x, y) {
    const found = { i: null, distance: 15 };  // what a finger hits
    for (let i = 0; i < this.nSamples; i++) {
      const [fakeX, fakeY] = this.pixels(this.fake(i));
      const distance = Math.hypot(fakeX - x, fakeY - y);
      if (distance < found.distance) Object.assign(found, { i, distance });
    }
    return found.i;
  }

  // Say in words what is pointed at and picked, and what the colours mean.
  read() {
    const signed = this.relative, told = [];
    const where = point => point.map((value, axis) =>
      `${(this.columns ?? "xy")[axis]} ${word(this.unscaled(value, axis), this.halfRange[axis])}`).join(", ");
    if (this.node) {
      const [column, row] = this.node, value = this.values[row * this.grid + column];
      const at = this.node.map(i => this.edge * (2 * i / (this.grid - 1) - 1));
      const [name, size] = signed ? ["score", this.limit / 10] : ["D", 0.01];
      told.push(`${where(at)}: ${name} ${word(value, size, signed ? "+" : "")}`);
    }
    if (picked !== null && picked < this.nSamples)
      told.push(`fake ${picked + 1} at ${where(this.fake(picked))}`);
    return told.join(" · ") || "Point at the field to read it; click a fake to follow it.";
  }
  tellColours([low, , high, means]) {
    const signed = this.relative;
    low.textContent = signed ? word(-this.limit, this.limit) : "0";
    high.textContent = signed ? word(this.limit, this.limit, "+") : "1";
    means.textContent = signed ? "score, above the real points’ mean" : "D, probability of real";
  }

  draw_field(pen) {
    const pixels = new ImageData(this.grid, this.grid), side = this.grid - 1;
    this.values.forEach((value, i) => {
      const share = Math.min(1, Math.max(0, 0.5 + (value - this.middle) / (2 * this.limit || 1)));
      const row = side - Math.floor(i / this.grid);  // an image begins with its top row
      pixels.data.set(ramp[Math.round(255 * share)], 4 * (row * this.grid + i % this.grid));
    });
    this.image.getContext("2d").putImageData(pixels, 0, 0);
    const { left, right, top, bottom } = this.box;
    // The outer nodes lie on the edges: half of their pixels is outside.
    pen.drawImage(this.image, 0.5, 0.5, side, side, left, top, right - left, bottom - top);
  }

  draw_lines(pen) {
    for (const [level, width, dashes] of [[0.25, 1, [2, 3]], [0.5, 1.8, []], [0.75, 1, [6, 3]]])
      stroke(pen, "ink", width, dashes, () => {
        for (let row = 0; row < this.grid - 1; row++)
          for (let column = 0; column < this.grid - 1; column++) this.cross(pen, level, column, row);
      });
  }

  // The part in one cell of the grid of the line on which the field is `level`.
  cross(pen, level, column, row) {
    const { values, grid } = this, k = row * grid + column, below = values[k] < level;
    // Nearly all cells have the line not in them: to see that first is ten times as fast.
    if (values[k + 1] < level === below && values[k + grid] < level === below &&
      values[k + grid + 1] < level === below) return;
    const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => [column + x, row + y]);
    const above = corners.map(([x, y]) => values[y * grid + x] - level);
    let drawing = false;
    corners.forEach((corner, i) => {
      const j = (i + 1) % 4;
      if (above[i] < 0 === above[j] < 0) return;
      const share = above[i] / (above[i] - above[j]);
      const at = this.nodePixels(corner.map((value, axis) => mix(value, corners[j][axis], share)));
      pen[drawing ? "lineTo" : "moveTo"](...at);
      drawing = !drawing;
    });
  }

  draw_real(pen) {
    stroke(pen, "real", 1.2, [], () => {
      for (let i = 0; i < this.nSamples; i++) circle(pen, ...this.pixels(this.real(i)), 3);
    });
  }

  draw_fakes(pen) {
    const { left, right, top, bottom } = this.box;
    // What is outside is drawn at the edge, and counted.
    const inside = ([x, y]) =>
      [Math.min(Math.max(x, left + 4), right - 4), Math.min(Math.max(y, top + 4), bottom - 4)];
    stroke(pen, "fake", 1.5, [], () => {
      for (let i = 0; i < this.nSamples; i++) {
        const [x, y] = inside(this.pixels(this.fake(i)));
        polyline(pen, [[x - 3, y - 3], [x + 3, y + 3]]);
        polyline(pen, [[x - 3, y + 3], [x + 3, y - 3]]);
      }
    });
    const outside = this.countOutside();
    Object.assign(pen, { fillStyle: inks.fake, textAlign: "right" });
    if (outside) pen.fillText(`${outside} × outside`, right - 12, bottom - 12);
  }

  draw_pulls(pen) {
    stroke(pen, "ink", 1, [], () => {
      for (let i = 0; i < this.nSamples; i++) {
        const from = this.fake(i), pull = this.pull(i);
        const start = this.pixels(from), [x, y] = this.pixels(from.map((value, a) => value + pull[a]));
        const [dx, dy] = [(x - start[0]) / 4, (y - start[1]) / 4];
        polyline(pen, [start, [x, y], [x - dx - dy, y - dy + dx]]);
        polyline(pen, [[x, y], [x - dx + dy, y - dy - dx]]);
      }
    });
  }

  // How many fakes are outside of the plane shown.
  countOutside() {
    const isOutside = i => this.fake(i).some(value => !(Math.abs(value) <= this.edge));
    return Array.from({ length: this.nSamples }, (_, i) => i).filter(isOutside).length;
  }

  draw_curve(pen) {
    const points = Array.from({ length: this.nCurve }, (_, i) => this.curve(i));
    stroke(pen, "ink", 1.2, [], () => polyline(pen, points.map(point => this.pixels(point))));
  }
}

// Curves over the updates, and their numbers at the cursor. `lists` has the updates and, by name,
// the values there; `seek` is called with the update that is clicked at; `changes` are updates at
// which a setting was changed.
class Chart {
  constructor(title, lists, names, { level, told, why = "", low, high, zoom, seek, changes = [] } = {}) {
    const [figure, caption] = ["figure", "figcaption"].map(tag => document.createElement(tag));
    this.canvas = document.createElement("canvas");
    this.canvas.role = "img";
    this.canvas.ariaLabel = `${title} over the updates`;
    caption.append(title + (told ? ` (dotted: ${told})` : ""));
    this.spans = names.map(name => {
      const span = document.createElement("span");
      span.style.color = `var(--${CURVES[name]?.[1] ?? "ink"})`;
      caption.append(span);
      return span;
    });
    this.when = document.createElement("span");
    caption.append(this.when);
    figure.title = why;
    figure.append(caption, this.canvas);
    Object.assign(this, { title, lists, names, level, zoom, figure, changes, ends: { low, high } });
    this.canvas.onpointerdown = this.canvas.onpointermove = event => {
      const { left, right } = this.box;
      if (event.buttons) seek?.(this.end * (event.offsetX - left) / (right - left));
    };
    this.fit();
  }

  // Choose the heights that are shown: from 0, or where the values are if that is to be seen.
  fit() {
    const values = this.names.flatMap(name => this.lists[name]).filter(value => value !== null);
    values.sort((a, b) => a - b);
    const [least, most] = [0.01, 0.99].map(share => values[Math.round(share * (values.length - 1))] ?? 0);
    const margin = (most - least) / 8;
    const [bottom, top] = [Math.min(least, this.level ?? least), Math.max(most, this.level ?? most)];
    this.low = this.ends.low ?? (this.zoom ? Math.max(bottom - margin, Math.min(0, bottom)) : Math.min(0, 1.1 * (values[0] ?? 0)));
    // What is far above all others is at the top.
    this.high = this.ends.high ?? (this.zoom ? top + margin : 1.15 * Math.max(
      Math.min(values.at(-1) ?? 0, 2 * most), this.level ?? 0));
    if (!(this.high > this.low)) this.high = this.low + 1;
  }

  draw(update, end) {
    const { low, high, lists } = this, pen = blank(this.canvas, this);
    const { left, right, top, bottom } = this.box;
    const x = value => mix(left, right, value / (end || 1));
    const y = value => mix(bottom, top, Math.min(1, (value - low) / (high - low)));  // or at the top
    const size = Math.max(Math.abs(low), Math.abs(high));
    this.end = end;
    drawAxes(pen, this, [[0, "0", word(low, size)], [1, end.toLocaleString("en"), word(high, size)]]);
    pen.beginPath();
    pen.rect(left - 3, top - 3, right - left + 6, bottom - top + 6);
    pen.clip();
    const segment = (...ends) => () => polyline(pen, ends);
    if (this.level)
      stroke(pen, "quiet", 1, [2, 3], segment([left, y(this.level)], [right, y(this.level)]));
    for (const at of this.changes)
      stroke(pen, "quiet", 1, [1, 2], segment([x(at), top], [x(at), bottom]));
    const soFar = lists.update.findLastIndex(value => value <= update), at = lists.update[soFar];
    this.when.textContent = at < update ? `at ${at.toLocaleString("en")}` : "";
    this.names.forEach((name, i) => {
      const [label, colour, dashes] = CURVES[name] ?? [name, "ink", []];
      const points = lists.update.map((at, k) => [x(at), lists[name][k]])
        .filter(([, value]) => value !== null).map(([at, value]) => [at, y(value)]);
      stroke(pen, colour, 1.3, dashes, () => polyline(pen, points));
      if (points.length <= 20)  // evaluations: where they were is to be seen
        stroke(pen, colour, 2, [], () => points.forEach(([x, y]) => circle(pen, x, y, 1.5)));
      this.spans[i].textContent = `${this.names.length > 1 ? label : ""} ${word(lists[name][soFar])}`;
    });
    stroke(pen, "path", 1.5, [], segment([x(update), top], [x(update), bottom]));
  }
}

// Return the pen of an emptied canvas, as fine as the screen; give `owner` the box of its axes.
function blank(canvas, owner) {
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  owner.box = { left: 62, right: width - 6, top: 6, bottom: height - 20 };
  const pen = canvas.getContext("2d");
  pen.scale(devicePixelRatio, devicePixelRatio);
  return pen;
}

function stroke(pen, ink, width, dashes, trace) {
  pen.beginPath();
  trace();
  pen.strokeStyle = inks[ink];
  pen.lineWidth = width;
  pen.setLineDash(dashes);
  pen.stroke();
}

function polyline(pen, points) {
  points.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](...point));
}

function circle(pen, x, y, radius) {
  pen.moveTo(x + radius, y);
  pen.arc(x, y, radius, 0, 7);
}

// A frame, and words at shares of its width and height: [share, of x, of y].
function drawAxes(pen, { box: { left, right, top, bottom } }, marks) {
  stroke(pen, "line", 1, [], () => pen.rect(left, top, right - left, bottom - top));
  pen.fillStyle = inks.quiet;
  pen.font = "11px system-ui, sans-serif";
  for (const [share, xWord, yWord] of marks) {
    pen.textAlign = share < 1 ? "center" : "right";
    pen.fillText(xWord, mix(left, right, share), bottom + 14);
    pen.textAlign = "right";
    pen.fillText(yWord, left - 5, mix(bottom, top, share) + 4);
  }
}

// The style sheet's colours, light or dark: of lines, and 256 of the field.
function readColours() {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(`--${name}`).trim();
  const names = ["ink", "quiet", "line", "real", "fake", "both", "path"];
  inks = Object.fromEntries(names.map(name => [name, colour(name)]));
  const [low, middle, high] = ["low", "middle", "high"].map(name =>
    [1, 3, 5].map(i => parseInt(colour(name).slice(i, i + 2), 16)));
  ramp = Array.from({ length: 256 }, (_, i) => {
    const [from, to, share] = i < 128 ? [low, middle, i / 127.5] : [middle, high, i / 127.5 - 1];
    return [...from.map((value, part) => mix(value, to[part], share)), 255];
  });
}

// Draw by the colours of the screen, light or dark, and again when they change.
function useColours(draw) {
  readColours();
  matchMedia("(prefers-color-scheme: dark)").onchange = () => { readColours(); draw(); };
}

// Do what `keys` says of a key, but for those that `fields` (a selector) have a use for themselves.
function answerKeys(keys, fields) {
  document.onkeydown = event => {
    const { target, key } = event;
    if (!(key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.matches(fields) || (key === " " && target.matches("button, [type=checkbox]"))) return;
    event.preventDefault();
    keys[key]();
  };
}
