// What package.json lists: numbers, names, volumes; and whether the manifests name the same.
"use strict";

const ALWAYS = ["letter.pdf", "contents.pdf", "journal/extract.json", "journal/extract.pdf", "clocks.json", "ledger/checkpoint.txt", "ledger/key.txt", "ledger/key.pem"];
const TAGS = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt", "README.txt", "index.html", "verify.py"];
const OF_ORIGINAL = ["kind", "recording", "file", "card_path", "row", "seq", "recorded_at", "duration_ms", "clock", "volume"];
const RESERVED = /^(CON|PRN|AUX|NUL|(COM|LPT)[1-9\u00b9\u00b2\u00b3])$/;

// The name under which an original lies in its folder, from its path on the card.
function safeName(cardPath) {
  const whole = [...cardPath.split("/").pop().normalize("NFC")].map((sign) => (UNFIT.test(sign) ? "_" : sign)).join("");
  const dot = whole.lastIndexOf("."), isSuffix = dot > 0 && utf8(whole.slice(dot)).length <= 16;
  const [stem, suffix] = isSuffix ? [whole.slice(0, dot), whole.slice(dot)] : [whole, ""];
  const cut = new TextDecoder().decode(utf8(stem).slice(0, 120)).replace(/\ufffd+$/, "") + suffix;
  const name = cut.replace(/[. ]+$/, (end) => "_".repeat(end.length)) || "_";
  return RESERVED.test(name.split(".")[0].replace(/ +$/, "").toUpperCase()) ? `_${name}` : name;
}

const isStretch = (cut) => cut === null || (cut.asked_from_ms <= cut.asked_until_ms && cut.from_ms <= cut.until_ms && cut.from_ms <= cut.asked_from_ms);

// Numbers and names of originals, and of what is made of them.
function checkNumbers({ whole, originals }, report) {
  const subject = "path:data/package.json", bad = (evidence) => report.fault("list", subject, "list-mismatch", evidence), cuts = new Map();
  whole.files.forEach((file, i) => {
    const about = String(file.number), isOwn = file.what === "original", of = originals[file.of - 1];
    if (!isSafe(file.path)) report.fault("list", subject, "unsafe-path", { found: file.path });
    if (file.number !== i + 1 || isOwn !== i < originals.length) bad({ about, reason: "order" });
    report.item("originals", `file:${file.number}`);
    if (isOwn) {
      const expected = `recordings/${numbered(file.number)}/${safeName(file.card_path)}`;
      if (file.path !== expected || file.of !== null || file.cut !== null) bad({ about, found: file.path, expected });
      return;
    }
    const other = of ? OF_ORIGINAL.filter((name) => !isAlike(file[name], of[name])) : [];
    if (!of || other.length) { report.fault("originals", `file:${file.number}`, "derivative-of-nothing", { about: other.join(", "), found: String(file.of) }); return; }
    cuts.set(file.of, (cuts.get(file.of) ?? 0) + (file.what === "cut"));
    const expected = file.what === "cut" ? `cuts/${numbered(file.of)}-${cuts.get(file.of)}.` : `playable/${numbered(file.of)}.`;
    if (!file.path.startsWith(expected) || !/^[a-z0-9]{1,8}$/.test(file.path.slice(expected.length))) bad({ about, found: file.path, expected });
    if ((file.cut !== null) !== (file.what === "cut") || !isStretch(file.cut)) bad({ about, found: spelt(file.cut) });
  });
  const volumes = originals.map((file) => file.volume), rising = [...volumes].sort((one, two) => one - two);
  if (!isAlike(volumes, rising) || new Set(volumes).size !== whole.volumes || rising[rising.length - 1] !== whole.volumes) bad({ about: "volume", found: volumes.join(", ") });
}

// The papers are those of the format, all of them and no others; in their order.
function checkNames({ whole, originals, bag }, report) {
  const subject = "path:data/package.json", bad = (evidence) => report.fault("list", subject, "list-mismatch", evidence);
  const listed = whole.papers.map((paper) => paper.path), expected = new Set([...ALWAYS, ...originals.map((file) => `custody/${numbered(file.number)}.json`),
    ...whole.entries.flatMap((seq) => [`ledger/entries/${seq}.json`, `ledger/entries/${seq}.tlog-proof`])]);
  for (const path of listed) if (!expected.delete(path) && !/^keys\/[1-9][0-9]*\.pem$/.test(path)) bad({ about: "papers", found: path });
  for (const path of expected) bad({ about: "papers", expected: path });
  if (!isAlike(listed, [...listed].sort(byCodePoint)) || new Set(listed).size !== listed.length) bad({ about: "papers", reason: "order" });
  if (whole.entries.some((seq, i) => i && seq <= whole.entries[i - 1])) bad({ about: "entries", reason: "order" });
  for (const path of Object.keys(bag.manifests).filter((name) => name.startsWith("tag")).flatMap((name) => [...bag.manifests[name].keys()])) {
    if (!TAGS.includes(path)) report.fault("list", bag.named(path), "list-mismatch", { found: path });
  }
}

// package.json and the manifests of one bag name the same files, sizes and digests.
function checkLists(bag, whole, report) {
  const here = [...whole.files.filter((file) => file.volume === bag.volume), ...whole.papers];
  const expected = new Map(here.map((each) => [`data/${each.path}`, each])), subject = (path) => bag.named(path);
  const manifests = ["sha256", "sha512"].map((each) => [each, bag.manifests[`manifest-${each}.txt`]]);
  for (const [path, listed] of expected) {
    report.item("list", subject(path));
    for (const [name, manifest] of manifests) report.same(manifest.get(path), listed[name], "list", subject(path), "list-mismatch", `manifest-${name}.txt`);
    const file = bag.files.get(path);
    // Of a changed file the size says nothing more.
    if (file && !bag.changed.has(path)) report.same(file.size, listed.size, "list", subject(path), "list-mismatch", "size");
  }
  for (const [name, manifest] of manifests) {
    for (const path of manifest.keys()) {
      if (path !== "data/package.json" && !expected.has(path)) report.fault("list", subject(path), "list-mismatch", { about: `manifest-${name}.txt` });
    }
  }
  const { demand } = whole, day = local(millis(whole.approval.at)).toISOString().slice(0, 10), described = `${demand.authority}, № ${demand.their_number}, ${demand.dated_on}`;
  const said = [["Source-Organization", whole.division.name], ["External-Identifier", whole.package], ["External-Description", described], ["Bagging-Date", day]];
  if (bag.volumes > 1) said.push(["Bag-Group-Identifier", whole.package]);
  for (const [name, expected] of said) report.same(bag.info.get(name), expected, "list", subject("bag-info.txt"), "list-mismatch", name);
  report.same(bag.volumes, whole.volumes, "list", subject("bag-info.txt"), "list-mismatch", "Bag-Count");
}
