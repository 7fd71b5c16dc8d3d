"use strict";
// What both pages that train compute and draw with.

const sigmoid = s => 1 / (1 + Math.exp(-s));
const softplus = s => Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s)));

// Random numbers from a seed by Mulberry32 (Ettinger 2017), normal ones by Box and Muller 1958.
class Random {
  constructor(seed) { this.state = seed >>> 0; }
  uniform(low = 0, high = 1) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return low + (high - low) * ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  normals(n) {
    const found = new Float64Array(n);
    for (let i = 0; i < n; i += 2) {
      const r = Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      found[i] = r * Math.cos(angle);
      if (i + 1 < n) found[i + 1] = r * Math.sin(angle);
    }
    return found;
  }
  below(n) { return Math.floor(this.uniform(0, n)); }
}
