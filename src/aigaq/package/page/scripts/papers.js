// The other papers, held against the entries: originals, demand and approval, custody, clocks and time codes.
"use strict";

const EXACT = ["time-code", "time-file"], CHOOSING = ["disclosure.demand-registered", "disclosure.demand-amended"];
function checkOriginals(contents, report) {
  const { entries } = contents, all = [...entries.values()], rows = new Map();
  const newest = (kind, isIt) => all.filter((each) => each.kind === kind && isIt(each.body)).pop()?.body;
  for (const { kind, body } of all) {
    if (kind === "recording.ingested" && isText(body.row)) rows.set(body.recording, body.row);
    else if (kind === "recording.placed" && Array.isArray(body.recordings)) for (const each of body.recordings) rows.set(each, body.row);
  }
  for (const file of contents.originals) {
    const subject = `file:${file.number}`, entry = entries.get(file.seq);
    report.item("originals", subject);
    if (!entry || !report.expect(entry.kind === "recording.ingested", "originals", subject, "not-in-ledger", { about: "seq", found: entry.kind, expected: "recording.ingested" })) continue;
    const { body } = entry, say = (name, found, expected) => report.same(found, expected, "originals", subject, "not-in-ledger", name);
    say("sha256", `sha256:${file.sha256}`, body.content_digest);
    for (const [name, said] of [["size", "size"], ["card_path", "path"], ["recording", "recording"], ["file", "file"], ["kind", "kind"]]) say(name, file[name], body[said]);
    const began = body.file_recorded_at ?? ((body.ordinal ?? 1) === 1 ? body.recorded_at : null) ?? null, judged = newest("recording.judged", (each) => each.file === file.file);
    say("recorded_at", file.recorded_at, began);
    say("row", file.row, rows.get(file.recording) ?? null);
    say("duration_ms", file.duration_ms, (judged ?? body).judgement?.duration_ms ?? null);
    checkClock(file, entries.get(file.clock.seq), report);
  }
  for (const file of contents.whole?.files ?? []) if (file.what === "playable") checkPlayable(file, contents, report);
}

// An entry says that it was made, and of which octets; of a cut there is none.
function checkPlayable(file, { entries, originals }, report) {
  const digest = originals.find((each) => each.number === file.of)?.sha256;
  const isMade = [...entries.values()].some(({ kind, body }) => kind === "recording.derived" && body.file === file.file && body.source_digest === `sha256:${digest}` && body.content_digest === `sha256:${file.sha256}`);
  report.expect(isMade, "originals", `file:${file.number}`, "derivative-of-nothing", { about: "recording.derived" });
}

function checkClock({ number, clock }, entry, report) {
  const known = EXACT.includes(entry?.body.way) ? "exact" : "at-least", none = { known: "unknown", offset_ms: 0, precision_ms: 0, seq: null };
  if (clock.seq !== null && !entry) return;
  const body = entry?.kind === "recorder.clock-read" ? entry.body : {}, { offset_ms, precision_ms } = body;
  const expected = clock.seq === null ? none : { known, offset_ms: offset_ms ?? null, precision_ms: precision_ms ?? null, seq: clock.seq };
  report.same(clock, expected, "clocks", `file:${number}`, "clocks-mismatch");
}

function checkDemand({ whole, entries, checkpoint, originals }, report) {
  const { demand, approval, division } = whole, asked = entries.get(demand.seq), approved = entries.get(approval.seq);
  const agree = (entry, seq, kind, stated, says) => {
    if (!entry) return;
    const say = (name, found, expected) => report.same(found, expected, "demand", `entry:${seq}`, "demand-mismatch", name);
    if (!say("kind", [entry.kind, entry.division], [kind, division.id])) return;
    for (const [name, value] of Object.entries(stated)) say(name, value, says[name]);
  };
  const paper = asked && isObject(asked.body.document) ? { sha256: String(asked.body.document.content_digest).slice(7), size: asked.body.document.size } : null;
  agree(asked, demand.seq, "disclosure.demand-registered", { ...demand, division }, { ...asked?.body, id: asked?.body.demand, seq: demand.seq, document: paper });
  const document = isObject(approved?.body.document) ? approved.body.document : {}, { id, number, kind, authority, their_number, seq } = demand;
  agree(approved, approval.seq, "disclosure.approved", {
    package: whole.package, profile: whole.profile, division, head: approval.head, at: approval.at, files: originals.length,
    files_digest: `sha256:${digestOfJson(originals.map((file) => file.file).sort(byCodePoint))}`,
    demand: { id, number, kind, authority, their_number, seq },
  }, { ...document, at: approved?.at });
  if (approved) checkChosen(whole, document, [...entries.values()], report);
  if (checkpoint) report.expect(checkpoint.size > BigInt(approval.seq), "demand", `entry:${approval.seq}`, "demand-mismatch", { about: "checkpoint" });
}

