// The journal's extract, made anew from the entries of the package: the two must be the same.
"use strict";

const CELLS = { recorder: "inventory_number", card: "inventory_number", inspector: "full_name" };
const PURPOSE = ["control", "subject", "object", "act_number"];
const writer = (entry) => (entry.actor.kind === "person" ? entry.actor.name : "");
const about = (entry) => (isObject(entry.body.document) ? entry.body.document : entry.body);
const rowOf = (entry) => (entry.kind.startsWith("journal.") && isObject(about(entry).row) && isText(about(entry).row.id) ? about(entry).row.id : null);
const bySeq = (one, other) => one.seq - other.seq;

// Of each row by its id what the extract has to say. `keys`: paths of the passkeys' PEM by credential id.
function rowsFrom(entries, keys) {
  const rows = new Map();
  for (const entry of entries) if (entry.kind === "journal.issued" && isSignedDocument(entry.body.document, entry.kind)) rows.set(rowOf(entry), begun(entry));
  for (const entry of entries) {
    const row = rows.get(rowOf(entry)), facts = about(entry);
    if (row) written(row, entry, facts, keys);
    const replaces = entry.kind === "journal.issued" && isObject(facts.replaces) ? facts.replaces : null;
    const old = replaces && isObject(replaces.row) ? rows.get(replaces.row.id) : null;
    if (old && isText(replaces.remark)) old.remarks.push(remark(entry, facts, replaces.remark));
  }
  return rows;
}

// The newest judgement of the duty to which the row belongs; `given` where a duty spans two books.
function coverageFor(entries, row, given) {
  const newest = new Map();
  for (const { seq, kind, body } of entries) if (kind === "coverage.judged") newest.set(body.row?.id, { seq, book: body.book?.id, rows: Array.isArray(body.rows) ? body.rows : [] });
  const own = [...newest].filter(([duty, { seq, book, rows }]) => duty === row.row || (rows.includes(row.number) && (book === row.bookId || seq === given)));
  return own.length ? Math.max(...own.map(([, { seq }]) => seq)) : null;
}

function begun(entry) {
  const { document } = entry.body, purpose = isObject(document.purpose) ? document.purpose : {};
  return {
    bookId: document.book.id, row: document.row.id, book: document.book.registration_number, sheet: document.row.sheet, number: document.row.number, division: document.division.name,
    ...received(document), purpose: Object.fromEntries(PURPOSE.map((name) => [name, purpose[name]])), seal_number: document.seal_number,
    issued: { seq: entry.seq, at: document.occurred_at }, returned: null, unloaded: [], remarks: [], corrections: [], pauses: [], coverage: null, signatures: [], replaces: document.replaces?.row?.id,
  };
}

function received(who) {
  return Object.fromEntries(Object.entries(CELLS).map(([name, shown]) => [name, who[name] ? who[name][shown] : null]));
}

const remark = (entry, facts, text) => ({ seq: entry.seq, at: facts.occurred_at, author: writer(entry), text });

function written(row, entry, facts, keys) {
  const moment = { seq: entry.seq, at: facts.occurred_at };
  for (const text of Array.isArray(facts.remarks) ? facts.remarks : []) row.remarks.push(remark(entry, facts, text));
  if (entry.kind === "journal.remarked") row.remarks.push(remark(entry, facts, facts.text));
  if (entry.kind === "journal.returned") row.returned = moment;
  if (entry.kind === "journal.unloaded") row.unloaded.push({ ...moment, files: facts.files });
  if (entry.kind === "journal.corrected") corrected(row, moment, facts);
  if (entry.kind === "journal.paused") row.pauses.push({ from_seq: entry.seq, from_at: facts.occurred_at, until_seq: null, until_at: null, reason: facts.reason, id: facts.pause });
  if (entry.kind === "journal.resumed") {
    const pause = row.pauses.find((each) => each.id === facts.pause);
    if (pause) Object.assign(pause, { until_seq: entry.seq, until_at: facts.occurred_at });
  }
  if (!isSignedKind(entry.kind)) return;
  for (const signature of Array.isArray(entry.body.signatures) ? entry.body.signatures : []) {
    if (!isObject(signature)) continue;
    const { way, at, signed_digest: digest, signer, assertion } = signature, isPasskey = way === "passkey" && isObject(assertion);
    row.signatures.push({
      seq: entry.seq, act: facts.act, signer: isObject(signer) ? signer.full_name : undefined, way, at, signed_digest: digest,
      key: isPasskey ? keys.get(assertion.credential_id) ?? null : null,
    });
  }
}

function corrected(row, moment, { cell, old, new: now, reason, received: both }) {
  row.corrections.push({ ...moment, cell, old, new: now, reason });
  if (isObject(both) && isObject(both.now)) Object.assign(row, received(both.now));
  else if (PURPOSE.includes(cell)) row.purpose[cell] = now;
  else if (cell === "seal_number") row.seal_number = now;
}

// Holds the extract against the entries; faults are told cell by cell.
function checkExtract(extract, entries, keys, asked, report) {
  const rows = rowsFrom(entries, keys), told = new Set(), given = new Set(extract.rows.map((row) => row.row));
  for (const row of extract.rows) {
    const subject = `row:${row.book} · ${row.number}`, expected = rows.get(row.row);
    if (!report.expect(expected && !told.has(row.row), "extract", subject, "extract-mismatch", { about: "row", found: row.row })) continue;
    told.add(row.row);
    expected.coverage = coverageFor(entries, expected, row.coverage);
    for (const pause of expected.pauses) delete pause.id;
    delete expected.bookId;
    delete expected.replaces;
    for (const name of new Set([...Object.keys(row), ...Object.keys(expected)])) {
      const isThere = Object.hasOwn(row, name) && Object.hasOwn(expected, name);
      if (report.expect(isThere, "extract", subject, "extract-mismatch", { about: name })) report.same(row[name], expected[name], "extract", subject, "extract-mismatch", name);
    }
  }
  const order = [...extract.rows].sort((one, other) => byCodePoint(String(one.book), String(other.book)) || one.number - other.number);
  report.expect(isAlike(order, extract.rows), "extract", "path:data/journal/extract.json", "extract-mismatch", { reason: "order" });
  // A row that was issued in place of one that is asked for is told in a remark there.
  for (const [id, row] of rows) if (!told.has(id) && !given.has(row.replaces)) report.fault("extract", `row:${row.book} · ${row.number}`, "extract-mismatch", { about: "row", expected: id });
  for (const id of asked) report.expect(id === null || told.has(id), "extract", "path:data/journal/extract.json", "extract-mismatch", { about: "row", expected: spelt(id) });
}
