// The other papers, held against the entries: originals, demand and approval, custody, clocks and time codes.
"use strict";

const EXACT = ["time-code", "time-file"];
const DEMAND = ["number", "kind", "authority", "official", "their_number", "dated_on", "received_on", "due_on", "basis", "covers", "document"];

function checkOriginals(contents, report) {
  const { entries } = contents, all = [...entries.values()], rows = new Map();
  const newest = (kind, isIt) => all.filter((each) => each.kind === kind && isIt(each.body)).pop()?.body;
  for (const { kind, body } of all) {
    if (kind === "recording.ingested" && isText(body.row)) rows.set(body.recording, body.row);
    else if (kind === "recording.placed" && Array.isArray(body.recordings)) for (const each of body.recordings) rows.set(each, body.row);
  }
  for (const file of contents.originals) {
    const subject = `file:${file.number}`, entry = entries.get(file.seq);
    if (!report.expect(entry?.kind === "recording.ingested", "originals", subject, "not-in-ledger", { about: "seq", found: entry?.kind ?? "–", expected: "recording.ingested" })) continue;
    const { body } = entry, say = (name, found, expected) => report.same(found, expected, "originals", subject, "not-in-ledger", name);
    say("sha256", `sha256:${file.sha256}`, body.content_digest);
    for (const [name, said] of [["size", "size"], ["card_path", "path"], ["recording", "recording"], ["file", "file"], ["kind", "kind"]]) say(name, file[name], body[said]);
    const began = body.file_recorded_at ?? ((body.ordinal ?? 1) === 1 ? body.recorded_at : null) ?? null, judged = newest("recording.judged", (each) => each.file === file.file);
    say("recorded_at", file.recorded_at, began);
    say("row", file.row, rows.get(file.recording) ?? null);
    say("duration_ms", file.duration_ms, (judged ?? body).judgement?.duration_ms ?? null);
    checkClock(file, entries.get(file.clock.seq), (name, found, expected) => say(`clock.${name}`, found, expected));
  }
}

function checkClock({ clock }, entry, say) {
  if (clock.seq === null) {
    say("known", clock.known, "unknown");
    say("offset_ms", clock.offset_ms, 0);
    say("precision_ms", clock.precision_ms, 0);
  } else if (entry?.kind === "recorder.clock-read") {
    say("known", clock.known, EXACT.includes(entry.body.way) ? "exact" : "at-least");
    say("offset_ms", clock.offset_ms, entry.body.offset_ms);
    say("precision_ms", clock.precision_ms, entry.body.precision_ms);
  } else say("seq", entry?.kind, "recorder.clock-read");
}

function checkDemand({ whole, entries, checkpoint, originals }, report) {
  const { demand, approval, division } = whole, asked = entries.get(demand.seq), approved = entries.get(approval.seq);
  const say = (subject, name, found, expected) => report.same(found, expected, "demand", subject, "demand-mismatch", name);
  say(`entry:${demand.seq}`, "kind", asked?.kind, "disclosure.demand-registered");
  if (asked) {
    const { document } = asked.body, paper = isObject(document) ? { sha256: String(document.content_digest).replace("sha256:", ""), size: document.size } : null;
    say(`entry:${demand.seq}`, "demand", demand.id, asked.body.demand);
    for (const name of DEMAND) say(`entry:${demand.seq}`, name, demand[name], name === "document" ? paper : asked.body[name]);
    say(`entry:${demand.seq}`, "division", division.id, asked.division);
  }
  say(`entry:${approval.seq}`, "kind", approved?.kind, "disclosure.approved");
  const document = approved?.body.document;
  if (!isObject(document)) return;
  const files = `sha256:${hexOf(sha256(utf8(canonical(originals.map((file) => file.file).sort(byCodePoint)))))}`;
  const { id, number, kind, authority, their_number, seq } = demand;
  for (const [name, found, expected] of [
    ["demand", { id, number, kind, authority, their_number, seq }, document.demand], ["package", whole.package, document.package], ["head", approval.head, document.head],
    ["at", approval.at, approved.at], ["division", division.id, approved.division], ["files", originals.length, document.files], ["files_digest", files, document.files_digest],
  ]) say(`entry:${approval.seq}`, name, found, expected);
  if (checkpoint) report.expect(checkpoint.size > BigInt(approval.seq), "demand", `entry:${approval.seq}`, "demand-mismatch", { about: "checkpoint" });
}

function checkCustody({ custody, entries, originals }, report) {
  for (const file of originals) {
    const paper = custody.get(file.number), subject = `file:${file.number}`;
    if (!paper) continue;
    const say = (name, found, expected) => report.same(found, expected, "custody", subject, "custody-mismatch", name);
    say("file", paper.file, file.number);
    say("sha256", paper.sha256, file.sha256);
    paper.steps.forEach((step, i) => {
      if (!Object.values(step.words).every(Boolean)) report.fault("custody", subject, "custody-mismatch", { about: `seq ${step.seq}`, found: "–" });
      if (i && step.seq <= paper.steps[i - 1].seq) report.fault("custody", subject, "custody-mismatch", { about: `seq ${step.seq}` });
      const entry = entries.get(step.seq);
      if (entry) say(`seq ${step.seq}`, [step.kind, step.at, step.actor], [entry.kind, entry.at, writer(entry)]);
    });
    const told = new Set(paper.steps.map((step) => step.seq));
    for (const { seq, kind, body } of entries.values()) {
      const isOfIt = body.file === file.file || (kind === "recording.placed" && Array.isArray(body.recordings) && body.recordings.includes(file.recording));
      if (isOfIt && !told.has(seq)) report.fault("custody", subject, "custody-mismatch", { about: `seq ${seq}`, found: "–", expected: kind });
    }
  }
}