// What was approved is what was chosen last; and it is what is here.
function checkChosen({ demand, approval, files }, document, entries, report) {
  const tell = (holds, about) => report.expect(holds, "demand", `entry:${approval.seq}`, "demand-mismatch", { about });
  const last = entries.filter((entry) => CHOOSING.includes(entry.kind)).pop();
  tell(last && document.selection?.seq === last.seq && last.body.demand === demand.id && isAlike(last.body.chosen, document.chosen), "selection");
  const items = (Array.isArray(document.chosen) ? document.chosen : []).filter(isObject), recordings = new Set(items.map((item) => item.recording));
  const asked = items.flatMap((item) => (Array.isArray(item.segments) ? item.segments : []).map((part) => canonical([part?.file ?? null, part?.from_ms ?? null, part?.until_ms ?? null])));
  const cuts = files.filter((file) => file.cut).map((file) => canonical([file.file, file.cut.asked_from_ms, file.cut.asked_until_ms]));
  tell(isAlike([...recordings].sort(), [...new Set(files.map((file) => file.recording))].sort()) && isAlike(asked.sort(), cuts.sort()), "chosen");
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
      const isOfIt = isStepOf(file, kind, body), seen = isOfIt ? "–" : kind;
      if (isOfIt !== told.has(seq)) report.fault("custody", subject, "custody-mismatch", { about: `seq ${seq}`, found: seen, expected: isOfIt ? kind : "–" });
    }
  }
}

// What names the file, or its recording as a whole; and what was done about the demand.
function isStepOf({ file, recording }, kind, body) {
  const isPlaced = kind === "recording.placed" && Array.isArray(body.recordings) && body.recordings.includes(recording);
  if (isPlaced || kind.startsWith("disclosure.")) return true;
  return isText(body.file) ? body.file === file : body.recording === recording;
}

function checkClocks({ clocks, entries, originals }, report) {
  const readings = new Map(clocks.readings.map((reading) => [reading.seq, reading]));
  for (const { seq, kind, body } of entries.values()) {
    if (kind !== "recorder.clock-read") continue;
    const { way, recorder, offset_ms, precision_ms } = body, expected = { seq, way, recorder, camera_at: body.device_at, true_at: body.server_at, offset_ms, precision_ms };
    report.same(readings.get(seq) ?? null, expected, "clocks", `entry:${seq}`, "clocks-mismatch");
    readings.delete(seq);
  }
  for (const [seq, reading] of readings) report.same(reading, undefined, "clocks", `entry:${seq}`, "clocks-mismatch");
  const codes = clocks.time_codes, inOrder = (one, other) => one.file - other.file || one.seq - other.seq || one.place_ms - other.place_ms || byCodePoint(one.text, other.text);
  report.expect(codes.every((code, i) => !i || inOrder(codes[i - 1], code) < 0), "clocks", "path:data/clocks.json", "clocks-mismatch", { about: "time_codes", reason: "order" });
  const proven = new Set();
  for (const { seq, kind, body } of entries.values()) {
    const isProven = kind === "recording.time-code-read" && Array.isArray(body.proofs) && body.proofs.length && originals.some((file) => file.file === body.file);
    if (!isProven) continue;
    proven.add(seq);
    const listed = codes.filter((code) => code.seq === seq).map(({ proof: { index, path } }) => ({ index, path }));
    report.same(listed, body.proofs, "clocks", `entry:${seq}`, "clocks-mismatch", "time_codes");
  }
  report.expect(codes.every((code) => proven.has(code.seq)), "clocks", "path:data/clocks.json", "clocks-mismatch", { about: "time_codes" });
  for (const code of clocks.time_codes) checkTimeCode(code, entries, originals, report);
}

// The office had this very text, with its second, before the second came: its hash leads to the root entered before.
function checkTimeCode(code, entries, originals, report) {
  const subject = `entry:${code.seq}`, { proof } = code, read = entries.get(code.seq), shown = entries.get(proof.root_seq);
  const say = (name, found, expected) => report.same(found, expected, "clocks", subject, "clocks-mismatch", name);
  if (!read || !say("kind", [read.kind, shown?.kind], ["recording.time-code-read", "recorder.time-shown"])) return;
  say("file", originals.find((file) => file.number === code.file)?.file, read.body.file);
  say("row", code.row, read.body.named?.id);
  say("showing", shown.body.showing, read.body.showing);
  say("size", proof.size, shown.body.seconds);
  const isSeen = (Array.isArray(read.body.seen) ? read.body.seen : []).some((each) => Array.isArray(each) && each[0] === code.text && each[1] === code.place_ms);
  report.expect(isSeen, "clocks", subject, "clocks-mismatch", { about: "seen", found: code.text });
  const root = rootOf(leafHash(utf8(code.text)), BigInt(proof.index), BigInt(proof.size), proof.path.map(unhex));
  say("root", root ? hexOf(root) : "–", shown.body.root);
}

// The journal's signatures; and the passkeys' PEM, which are for whoever checks with openssl. Gives their paths.
async function checkSignatures({ entries, bag }, report) {
  const signatures = new Signatures();
  for (const entry of entries.values()) {
    const faults = signatures.check(entry);
    if (isSignedKind(entry.kind) || entry.kind === "account.passkey-enrolled") report.item("signatures", `entry:${entry.seq}`);
    for (const [kind, evidence] of faults) report.fault("signatures", `entry:${entry.seq}`, `signature-${kind}`, evidence);
  }
  const expected = new Map([...signatures.used.values()].map(({ path, spki }) => [`data/${path}`, spki]));
  const there = [...bag.files.keys()].filter((path) => path.startsWith("data/keys/"));
  for (const path of new Set([...expected.keys(), ...there])) {
    if (bag.manifests["manifest-sha256.txt"].has(path) && !bag.files.has(path)) { report.fault("list", bag.named(path), "list-mismatch"); continue; }
    const pem = await bag.text(path), info = pem === null ? null : pemOf(pem), key = expected.get(path);
    report.expect(key && info && isSame(key, info), "key", bag.named(path), "key-mismatch", { found: pem ?? "–", expected: key ? base64(key) : "–" });
  }
  return new Map([...signatures.used].map(([credential, { path }]) => [credential, path]));
}
