// What a passkey signed (docs/formats/signature.md, "An assertion"; W3C WebAuthn level 3, section 7.2).
"use strict";

const ASSERTION = ["credential_id", "authenticator_data", "client_data_json", "signature"];
const [PRESENT, VERIFIED, MAY_BE_BACKED_UP, BACKED_UP, HAS_KEY, HAS_MORE] = [0x01, 0x04, 0x08, 0x10, 0x40, 0x80];

// One item of CBOR (RFC 8949) of the kinds that keys and extensions are made of, and where it ends.
function cbor(octets, at, depth = 0) {
  const first = octets[at], kind = first >> 5, size = first & 31;
  if (first === undefined || depth > 8 || size > 26) throw new Malformed("CBOR");
  const more = size < 24 ? 0 : 2 ** (size - 24);
  if (at + 1 + more > octets.length) throw new Malformed("CBOR");
  const count = more ? Number(numberOf(octets.slice(at + 1, at + 1 + more))) : size;
  let end = at + 1 + more;
  if (kind === 0) return [count, end];
  if (kind === 1) return [-1 - count, end];
  if (kind === 2 || kind === 3) {
    if (end + count > octets.length) throw new Malformed("CBOR");
    const part = octets.slice(end, end + count);
    return [kind === 2 ? part : textOf(part), end + count];
  }
  if (kind === 7) return [{ 20: false, 21: true, 22: null }[count] ?? count, end];
  if (kind === 6 || count > octets.length) throw new Malformed("CBOR");
  const list = [];
  for (let i = 0; i < (kind === 5 ? 2 * count : count); i += 1) {
    let item;
    [item, end] = cbor(octets, end, depth + 1);
    list.push(item);
  }
  if (kind === 4) return [list, end];
  const map = new Map();
  for (let i = 0; i < list.length; i += 2) {
    if (map.has(list[i])) throw new Malformed("CBOR");
    map.set(list[i], list[i + 1]);
  }
  return [map, end];
}

// The key: a check of signatures, and its SubjectPublicKeyInfo. Null if it is none of those that are taken.
function coseKey(text) {
  const octets = unbase64url(text);
  if (!octets) return null;
  let map;
  try {
    const [item, end] = cbor(octets, 0);
    if (!(item instanceof Map) || end !== octets.length) return null;
    map = item;
  } catch { return null; }
  const [type, way, a, b, c] = [1, 3, -1, -2, -3].map((name) => map.get(name));
  const isOctets = (value, size) => value instanceof Uint8Array && (size === undefined || value.length === size);
  if (type === 2 && way === -7 && a === 1 && isOctets(b, 32) && isOctets(c, 32)) {
    return {
      spki: joined(unhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), b, c),
      holds: (signature, message) => p256Holds(numberOf(b), numberOf(c), signature, message),
    };
  }
  if (type === 1 && way === -8 && a === 6 && isOctets(b, 32)) {
    return { spki: joined(unhex(PUBLIC_KEY), b), holds: (signature, message) => ed25519Holds(b, signature, message) };
  }
  if (type === 3 && way === -257 && isOctets(a) && isOctets(b)) {
    const n = numberOf(a), bits = n.toString(2).length;
    if (bits < 2048 || bits > 4096 || numberOf(b) !== 65537n) return null;
    return { spki: rsaInfo(a, b), holds: (signature, message) => rsaHolds(a, 65537n, signature, message) };
  }
  return null;
}

function der(tag, ...parts) {
  const inner = joined(...parts), size = inner.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return joined(Uint8Array.of(tag, ...length), inner);
}

function rsaInfo(modulus, exponent) {
  const integer = (octets) => {
    const from = octets.findIndex((octet) => octet !== 0), bare = octets.slice(from);
    return der(2, bare[0] >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0), bare);
  };
  const key = der(0x30, integer(modulus), integer(exponent));
  return der(0x30, unhex("300d06092a864886f70d0101010500"), der(3, Uint8Array.of(0), key));
}

// Why this assertion is not a signature on the digest with this key; empty if it is one.
function assertionFlaw(assertion, enrolled, digest) {
  if (!hasNames(assertion, ASSERTION)) return "names";
  const [, data, client, signature] = ASSERTION.map((name) => unbase64url(assertion[name]));
  if (ASSERTION.some((name) => unbase64url(assertion[name]) === null)) return "base64url";
  const key = coseKey(enrolled.publicKey);
  if (!key) return "COSE_Key";
  return clientFlaw(client, enrolled.site, digest) || dataFlaw(data, enrolled.site)
    || (key.holds(signature, joined(data, sha256(client))) ? "" : "signature");
}

function clientFlaw(octets, site, digest) {
  let said;
  try {
    const text = textOf(octets);
    said = JSON.parse(text);
    if (!isObject(said) || hasNameTwice(text)) return "clientDataJSON";
  } catch { return "clientDataJSON"; }
  if (said.type !== "webauthn.get") return "type";
  if (said.challenge !== base64url(digest)) return "challenge";
  const found = isText(said.origin) ? /^(https?):\/\/([a-z0-9.-]+)(:[0-9]{1,5})?$/.exec(said.origin) : null;
  if (!found || found[2] !== site || (found[1] !== "https" && site !== "localhost")) return "origin";
  const isFramed = (Object.hasOwn(said, "crossOrigin") && said.crossOrigin !== false) || Object.hasOwn(said, "topOrigin");
  return isFramed ? "crossOrigin" : "";
}

function dataFlaw(data, site) {
  if (data.length < 37 || !isSame(data.slice(0, 32), sha256(utf8(site)))) return "rp_id";
  const flags = data[32];
  if (!(flags & PRESENT) || !(flags & VERIFIED)) return "user verification";
  if (flags & BACKED_UP && !(flags & MAY_BE_BACKED_UP)) return "backup";
  let end = 37;
  try {
    if (flags & HAS_KEY) {
      end = 37 + 18 + (data[53] << 8) + data[54];
      [, end] = cbor(data, end);
    }
    if (flags & HAS_MORE) [, end] = cbor(data, end);
  } catch { return "authenticatorData"; }
  return end === data.length ? "" : "authenticatorData";
}
