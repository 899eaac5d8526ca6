// The journal's rows in the seven columns of the annex; what was corrected is struck through and stays.
"use strict";

const OF_COLUMN = { 2: ["recorder", "card"], 3: ["inspector"] };

function showJournal() {
  say(document.getElementById("book-title"), () => term(TERMS.title));
  say(document.getElementById("book-of"), PACKAGE_SHOWN.division.name);
  const heads = TERMS.columns.map((column) => saying("th", { scope: "col" }, () => term(column)));
  const numbers = TERMS.columns.map((_, i) => make("td", {}, String(i + 1)));
  const rows = EXTRACT_SHOWN.rows.flatMap((row) => [make("tr", {}, ...cellsOf(row).map((children, i) => {
    const head = saying("span", { class: "col-name" }, () => term(TERMS.columns[i]));
    return make("td", { class: `c${i + 1}` }, head, ...children);
  })), make("tr", { class: "beside" }, make("td", { colspan: "7" }, purposeOf(row)))]);
  const table = make("table", { class: "pages", "aria-labelledby": "journal-title" }, make("thead", {}, make("tr", {}, ...heads), make("tr", { "aria-hidden": "true" }, ...numbers)), make("tbody", {}, ...rows));
  document.getElementById("pages").replaceChildren(table);
}

const struck = (row, cell) => row.corrections.filter((each) => each.cell === cell).sort(bySeq).flatMap((each) => [make("del", {}, each.old), " "]);
const corrected7 = (row, cell, text) => {
  const all = row.corrections.filter((each) => each.cell === cell).sort(bySeq);
  return all.length ? [...struck(row, cell), make("ins", {}, all[all.length - 1].new)] : [text];
};

function cellsOf(row) {
  const value = (cell) => (row[cell] ? [...struck(row, cell), make("span", {}, row[cell])] : struck(row, cell));
  return [
    [make("b", {}, String(row.number)), saying("span", { class: "less" }, () => word("journal.sheet", { book: row.book, sheet: row.sheet }))],
    [make("p", {}, ...value("recorder")), row.card || struck(row, "card").length ? make("p", {}, "(", ...value("card"), ")") : null],
    [make("p", {}, ...value("inspector"))],
    [make("p", {}, moment(row.issued.at)), ...signaturesOf(row, "issue")],
    row.returned ? [make("p", {}, moment(row.returned.at)), ...signaturesOf(row, "return")] : [],
    row.unloaded.map((each) => saying("p", {}, () => word("journal.unloaded", { at: moment(each.at), files: each.files }))),
    [make("ul", { class: "remarks" }, ...row.remarks.map((each) => remarkOf(row, each)), ...row.corrections.filter((each) => !row.remarks.some((one) => one.seq === each.seq)).map((each) => make("li", { class: "correction" }, ...correctionOf(row, each))))],
  ];
}

// What the annex has no column for: what it was issued for, and the seal.
function purposeOf(row) {
  const { control, subject, object, act_number: number } = row.purpose, named = TERMS.controls[control];
  const part = (cell, text) => (text || struck(row, cell).length ? [" · ", ...struck(row, cell), make("span", {}, text)] : []);
  return make("p", {}, make("span", { class: "beside-name" }, () => `${word("journal.purpose")}: `), ...struck(row, "control"), make("span", {}, () => (named ? term(named) : control)),
    ...part("subject", subject), ...part("object", object), ...part("act_number", number),
    row.seal_number ? make("span", {}, () => ` · ${word("journal.seal")} `, ...struck(row, "seal_number"), row.seal_number) : null);
}

// A remark; that of a correction shows what is struck and what is right, and who signed it.
function remarkOf(row, each) {
  const correction = row.corrections.find((one) => one.seq === each.seq);
  const who = make("span", { class: "less" }, ` ${moment(each.at)}${each.author ? `, ${each.author}` : ""}`);
  return make("li", correction ? { class: "correction" } : {}, ...corrected7(row, `remark:${each.seq}`, each.text), who, ...(correction ? correctionOf(row, correction) : []));
}

function correctionOf(row, each) {
  const signature = row.signatures.find((one) => one.seq === each.seq);
  return [make("span", {}, () => ` ${called("cell", each.cell.split(":")[0])}: `), make("del", {}, each.old), " → ", make("ins", {}, each.new), ` (${each.reason})`, ...(signature ? [signatureOf(signature)] : [])];
}

const signaturesOf = (row, act) => row.signatures.filter((each) => each.act === act).map(signatureOf);
const signatureOf = (each) => make("span", { class: "signature" }, make("span", { class: "name" }, each.signer), saying("span", {}, () => ` ${word("journal.signed", { way: called("signed", each.way), seq: each.seq })}`));
