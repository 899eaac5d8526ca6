// Signatures: Ed25519 (RFC 8032), ECDSA on P-256 with SHA-256 (FIPS 186-5) and RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017).
// Only verifying, of what is public: so nothing here needs to take the same time whatever it is given.
"use strict";

const modulo = (a, m) => { const rest = a % m; return rest < 0n ? rest + m : rest; };
function power(base, exponent, m) {
  let out = 1n, factor = modulo(base, m);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) out = (out * factor) % m;
    factor = (factor * factor) % m;
  }
  return out;
}
// m is a prime.
const inverse = (a, m) => power(a, m - 2n, m);

const Q = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * inverse(121666n, Q), Q), ROOT = power(2n, (Q - 1n) / 4n, Q);
const ZERO = [0n, 1n, 1n, 0n];
const BASE = (() => { const y = (4n * inverse(5n, Q)) % Q, x = edwardsX(y, 0n); return [x, y, 1n, (x * y) % Q]; })();

// RFC 8032, 5.1.3; null where there is no such point.
function edwardsX(y, sign) {
  const square = modulo((y * y - 1n) * inverse(D * y * y + 1n, Q), Q);
  let x = power(square, (Q + 3n) / 8n, Q);
  if ((x * x - square) % Q !== 0n) x = (x * ROOT) % Q;
  if ((x * x - square) % Q !== 0n || (x === 0n && sign)) return null;
  return (x & 1n) === sign ? x : Q - x;
}

// RFC 8032, 5.1.4: extended coordinates, complete for all points.
function edwardsSum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = ((y1 - x1) * (y2 - x2)) % Q, b = ((y1 + x1) * (y2 + x2)) % Q;
  const c = (((2n * t1 * D) % Q) * t2) % Q, d = (2n * z1 * z2) % Q;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [modulo(e * f, Q), modulo(g * h, Q), modulo(f * g, Q), modulo(e * h, Q)];
}

function edwardsTimes(point, factor) {
  let out = ZERO, each = point;
  for (let left = factor; left > 0n; left >>= 1n) {
    if (left & 1n) out = edwardsSum(out, each);
    each = edwardsSum(each, each);
  }
  return out;
}

function edwardsPoint(octets) {
  const number = numberOf(octets.slice().reverse()), y = number & ((1n << 255n) - 1n);
  const x = y < Q ? edwardsX(y, number >> 255n) : null;
  return x === null ? null : [x, y, 1n, (x * y) % Q];
}

function edwardsOctets([x, y, z]) {
  const one = inverse(z, Q), affine = (x * one) % Q;
  return octetsOf(((y * one) % Q) | ((affine & 1n) << 255n), 32).reverse();
}

// RFC 8032, 5.1.7, without the cofactor, as stock libraries do it.
function ed25519Holds(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [r, s] = [signature.slice(0, 32), numberOf(signature.slice(32).reverse())], point = edwardsPoint(key);
  if (point === null || s >= L) return false;
  const k = modulo(numberOf(sha512(r, key, message).reverse()), L);
  const [x, y, z, t] = edwardsTimes(point, k);
  return isSame(edwardsOctets(edwardsSum(edwardsTimes(BASE, s), [modulo(-x, Q), y, z, modulo(-t, Q)])), r);
}

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const G = [0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n, 1n];

// Jacobian coordinates, a = -3; z = 0 is the point at infinity.
function doubled([x, y, z]) {
  if (z === 0n || y === 0n) return [1n, 1n, 0n];
  const zz = (z * z) % P, yy = (y * y) % P, s = (4n * x * yy) % P, m = (3n * (x - zz) * (x + zz)) % P;
  const out = modulo(m * m - 2n * s, P);
  return [out, modulo(m * (s - out) - 8n * yy * yy, P), (2n * y * z) % P];
}

function sum(one, other) {
  const [x1, y1, z1] = one, [x2, y2, z2] = other;
  if (z1 === 0n) return other;
  if (z2 === 0n) return one;
  const a = (z1 * z1) % P, b = (z2 * z2) % P, u1 = (x1 * b) % P, u2 = (x2 * a) % P;
  const s1 = (y1 * b * z2) % P, s2 = (y2 * a * z1) % P;
  if (u1 === u2) return s1 === s2 ? doubled(one) : [1n, 1n, 0n];
  const h = modulo(u2 - u1, P), hh = (h * h) % P, hhh = (h * hh) % P, r = modulo(s2 - s1, P), v = (u1 * hh) % P;
  const x = modulo(r * r - hhh - 2n * v, P);
  return [x, modulo(r * (v - x) - s1 * hhh, P), (((h * z1) % P) * z2) % P];
}

function times(point, factor) {
  let out = [1n, 1n, 0n], each = point;
  for (let left = factor; left > 0n; left >>= 1n) {
    if (left & 1n) out = sum(out, each);
    each = doubled(each);
  }
  return out;
}

// Two positive integers in DER, each in its one spelling; else null.
function derPair(octets) {
  if (octets[0] !== 0x30 || octets[1] !== octets.length - 2 || octets.length > 72) return null;
  const out = [];
  let at = 2;
  for (let i = 0; i < 2; i += 1) {
    const size = octets[at + 1], number = octets.slice(at + 2, at + 2 + size);
    const isLong = number[0] === 0 && size > 1 && number[1] < 0x80;
    if (octets[at] !== 2 || !size || size > 33 || number.length !== size || number[0] >= 0x80 || isLong) return null;
    out.push(numberOf(number));
    at += 2 + size;
  }
  return at === octets.length ? out : null;
}

function p256Holds(x, y, signature, message) {
  const pair = derPair(signature);
  if (!pair || x >= P || y >= P || modulo(y * y - x * x * x + 3n * x - B, P) !== 0n) return false;
  const [r, s] = pair;
  if (r < 1n || r >= N || s < 1n || s >= N) return false;
  const w = inverse(s, N), e = numberOf(sha256(message));
  const [px, , pz] = sum(times(G, (e * w) % N), times([x, y, 1n], (r * w) % N));
  return pz !== 0n && modulo(px * inverse((pz * pz) % P, P), P) % N === r;
}

const DIGEST_INFO = "3031300d060960864801650304020105000420";
function rsaHolds(modulus, exponent, signature, message) {
  const n = numberOf(modulus), s = numberOf(signature), size = Math.ceil(n.toString(16).length / 2);
  if (signature.length !== size || s >= n) return false;
  const end = joined(unhex(DIGEST_INFO), sha256(message));
  const expected = joined(Uint8Array.of(0, 1), new Uint8Array(size - end.length - 3).fill(0xff), Uint8Array.of(0), end);
  return isSame(octetsOf(power(s, exponent, n), size), expected);
}
