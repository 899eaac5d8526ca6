// Whose demand it is, by whom it was approved, and what is in it.
"use strict";

function showHead() {
  const { demand, approval, division, files, ledger, volumes } = PACKAGE_SHOWN, originals = CLIPS.length;
  const count = (kind) => CLIPS.filter((clip) => clip.file.kind === kind).length;
  const octets = files.reduce((total, file) => total + file.size, 0);
  say(document.getElementById("division"), division.name);
  say(document.getElementById("lead"), () => word("lead", { division: division.name, authority: demand.authority }));
  facts(document.getElementById("demand"), [
    ["what.demand", () => word("what.demand-is", { kind: TERMS.bases[demand.kind] ? term(TERMS.bases[demand.kind]) : demand.kind, number: /^[0-9]/.test(demand.their_number) ? `№ ${demand.their_number}` : demand.their_number, day: plainDay(demand.dated_on) })],
    ["what.authority", demand.authority],
    ["what.official", demand.official],
    ["what.basis", demand.basis],
    ["what.covers", isText(demand.covers) ? demand.covers : canonical(demand.covers)],
    ["what.received", () => word("what.received-is", { day: plainDay(demand.received_on), number: demand.number })],
    ["what.due", demand.due_on ? plainDay(demand.due_on) : null],
    ["what.document", demand.document ? demand.document.sha256 : null, { class: "mono" }],
  ]);
  facts(document.getElementById("package"), [
    ["what.approved", () => word("what.approved-is", { name: approval.head.full_name, staff: approval.head.staff_number })],
    ["what.approved-at", moment(approval.at)],
    ["what.division", division.name],
    ["what.holds", () => ["video", "audio", "photo", "other"].filter(count).map((kind) => `${called("kind", kind)}: ${count(kind)}`).join(" · ")],
    ["what.made", files.length > originals ? () => ["cut", "playable"].map((what) => [what, files.filter((file) => file.what === what).length]).filter(([, many]) => many).map(([what, many]) => `${called("version", what)}: ${many}`).join(" · ") : null],
    ["what.rows", String(EXTRACT_SHOWN.rows.length)],
    ["what.entries", String(PACKAGE_SHOWN.entries.length)],
    ["what.size", () => sizeOf(octets)],
    ["what.volumes", volumes > 1 ? () => word("what.volumes-are", { own: OWN_VOLUME, volumes }) : null],
    ["what.package", PACKAGE_SHOWN.package, { class: "mono" }],
    ["what.files-digest", `sha256:${digestOfJson(PACKAGE_SHOWN.files)}`, { class: "mono" }],
    ["what.digest", `sha256:${digestOfJson(PACKAGE_SHOWN)}`, { class: "mono" }],
    ["what.ledger", () => word("what.ledger-is", { origin: ledger.origin, size: ledger.size })],
    ["what.order", () => term(TERMS.reference)],
  ]);
  say(document.getElementById("own-key"), ledger.key);
}

function showClocks() {
  const list = document.getElementById("clock-list"), { readings, time_codes: codes } = CLOCKS_SHOWN;
  list.replaceChildren();
  const table = (heads, rows) => make("table", { class: "table" }, make("thead", {}, make("tr", {}, ...heads.map((head) => saying("th", { scope: "col" }, () => word(head))))),
    make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell, i) => {
      const head = saying("span", { class: "cell-head" }, () => `${word(heads[i])}: `);
      return make("td", {}, head, typeof cell === "function" ? cell : make("span", {}, cell));
    })))));
  if (readings.length) {
    list.append(table(["clocks.recorder", "clocks.way", "clocks.camera", "clocks.true", "clocks.offset", "clocks.entry"], readings.map((each) => [
      each.recorder, () => called("way", each.way), moment(each.camera_at), moment(each.true_at),
      () => offsetOf({ ...each, known: EXACT.includes(each.way) ? "exact" : "at-least" }), String(each.seq)])));
  }
  for (const code of codes) list.append(saying("p", {}, () => word("clocks.code", { text: code.text, number: numbered(code.file), place: lengthOf(code.place_ms), seq: code.proof.root_seq })));
  if (!readings.length && !codes.length) list.append(saying("p", { class: "empty" }, () => word("clocks.none")));
}
