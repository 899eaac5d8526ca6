// What was checked, and what was found: one thing checked is one item, green until a fault of it is told.
"use strict";

const GROUPS = ["volumes", "bag", "files", "list", "key", "entries", "originals", "demand", "extract", "custody", "clocks", "signatures", "page"];

class Report {
  constructor() {
    this.items = new Map();
    // Files that lie in volumes which were not given: told, not missed.
    this.elsewhere = [];
    this.started = Date.now();
    this.isFinished = false;
    // So many originals that are here and unchanged, and so many entries that are proven.
    [this.intact, this.proven] = [0, 0];
  }

  // `subject` is "path:data/package.json", "entry:12", "row:…" and the like, alone in its group.
  item(group, subject) {
    const key = `${group} ${subject}`;
    if (!this.items.has(key)) this.items.set(key, { group, subject, faults: [] });
    return this.items.get(key);
  }

  fault(group, subject, kind, evidence = {}) {
    const { faults } = this.item(group, subject);
    if (!faults.some((each) => each.kind === kind && isAlike(each.evidence, evidence))) faults.push({ kind, evidence });
  }

  // Tells that it was checked, and the fault unless it holds.
  expect(holds, group, subject, kind, evidence = {}) {
    this.item(group, subject);
    if (!holds) this.fault(group, subject, kind, evidence);
    return Boolean(holds);
  }

  // For a value that has to be another's.
  same(found, expected, group, subject, kind, about = "") {
    return this.expect(isAlike(found, expected), group, subject, kind, { about, found: spelt(found), expected: spelt(expected) });
  }

  get faults() { return [...this.items.values()].flatMap((item) => item.faults.map((fault) => ({ ...item, ...fault }))); }
  count(group) { return [...this.items.values()].filter((item) => item.group === group).length; }

  // "bad", "part" (all holds, and volumes are missing) or "good". Nothing checked is never good.
  get verdict() {
    if (!this.isFinished || this.faults.length || !this.intact || !this.proven) return "bad";
    return this.elsewhere.length ? "part" : "good";
  }
}

const spelt = (value) => (value === undefined ? "–" : isText(value) ? value : canonical(value));
