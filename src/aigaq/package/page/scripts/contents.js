// package.json, the ledger's key, checkpoint and entries: what the rest is held against.
"use strict";

// One reading of a package, whose papers are the same in every volume.
class Contents {
  constructor(bag, report) {
    this.bag = bag;
    this.report = report;
    this.entries = new Map();
    this.whole = null;
    this.proven = 0;
  }

  // A JSON paper, if it is canonical and of its form; else the fault is told, and null.
  async paper(path, shape) {
    const octets = await this.bag.octets(path), subject = `path:${path}`;
    if (!octets) { this.report.fault("list", subject, "package-malformed", { reason: "unreadable" }); return null; }
    let value;
    try { value = decoded(octets); } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.report.fault("list", subject, "package-malformed", { reason: "canonical", found: error.message });
      return null;
    }
    return this.report.expect(fits(value, shape), "list", subject, "package-malformed", { reason: "form" }) ? value : null;
  }

  async open() {
    this.whole = await this.paper("data/package.json", PACKAGE);
    this.extract = await this.paper("data/journal/extract.json", EXTRACT);
    this.clocks = await this.paper("data/clocks.json", CLOCKS);
    this.custody = new Map();
    for (const file of this.originals) this.custody.set(file.number, await this.paper(`data/custody/${numbered(file.number)}.json`, CUSTODY));
    await this.openKey();
    await this.openEntries();
    this.checkSpokenOf();
    if (this.whole) { checkNumbers(this, this.report); checkNames(this, this.report); }
  }

  get originals() { return (this.whole?.files ?? []).filter((file) => file.what === "original"); }

  // One key in package.json, key.txt and key.pem; and the checkpoint is signed with it.
  async openKey() {
    const { bag, report, whole } = this, [text, pem, note] = [await bag.text("data/ledger/key.txt"), await bag.text("data/ledger/key.pem"), await bag.text("data/ledger/checkpoint.txt")];
    const stated = whole ? whole.ledger.key : (text ?? "").trim(), key = keyOf(stated), checkpoint = note === null ? null : checkpointOf(note), info = pem === null ? null : pemOf(pem);
    const told = (name, holds, found, expected = stated) => report.expect(holds, "key", `path:data/ledger/${name}`, "key-mismatch", { found: found ?? "–", expected });
    told("key.txt", key && text === `${key.text}\n`, text);
    told("key.pem", key && info && isSame(info, joined(unhex(PUBLIC_KEY), key.key)), pem);
    const isSound = report.expect(checkpoint, "key", "path:data/ledger/checkpoint.txt", "checkpoint-signature", { reason: "form" });
    const holds = isSound && report.expect(key && checkpoint.origin === key.name && isSignedBy(checkpoint, key), "key", "path:data/ledger/checkpoint.txt", "checkpoint-signature", { found: checkpoint.origin, expected: stated });
    // What does not hold proves nothing.
    [this.key, this.checkpoint] = [key, holds ? checkpoint : null];
    if (!whole || !holds) return;
    const { ledger } = whole, said = [ledger.origin, ledger.size, ledger.root], signed = [checkpoint.origin, Number(checkpoint.size), base64(checkpoint.root)];
    told("checkpoint.txt", isAlike(said, signed), said.join(" "), signed.join(" "));
  }

  async openEntries() {
    const { bag, whole } = this, form = /^data\/ledger\/entries\/(0|[1-9][0-9]{0,15})\.(json|tlog-proof)$/;
    const lying = [...bag.files.keys()].map((path) => form.exec(path)).filter(Boolean).map((found) => Number(found[1]));
    // Files of entries that package.json does not list are told where the lists are compared.
    this.numbers = [...new Set(whole ? whole.entries : lying)].sort((one, other) => one - other);
    for (const seq of this.numbers) await this.openEntry(seq);
  }

  async openEntry(seq) {
    const { bag, report } = this, subject = `entry:${seq}`, tell = (kind, evidence) => report.fault("entries", subject, kind, evidence);
    const octets = await bag.octets(`data/ledger/entries/${seq}.json`), text = await bag.text(`data/ledger/entries/${seq}.tlog-proof`);
    report.item("entries", subject);
    if (!octets) { tell("entry-missing"); return; }
    try {
      const entry = entryOf(octets);
      if (entry.seq !== seq) tell("entry-malformed", { about: "seq", found: spelt(entry.seq), expected: String(seq) });
      else this.entries.set(seq, entry);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      tell("entry-malformed", { found: error.message });
    }
    this.proven += this.isProven(seq, octets, text === null ? null : proofOf(text), tell);
  }

  // The proof is of this entry, under the package's own checkpoint, and leads to its root.
  isProven(seq, octets, proof, tell) {
    const { checkpoint } = this, origin = checkpoint ? checkpoint.origin : "–";
    if (!proof) { tell("entry-not-proven", { reason: "proof-form" }); return false; }
    if (proof.index !== BigInt(seq)) { tell("entry-not-proven", { about: "index", found: String(proof.index), expected: String(seq) }); return false; }
    if (proof.checkpoint.note !== checkpoint?.note) { tell("entry-not-proven", { reason: "other-checkpoint", found: proof.checkpoint.origin, expected: origin }); return false; }
    const root = rootOf(leafHash(octets), BigInt(seq), checkpoint.size, proof.path), holds = root !== null && isSame(root, checkpoint.root);
    if (!holds) tell("entry-not-proven", { about: "root", found: root ? base64(root) : "–", expected: base64(checkpoint.root) });
    return holds;
  }

  // By whose right something was done, and who signed it: an entry tells of each.
  checkRights() {
    const all = [...this.entries.values()], told = (kind, name) => new Set(all.filter((each) => each.kind === kind).map(({ body }) => body[name]));
    const appointed = told("registry.appointed", "appointment"), people = told("registry.person-added", "person");
    for (const { seq, kind, right, body } of all) {
      const rights = [right?.appointment, right?.stands_in_for].filter(isText).filter((each) => !appointed.has(each));
      const signatures = isSignedKind(kind) && Array.isArray(body.signatures) ? body.signatures : [];
      const signers = signatures.map((each) => each?.signer?.id).filter(isText).filter((each) => !people.has(each));
      for (const found of [...rights, ...signers]) this.report.fault("entries", `entry:${seq}`, "entry-missing", { about: "registry", found });
    }
  }

  // What a paper speaks of has to be there. (Of the extract every cell is held against the entries.)
  checkSpokenOf() {
    const { whole, clocks, custody, report } = this, spoken = [];
    const add = (path, ...numbers) => spoken.push(...numbers.filter((seq) => seq !== null).map((seq) => [path, seq]));
    if (whole) add("data/package.json", whole.demand.seq, whole.approval.seq, ...this.originals.flatMap((file) => [file.seq, file.clock.seq]));
    if (clocks) add("data/clocks.json", ...clocks.time_codes.map((code) => code.seq));
    for (const [number, paper] of custody) if (paper) add(`data/custody/${numbered(number)}.json`, ...paper.steps.map((step) => step.seq));
    this.checkRights();
    for (const [about, seq] of spoken) if (!this.entries.has(seq)) report.fault("entries", `entry:${seq}`, "entry-missing", { about });
  }
}
