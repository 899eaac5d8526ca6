// Octets and their spellings. Each spelling is read only if it is the one that writing it would give.
"use strict";

const utf8 = (text) => new TextEncoder().encode(text);
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), new Sha256()).digest();
const sha512 = (...parts) => parts.reduce((hash, part) => hash.update(part), new Sha512()).digest();
const isSame = (one, other) => one.length === other.length && one.every((octet, i) => octet === other[i]);
const isDigest = (text, octets) => typeof text === "string" && new RegExp(`^[0-9a-f]{${2 * octets}}$`).test(text);

function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

// The text, or null if these octets are not UTF-8. A byte order mark is text, too.
function textOf(octets) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch { return null; }
}

function base64(octets) {
  let text = "";
  for (let at = 0; at < octets.length; at += 8192) text += String.fromCharCode(...octets.subarray(at, at + 8192));
  return btoa(text);
}

function unbase64(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    const octets = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return base64(octets) === text ? octets : null;
  } catch { return null; }
}

const base64url = (octets) => base64(octets).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
function unbase64url(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const octets = unbase64(text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
  return octets && base64url(octets) === text ? octets : null;
}

// As code points go, which is how UTF-8 sorts.
function byCodePoint(one, other) {
  const [a, b] = [[...one], [...other]];
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) return a[i].codePointAt(0) - b[i].codePointAt(0);
  return a.length - b.length;
}

const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const numberOf = (octets) => (octets.length ? BigInt(`0x${hexOf(octets)}`) : 0n);
const octetsOf = (number, size) => unhex(number.toString(16).padStart(2 * size, "0"));
