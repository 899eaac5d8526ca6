// SHA-256 and SHA-512 (FIPS 180-4), fed in pieces. Also what a worker is made of, so it needs nothing but itself.
"use strict";

// The first 32 or 64 bits of the fractional parts of square and cube roots of the first primes (4.2.2, 4.2.3, 5.3.3, 5.3.5).
const FRACTIONS = (() => {
  const primes = [];
  for (let n = 2; primes.length < 80; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
  const root = (value, degree) => {
    let low = 0n, high = 1n << 80n;
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** degree <= value) low = middle; else high = middle - 1n;
    }
    return low & ((1n << 64n) - 1n);
  };
  return {
    start: primes.slice(0, 8).map((prime) => root(BigInt(prime) << 128n, 2n)),
    rounds: primes.map((prime) => root(BigInt(prime) << 192n, 3n)),
  };
})();
const highs = (values) => Int32Array.from(values, (value) => Number(value >> 32n) | 0);
const lows = (values) => Int32Array.from(values, (value) => Number(value & 0xffffffffn) | 0);
const START_HIGH = highs(FRACTIONS.start), START_LOW = lows(FRACTIONS.start);
const ROUND_HIGH = highs(FRACTIONS.rounds), ROUND_LOW = lows(FRACTIONS.rounds);

// What both have in common: blocks, and the length at the end.
class Hash {
  constructor(block, lengthOctets) {
    this.block = new Uint8Array(block);
    this.lengthOctets = lengthOctets;
    this.filled = 0;
    this.length = 0;
  }

  update(octets) {
    const size = this.block.length;
    let at = 0;
    this.length += octets.length;
    if (this.filled) {
      const taken = Math.min(size - this.filled, octets.length);
      this.block.set(octets.subarray(0, taken), this.filled);
      this.filled += taken;
      at = taken;
      if (this.filled < size) return this;
      this.blocks(this.block, 0, size);
      this.filled = 0;
    }
    const whole = octets.length - ((octets.length - at) % size);
    this.blocks(octets, at, whole);
    this.block.set(octets.subarray(whole), 0);
    this.filled = octets.length - whole;
    return this;
  }

  digest() {
    const size = this.block.length, length = this.length;
    const blanks = (size - ((this.filled + this.lengthOctets) % size)) % size;
    const padding = new Uint8Array(blanks + this.lengthOctets);
    padding[0] = 0x80;
    // A file has fewer than 2^53 octets, so its bits do not fit into 53 bits: two halves.
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(padding.length - 4, (length * 8) >>> 0);
    this.update(padding);
    return this.state();
  }
}

class Sha256 extends Hash {
  constructor() {
    super(64, 9);
    this.words = new Int32Array(64);
    this.h = START_HIGH.slice();
  }

  blocks(octets, from, until) {
    const w = this.words, h = this.h, k = ROUND_HIGH;
    for (let at = from; at < until; at += 64) {
      for (let i = 0, p = at; i < 16; i += 1, p += 4) {
        w[i] = (octets[p] << 24) | (octets[p + 1] << 16) | (octets[p + 2] << 8) | octets[p + 3];
      }
      for (let i = 16; i < 64; i += 1) {
        const x = w[i - 15], y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], z = h[7];
      for (let i = 0; i < 64; i += 1) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (z + s1 + (g ^ (e & (f ^ g))) + k[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
        z = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += z;
    }
  }

  state() {
    const out = new Uint8Array(32), view = new DataView(out.buffer);
    this.h.forEach((word, i) => view.setInt32(4 * i, word));
    return out;
  }
}

// 64-bit words as two halves: BigInt would be fifty times slower.
class Sha512 extends Hash {
  constructor() {
    super(128, 17);
    this.wh = new Int32Array(80);
    this.wl = new Int32Array(80);
    this.hh = START_HIGH.slice();
    this.hl = START_LOW.slice();
  }

  blocks(octets, from, until) {
    const { wh, wl, hh, hl } = this, kh = ROUND_HIGH, kl = ROUND_LOW;
    for (let at = from; at < until; at += 128) {
      for (let i = 0, p = at; i < 16; i += 1, p += 8) {
        wh[i] = (octets[p] << 24) | (octets[p + 1] << 16) | (octets[p + 2] << 8) | octets[p + 3];
        wl[i] = (octets[p + 4] << 24) | (octets[p + 5] << 16) | (octets[p + 6] << 8) | octets[p + 7];
      }
      for (let i = 16; i < 80; i += 1) {
        const xh = wh[i - 15], xl = wl[i - 15], yh = wh[i - 2], yl = wl[i - 2];
        const ah = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
        const al = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
        const bh = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
        const bl = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
        const low = (wl[i - 16] >>> 0) + (al >>> 0) + (wl[i - 7] >>> 0) + (bl >>> 0);
        wl[i] = low | 0;
        wh[i] = (wh[i - 16] + ah + wh[i - 7] + bh + ((low / 0x100000000) | 0)) | 0;
      }
      let ah = hh[0], bh = hh[1], ch = hh[2], dh = hh[3], eh = hh[4], fh = hh[5], gh = hh[6], zh = hh[7];
      let al = hl[0], bl = hl[1], cl = hl[2], dl = hl[3], el = hl[4], fl = hl[5], gl = hl[6], zl = hl[7];
      for (let i = 0; i < 80; i += 1) {
        const sh = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
        const sl = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
        const low1 = (zl >>> 0) + (sl >>> 0) + ((gl ^ (el & (fl ^ gl))) >>> 0) + (kl[i] >>> 0) + (wl[i] >>> 0);
        const th = (zh + sh + (gh ^ (eh & (fh ^ gh))) + kh[i] + wh[i] + ((low1 / 0x100000000) | 0)) | 0, tl = low1 | 0;
        const uh = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
        const ul = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
        const low2 = (ul >>> 0) + (((al & bl) | (cl & (al | bl))) >>> 0);
        const vh = (uh + ((ah & bh) | (ch & (ah | bh))) + ((low2 / 0x100000000) | 0)) | 0, vl = low2 | 0;
        zh = gh; zl = gl; gh = fh; gl = fl; fh = eh; fl = el;
        const low3 = (dl >>> 0) + (tl >>> 0);
        eh = (dh + th + ((low3 / 0x100000000) | 0)) | 0; el = low3 | 0;
        dh = ch; dl = cl; ch = bh; cl = bl; bh = ah; bl = al;
        const low4 = (tl >>> 0) + (vl >>> 0);
        ah = (th + vh + ((low4 / 0x100000000) | 0)) | 0; al = low4 | 0;
      }
      const news = [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, zh, zl];
      for (let i = 0; i < 8; i += 1) {
        const low = (hl[i] >>> 0) + (news[2 * i + 1] >>> 0);
        hl[i] = low | 0;
        hh[i] = (hh[i] + news[2 * i] + ((low / 0x100000000) | 0)) | 0;
      }
    }
  }

  state() {
    const out = new Uint8Array(64), view = new DataView(out.buffer);
    for (let i = 0; i < 8; i += 1) { view.setInt32(8 * i, this.hh[i]); view.setInt32(8 * i + 4, this.hl[i]); }
    return out;
  }
}

const HASHES = { sha256: Sha256, sha512: Sha512 };
const hexOf = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");

// In a worker: a name begins a digest, pieces feed it, null ends it.
if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  let hash = null;
  self.onmessage = ({ data }) => {
    if (typeof data === "string") hash = new HASHES[data]();
    else if (data === null) self.postMessage(hexOf(hash.digest()));
    else { hash.update(new Uint8Array(data)); self.postMessage(null); }
  };
}
