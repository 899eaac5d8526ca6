// The ledger: entries, the tree over them (RFC 6962), signed checkpoints (C2SP) and proofs under them.
"use strict";

const MAX_ENTRY = 256 * 1024, MAX_DEPTH = 32, MAX_NOTE = 1000000, MAX_SIGNATURES = 100;
const ENTRY_NAMES = ["v", "seq", "kind", "at", "actor", "right", "division", "body"];
const PROOF_HEAD = "c2sp.org/tlog-proof@v1";
const isInstant = (text) => {
  const form = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]{6}Z$/;
  const found = isText(text) && !text.startsWith("0000") && form.exec(text);
  const at = found ? new Date(`${found[1]}.000Z`) : NaN;
  return !Number.isNaN(Number(at)) && at.toISOString().startsWith(found[1]);
};

// An entry as its octets have it; throws `Malformed` for anything that is none.
function entryOf(octets) {
  if (octets.length > MAX_ENTRY) throw new Malformed("256 KiB");
  const value = decoded(octets);
  const fits = hasNames(value, ENTRY_NAMES) && value.v === 1 && isCount(value.seq)
    && isText(value.kind) && /^[a-z]+(\.[a-z-]+)+$/.test(value.kind) && isInstant(value.at)
    && hasNames(value.actor, ["kind", "id", "name"]) && ["person", "system", "unknown"].includes(value.actor.kind)
    && isText(value.actor.id) && isText(value.actor.name) && isObject(value.body)
    && (value.right === null || isObject(value.right)) && (value.division === null || isText(value.division));
  if (!fits || depthOf(value) > MAX_DEPTH) throw new Malformed(`v, ${ENTRY_NAMES.join(", ")}`);
  return value;
}

function depthOf(value) {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Object.values(value).reduce((deepest, each) => Math.max(deepest, depthOf(each)), 0);
}

const leafHash = (octets) => sha256(Uint8Array.of(0), octets);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// RFC 9162, 2.1.3.2: the root to which the proof leads, or null if it is of another length than such a tree has.
// Sizes may be beyond 2^31, so they are BigInt.
function rootOf(leaf, index, size, path) {
  let [at, last, digest] = [BigInt(index), BigInt(size) - 1n, leaf];
  if (at > last || path.some((each) => each.length !== 32)) return null;
  for (const sibling of path) {
    if (last === 0n) return null;
    if (at & 1n || at === last) {
      digest = nodeHash(sibling, digest);
      while (!(at & 1n) && at !== 0n) { at >>= 1n; last >>= 1n; }
    } else digest = nodeHash(digest, sibling);
    at >>= 1n; last >>= 1n;
  }
  return last === 0n ? digest : null;
}

// "name+hex(key id)+base64(0x01 || key)"
function keyOf(text) {
  const [name, id, ...rest] = text.split("+"), octets = unbase64(rest.join("+"));
  if (!name || /[\s\p{Cc}]/u.test(name) || !octets || octets[0] !== 1 || octets.length !== 33) return null;
  const key = octets.slice(1), expected = sha256(utf8(`${name}\n`), octets).slice(0, 4);
  return id === hexOf(expected) ? { name, key, id, text } : null;
}

// A checkpoint in a signed note. No signature is verified here. Null if it is none.
function checkpointOf(note) {
  const cut = note.lastIndexOf("\n\n");
  // eslint-disable-next-line no-control-regex
  if (cut < 0 || !note.endsWith("\n") || utf8(note).length > MAX_NOTE || /[\x00-\x09\x0b-\x1f]|\p{Surrogate}/u.test(note)) return null;
  const text = note.slice(0, cut + 1), lines = note.slice(cut + 2, -1).split("\n"), signatures = lines.map(signatureLine);
  const [origin, size, encoded] = text.slice(0, -1).split("\n"), root = unbase64(encoded || "");
  const isSound = signatures.every(Boolean) && signatures.length <= MAX_SIGNATURES
    && origin && /^(0|[1-9][0-9]{0,18})$/.test(size || "") && root && root.length === 32;
  return isSound ? { text, note, signatures, origin, size: BigInt(size), root } : null;
}

function signatureLine(line) {
  const found = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line), octets = found && unbase64(found[2]);
  return octets && octets.length > 4 ? { name: found[1], id: hexOf(octets.slice(0, 4)), octets: octets.slice(4) } : null;
}

// Lines of other keys are passed over; every line of this one must hold, and there must be one.
function isSignedBy(checkpoint, key) {
  const own = checkpoint.signatures.filter((line) => line.name === key.name && line.id === key.id);
  return own.length > 0 && own.every((line) => ed25519Holds(key.key, line.octets, utf8(checkpoint.text)));
}

// c2sp.org/tlog-proof@v1; null if it is none.
function proofOf(text) {
  const cut = text.indexOf("\n\n");
  if (cut < 0) return null;
  const lines = text.slice(0, cut).split("\n");
  if (lines.shift() !== PROOF_HEAD) return null;
  if (lines.length && lines[0].startsWith("extra ") && !unbase64(lines.shift().slice(6))) return null;
  const index = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() || ""), path = lines.map(unbase64);
  const checkpoint = checkpointOf(text.slice(cut + 2));
  const isSound = index && checkpoint && path.length <= 63 && path.every((each) => each && each.length === 32);
  return isSound ? { index: BigInt(index[1]), path, checkpoint } : null;
}

const PUBLIC_KEY = "302a300506032b6570032100";
// SubjectPublicKeyInfo in PEM, of whatever key: its octets, or null. One spelling: lines of 64, as openssl writes it.
function pemOf(text) {
  const found = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END PUBLIC KEY-----\n$/.exec(text);
  return found ? unbase64(found[1].replaceAll("\n", "")) : null;
}