function checkClocks({ clocks, entries, originals }, report) {
  const readings = new Map(clocks.readings.map((reading) => [reading.seq, reading]));
  for (const { seq, kind, body } of entries.values()) {
    if (kind !== "recorder.clock-read") continue;
    const { way, recorder, offset_ms, precision_ms } = body, expected = { seq, way, recorder, camera_at: body.device_at, true_at: body.server_at, offset_ms, precision_ms };
    report.same(readings.get(seq), expected, "clocks", `entry:${seq}`, "clocks-mismatch");
    readings.delete(seq);
  }
  for (const [seq, reading] of readings) report.same(reading, undefined, "clocks", `entry:${seq}`, "clocks-mismatch");
  const order = clocks.time_codes.map((code) => [code.seq, code.place_ms, code.text]);
  const isRising = order.every((each, i) => !i || each[0] > order[i - 1][0] || (each[0] === order[i - 1][0] && (each[1] > order[i - 1][1] || (each[1] === order[i - 1][1] && byCodePoint(each[2], order[i - 1][2]) > 0))));
  report.expect(isRising, "clocks", "path:data/clocks.json", "clocks-mismatch", { about: "time_codes", reason: "order" });
  for (const { seq, kind, body } of entries.values()) {
    const isProven = kind === "recording.time-code-read" && Array.isArray(body.proofs) && body.proofs.length && originals.some((file) => file.file === body.file);
    if (isProven) report.expect(order.some((each) => each[0] === seq), "clocks", `entry:${seq}`, "clocks-mismatch", { about: "time_codes" });
  }
  for (const code of clocks.time_codes) checkTimeCode(code, entries, originals, report);
}

// The office had this very text, with its second, before the second came: its hash leads to the root entered before.
function checkTimeCode(code, entries, originals, report) {
  const subject = `entry:${code.seq}`, { proof } = code, read = entries.get(code.seq), shown = entries.get(proof.root_seq);
  const say = (name, found, expected) => report.same(found, expected, "clocks", subject, "clocks-mismatch", name);
  say("kind", read?.kind, "recording.time-code-read");
  say("kind", shown?.kind, "recorder.time-shown");
  if (!read || !shown) return;
  say("file", originals.find((file) => file.number === code.file)?.file, read.body.file);
  say("row", code.row, read.body.named?.id);
  say("showing", shown.body.showing, read.body.showing);
  say("size", proof.size, shown.body.seconds);
  const isSeen = (Array.isArray(read.body.seen) ? read.body.seen : []).some((each) => Array.isArray(each) && each[0] === code.text && each[1] === code.place_ms);
  const isProven = (Array.isArray(read.body.proofs) ? read.body.proofs : []).some((each) => isAlike(each, { index: proof.index, path: proof.path }));
  report.expect(isSeen, "clocks", subject, "clocks-mismatch", { about: "seen", found: code.text });
  report.expect(isProven, "clocks", subject, "clocks-mismatch", { about: "proofs" });
  const root = rootOf(leafHash(utf8(code.text)), BigInt(proof.index), BigInt(proof.size), proof.path.map(unhex));
  say("root", root ? hexOf(root) : "–", shown.body.root);
}

// The journal's signatures; and the passkeys' PEM, which are for whoever checks with openssl. Gives their paths.
async function checkSignatures({ entries, bag }, report) {
  const signatures = new Signatures(), keys = new Map(), paths = new Set();
  for (const entry of entries.values()) {
    const isChecked = isSignedKind(entry.kind) || entry.kind === "account.passkey-enrolled";
    const faults = signatures.check(entry);
    if (isChecked) report.item("signatures", `entry:${entry.seq}`);
    for (const [kind, evidence] of faults) report.fault("signatures", `entry:${entry.seq}`, `signature-${kind}`, evidence);
    for (const signature of isSignedKind(entry.kind) && Array.isArray(entry.body.signatures) ? entry.body.signatures : []) {
      const credential = signature?.assertion?.credential_id;
      if (!isText(credential) || keys.has(credential)) continue;
      const path = `keys/${keys.size + 1}.pem`;
      keys.set(credential, path);
      await checkPem(bag, path, entries, credential, report);
    }
  }
  for (const path of keys.values()) paths.add(`data/${path}`);
  for (const path of bag.files.keys()) if (path.startsWith("data/keys/") && !paths.has(path)) report.fault("key", bag.named(path), "key-mismatch");
  return keys;
}

async function checkPem(bag, path, entries, credential, report) {
  const enrolled = [...entries.values()].find((each) => each.kind === "account.passkey-enrolled" && each.body.credential_id === credential);
  const key = enrolled ? coseKey(enrolled.body.public_key) : null, pem = await bag.text(`data/${path}`), info = pem === null ? null : pemOf(pem);
  report.expect(key && info && isSame(key.spki, info), "key", `path:data/${path}`, "key-mismatch", { found: pem ?? "–", expected: key ? base64(key.spki) : "–" });
}
