// Checks everything there is in the chosen folders, goes on after each fault, and reports all.
"use strict";

class Checker {
  constructor() {
    this.bags = new Map();
    this.contents = null;
  }

  // Folders are added one after the other. The same volume again takes the place of the one before.
  add(chosen) {
    const found = bagsOf(chosen);
    for (const bag of found) this.bags.set(bag.name, bag);
    return found.length;
  }

  get octets() { return [...this.bags.values()].reduce((total, bag) => [...bag.files.values()].reduce((sum, file) => sum + file.size, total), 0); }

  // `told(octets, path)` after each piece. Throws an AbortError when `signal` says to stop; any other fault is in the report.
  async run(told, signal) {
    this.contents = null;
    const report = new Report(), bags = [...this.bags.values()], digester = await new Digester(signal).open();
    try {
      for (const bag of bags) await bag.open(report);
      for (const bag of bags) await bag.checkFiles(report, digester, told);
      if (bags.length) await this.checkPapers(bags, report);
    } finally { digester.close(); }
    const intact = (this.contents?.originals ?? []).filter((file) => bags.some((bag) => bag.hasIntact(`data/${file.path}`)));
    [report.proven, report.intact] = [this.contents?.proven ?? 0, intact.length];
    if (!report.proven || !report.intact) report.fault("bag", `path:${bags[0]?.name ?? ""}`, "nothing-to-check");
    report.isFinished = true;
    return report;
  }

  async checkPapers(bags, report) {
    const contents = new Contents(bags[0], report), octets = await bags[0].octets("data/package.json");
    contents.packageDigest = octets ? hexOf(sha256(octets)) : "–";
    this.contents = contents;
    await contents.open();
    contents.filesDigest = contents.whole ? digestOfJson(contents.whole.files) : "–";
    const keys = await checkSignatures(contents, report);
    // Without the list of contents the rest has nothing to be held against.
    if (!contents.whole) return;
    checkOriginals(contents, report);
    if (contents.extract) checkExtract(contents.extract, [...contents.entries.values()], keys, new Set(contents.whole.files.map((file) => file.row)), report);
    checkCustody(contents, report);
    if (contents.clocks) checkClocks(contents, report);
    checkDemand(contents, report);
    for (const bag of bags) checkLists(bag, contents.whole, report);
    await this.checkVolumes(bags, contents.whole, report);
    await checkShown(contents, report);
  }

  async checkVolumes(bags, whole, report) {
    const given = new Map();
    for (const bag of bags) {
      const subject = `path:${bag.name}`, own = await bag.octets("data/package.json"), first = await bags[0].octets("data/package.json");
      if (bags.length > 1) report.expect(own && isSame(own, first), "volumes", subject, "volume-mismatch", { about: "package.json" });
      if (given.has(bag.volume)) report.fault("volumes", subject, "volume-mismatch", { about: "Bag-Count", found: String(bag.volume) });
      given.set(bag.volume, bag);
    }
    report.elsewhere = whole.files.filter((file) => !given.has(file.volume));
    // What was asked for here is a whole: a file that package.json has, and no volume given has, is told in `elsewhere`.
  }
}

// What this page shows is what the folder has: it was made from those papers.
async function checkShown({ bag, whole }, report) {
  if (SHOWN.get("data/package.json")?.package !== whole.package) { report.isOther = true; return; }
  for (const [path, value] of SHOWN) {
    if (!path.startsWith("data/")) continue;
    const octets = await bag.octets(path), shown = utf8(isText(value) ? value : canonical(value));
    report.expect(octets && isSame(octets, shown), "page", `path:${path}`, "page-mismatch");
  }
}

// A key, a checkpoint or a receipt's digest from elsewhere, held against the package's. Gives the name of the answer, and what it is about.
function compared(text, { key, checkpoint, packageDigest, filesDigest }) {
  const given = text.replaceAll("\r\n", "\n").trim(), other = keyOf(given), digest = /^(?:sha256:)?([0-9a-fA-F]{64})$/.exec(given);
  if (digest) return [digest[1].toLowerCase() === packageDigest ? "digest-same" : digest[1].toLowerCase() === filesDigest ? "files-same" : "digest-other", { expected: packageDigest }];
  if (!key) return ["nothing", {}];
  if (other) return [other.text === key.text ? "key-same" : "key-other", { found: other.text, expected: key.text }];
  const note = checkpointOf(`${given}\n`);
  if (!note) return ["unreadable", {}];
  if (!isSignedBy(note, key)) return ["note-other", { found: note.origin, expected: key.text }];
  if (note.origin !== key.name) return ["note-other", { found: note.origin, expected: key.name }];
  const values = { found: String(note.size), expected: String(checkpoint?.size ?? "–") };
  if (!checkpoint || note.size !== checkpoint.size) return ["note-size", values];
  return [isSame(note.root, checkpoint.root) ? "note-same" : "note-forked", { found: base64(note.root), expected: base64(checkpoint.root) }];
}
