// The forms of the package's papers (docs/formats/package.md): what does not fit is not read any further.
"use strict";

const orNull = (shape) => (value) => value === null || fits(value, shape);
const oneOf = (...values) => (value) => values.includes(value);
const isWhole = (value) => Number.isSafeInteger(value);
const isNumbered = (value) => isWhole(value) && value >= 1;
const isDay = (text) => isText(text) && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && isInstant(`${text}T00:00:00.000000Z`);
const isSha256 = (text) => isDigest(text, 32);
const isSha512 = (text) => isDigest(text, 64);

// A shape is a question, a list with the shape of its members, or an object with exactly these names.
function fits(value, shape) {
  if (typeof shape === "function") return shape(value);
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((each) => fits(each, shape[0]));
  return hasNames(value, Object.keys(shape)) && Object.keys(shape).every((name) => fits(value[name], shape[name]));
}

const PERSON = { id: isText, full_name: isText, staff_number: isText };
const CLOCK = { known: oneOf("exact", "at-least", "unknown"), offset_ms: isWhole, precision_ms: isCount, seq: orNull(isCount) };
const CUT = { asked_from_ms: isCount, asked_until_ms: isCount, from_ms: isCount, until_ms: isCount, recipe: (value) => isText(value) || isObject(value) };
const LISTED = {
  number: isNumbered, what: oneOf("original", "cut", "playable"), of: orNull(isNumbered), path: isText, size: isCount,
  sha256: isSha256, sha512: isSha512, volume: isNumbered, kind: oneOf("video", "audio", "photo", "other"), recording: isText,
  file: isText, card_path: isText, row: orNull(isText), seq: isCount, recorded_at: orNull(isInstant),
  duration_ms: orNull(isCount), clock: CLOCK, cut: orNull(CUT),
};
const PACKAGE = {
  format: oneOf("aigaq-package/1"), package: isText, profile: isText, division: { id: isText, name: isText },
  demand: {
    id: isText, number: isNumbered, kind: oneOf("request", "determination", "resolution"),
    authority: isText, official: isText, their_number: isText, dated_on: isDay, received_on: isDay, due_on: orNull(isDay),
    basis: isText, covers: isText, seq: isCount, document: orNull({ sha256: isSha256, size: isCount }),
  },
  approval: { seq: isCount, at: isInstant, head: PERSON },
  ledger: { origin: isText, key: isText, size: isCount, root: isText },
  volumes: isNumbered, files: [LISTED], papers: [{ path: isText, size: isCount, sha256: isSha256, sha512: isSha512 }], entries: [isCount],
};
const MOMENT = { seq: isCount, at: isInstant };
// Of a row each cell is held against the entries, so its form follows from theirs.
const EXTRACT = { format: oneOf("aigaq-extract/1"), rows: [isObject] };
const CUSTODY = {
  format: oneOf("aigaq-custody/1"), file: isNumbered, sha256: isSha256,
  steps: [{ ...MOMENT, kind: isText, actor: isText, words: { kk: isText, ru: isText, en: isText } }],
};
const CLOCKS = {
  format: oneOf("aigaq-clocks/1"),
  readings: [isObject],
  time_codes: [{
    seq: isCount, file: isNumbered, text: isText, place_ms: isCount, row: orNull(isText),
    proof: { root_seq: isCount, index: isCount, size: isNumbered, path: [isSha256] },
  }],
};
const numbered = (number) => String(number).padStart(3, "0");
