// Words in three languages, and elements that say them. Text comes into the page as text, never as HTML.
"use strict";

const dataOf = (id) => JSON.parse(document.getElementById(id).textContent);
const WORDS = dataOf("words"), TERMS = dataOf("terms"), SHOWN = new Map(Object.entries(dataOf("shown")));
const SVG = "http://www.w3.org/2000/svg";
const said = new WeakMap();
let language = "kk";

// The sentence, its {names} filled; the name itself where there is no such sentence.
function word(name, values = {}) {
  const sentence = Object.hasOwn(WORDS[language], name) ? WORDS[language][name] : name;
  return sentence.replace(/\{([a-z_]+)\}/g, (all, key) => (Object.hasOwn(values, key) ? String(values[key]) : all));
}
const hasWord = (name) => Object.hasOwn(WORDS[language], name);
// What a code of the data is called, or the code.
const called = (group, code) => (hasWord(`${group}.${code}`) ? word(`${group}.${code}`) : String(code));
const term = (text) => (text ? text[language] : "");

// `text` may be a function: then it is asked again when the language changes.
function say(element, text) {
  if (typeof text === "function") { said.set(element, text); element.dataset.said = ""; element.textContent = text(); } else element.textContent = text;
  return element;
}

function sayLabel(element, name) { element.dataset.wLabel = name; element.setAttribute("aria-label", word(name)); return element; }

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  for (const child of children) {
    if (typeof child === "function") element.append(say(document.createElement("span"), child));
    else if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}

// An element that says one thing.
const saying = (tag, attributes, text) => say(make(tag, attributes), text);

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function facts(list, pairs) {
  list.replaceChildren();
  for (const [name, value, attributes] of pairs) {
    if (value === null || value === "") continue;
    list.append(saying("dt", {}, () => word(name)), saying("dd", attributes ?? {}, value));
  }
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-w]")) element.textContent = word(element.dataset.w);
  for (const element of document.querySelectorAll("[data-w-label]")) element.setAttribute("aria-label", word(element.dataset.wLabel));
  for (const element of document.querySelectorAll("[data-said]")) element.textContent = said.get(element)();
  for (const button of document.querySelectorAll("[data-language]")) {
    if (button.dataset.language === chosen) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
  }
}

function lengthOf(ms) {
  const seconds = Math.round(Math.abs(ms) / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

// Kazakh and Russian write numbers alike; not every browser knows Kazakh.
const decimal = (value, digits) => new Intl.NumberFormat(language === "en" ? "en" : "ru", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

function sizeOf(octets) {
  const units = ["unit.b", "unit.kb", "unit.mb", "unit.gb"];
  let [value, unit] = [octets, 0];
  while (value >= 1024 && unit < 3) { value /= 1024; unit += 1; }
  return `${decimal(value, unit && value < 100 ? 1 : 0)} ${word(units[unit])}`;
}

// How far a camera's clock was off, in words.
function offsetOf({ known, offset_ms: offset, precision_ms: precision }) {
  if (known === "unknown") return word("clock.unknown");
  if (known === "exact" && !Math.round(offset / 1000)) return word("clock.right", { precision: decimal(precision / 1000, 1) });
  const values = { length: lengthOf(offset), precision: decimal(precision / 1000, 1) };
  return word(`clock.${known}-${offset >= 0 ? "ahead" : "behind"}`, values);
}
