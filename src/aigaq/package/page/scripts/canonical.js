// JSON in its one canonical form (RFC 8785): what is hashed and signed.
"use strict";

class Malformed extends Error {}

// Deeper than this no paper is nested.
const MAX_NESTED = 32;

function canonical(value, depth = MAX_NESTED) {
  // What is not there is null here; nothing that was read has it.
  if (value === undefined) return "null";
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    const text = JSON.stringify(value);
    if (!Number.isFinite(value) || (/^-?[0-9]+$/.test(text) && !Number.isSafeInteger(value))) throw new Malformed("number");
    return text;
  }
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw new Malformed("surrogate");
    return JSON.stringify(value);
  }
  if (!depth) throw new Malformed("depth");
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each, depth - 1)).join(",")}]`;
  // Sorting is by UTF-16 code units, as RFC 8785 has it.
  return `{${Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name], depth - 1)}`).join(",")}}`;
}

// The value, if these octets are exactly what `canonical` would write; else it throws.
function decoded(octets) {
  const text = textOf(octets);
  if (text === null) throw new Malformed("UTF-8");
  let value;
  try {
    value = JSON.parse(text);
    if (canonical(value) === text) return value;
  } catch (error) {
    // What is nested too deeply for the browser ends here, too.
    throw new Malformed(error.message);
  }
  throw new Malformed("RFC 8785");
}

// Whether some object in this text, which is JSON, has a name twice: readers would choose differently.
function hasNameTwice(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g) || [], open = [];
  for (let i = 0; i < tokens.length; i += 1) {
    if (tokens[i] === "{" || tokens[i] === "[") open.push(new Set());
    else if (tokens[i] === "}" || tokens[i] === "]") open.pop();
    else if (tokens[i + 1] === ":" && tokens[i] !== ":") {
      const name = JSON.parse(tokens[i]), names = open[open.length - 1];
      if (names.has(name)) return true;
      names.add(name);
    }
  }
  return false;
}

const digestOfJson = (value) => hexOf(sha256(utf8(canonical(value))));
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const hasNames = (value, names) => isObject(value) && canonical(Object.keys(value).sort()) === canonical([...names].sort());
const isAlike = (one, other) => canonical(one ?? null) === canonical(other ?? null);
