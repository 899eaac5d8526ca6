// A bag (BagIt, RFC 8493), from the files of a folder that the reader has chosen.
"use strict";

const DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const ALGORITHMS = { sha256: 32, sha512: 64 };
const MANIFESTS = ["manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"];
// Of package.json, of another paper, of a manifest: what is larger is not read whole.
const MAX_PACKAGE = 6 << 20, MAX_PAPER = 4 << 20, MAX_MANIFEST = 64 << 20;
const BAG_INFO = ["Source-Organization", "External-Identifier", "External-Description", "Bagging-Date", "Payload-Oxum"], OF_SEVERAL = ["Bag-Group-Identifier", "Bag-Count"];
// Control characters, what file systems refuse, and what turns the direction of writing or breaks lines.
const UNFIT = /["*:<>?\\|%\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

const isSafe = (path) => path.length <= 1024 && !UNFIT.test(path)
  && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");

// The bags among the chosen files (each with its `path`): by the folder that holds them, the outermost first.
function bagsOf(chosen) {
  const folders = chosen.filter(({ path }) => /(^|\/)bagit\.txt$/.test(path)).map(({ path }) => path.slice(0, -"bagit.txt".length));
  folders.sort((one, other) => one.length - other.length);
  const outermost = folders.filter((folder, i) => !folders.slice(0, i).some((outer) => folder.startsWith(outer)));
  // A folder in which even this is missing is a package with a fault, not no package.
  if (!outermost.length && chosen.length) outermost.push(chosen[0].path.includes("/") ? `${chosen[0].path.split("/")[0]}/` : "");
  return outermost.map((folder) => new Bag(folder, chosen.filter(({ path }) => path.startsWith(folder))));
}

class Bag {
  constructor(folder, chosen) {
    this.name = folder.split("/").filter(Boolean).pop() ?? "";
    this.files = new Map(chosen.map(({ path, file }) => [path.slice(folder.length), file]));
    this.changed = new Set();
    this.papers = new Map();
    this.volume = 1;
    this.volumes = 1;
  }

  // The octets of a paper, read once; null if it is not there or no paper. Read before anything is believed of it.
  async octets(path) {
    const file = this.files.get(path);
    if (!this.papers.has(path)) {
      let octets = null;
      if (file && file.size <= (path === "data/package.json" ? MAX_PACKAGE : MANIFESTS.includes(path) ? MAX_MANIFEST : MAX_PAPER)) {
        try { octets = new Uint8Array(await file.arrayBuffer()); } catch (error) { if (!(error instanceof DOMException)) throw error; }
      }
      this.papers.set(path, octets);
    }
    return this.papers.get(path);
  }

  async text(path) {
    const octets = await this.octets(path);
    return octets ? textOf(octets) : null;
  }

  // Reads what says what the bag has; tells what is wrong with that.
  async open(report) {
    const tell = (path, holds, evidence = {}) => report.expect(holds, "bag", this.named(path), "bag-malformed", evidence);
    tell("bagit.txt", await this.text("bagit.txt") === DECLARATION, { expected: DECLARATION });
    await this.readInfo(tell);
    this.manifests = {};
    for (const name of MANIFESTS) {
      const { found, unsafe, isSound } = readManifest(await this.octets(name), ALGORITHMS[name.slice(-10, -4)], !name.startsWith("tag"));
      this.manifests[name] = found;
      tell(name, isSound);
      for (const path of unsafe) report.fault("bag", this.named(name), "unsafe-path", { found: path });
    }
    for (const kind of ["manifest", "tagmanifest"]) {
      const [one, other] = ["sha256", "sha512"].map((each) => [...this.manifests[`${kind}-${each}.txt`].keys()].sort());
      tell(`${kind}-sha512.txt`, isAlike(one, other), { about: `${kind}-sha256.txt` });
    }
  }

  async readInfo(tell) {
    const text = await this.text("bag-info.txt"), lines = text && text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
    const pairs = lines.map((line) => /^([^\s:][^:]*): ([^]*)$/.exec(line));
    const names = pairs.map((pair) => pair?.[1] ?? null);
    tell("bag-info.txt", isAlike(names, BAG_INFO) || isAlike(names, [...BAG_INFO, ...OF_SEVERAL]));
    this.info = new Map(pairs.filter(Boolean).map(([, name, value]) => [name, value]));
    const payload = [...this.files].filter(([path]) => path.startsWith("data/"));
    const oxum = `${payload.reduce((total, [, file]) => total + file.size, 0)}.${payload.length}`;
    tell("bag-info.txt", this.info.get("Payload-Oxum") === oxum, { about: "Payload-Oxum", found: oxum, expected: this.info.get("Payload-Oxum") ?? "–" });
    const count = /^([1-9][0-9]{0,5}) of ([1-9][0-9]{0,5})$/.exec(this.info.get("Bag-Count") ?? "1 of 1");
    const isSound = count && Number(count[1]) <= Number(count[2]);
    tell("bag-info.txt", isSound, { about: "Bag-Count", found: this.info.get("Bag-Count") ?? "–" });
    if (isSound) [this.volume, this.volumes] = [Number(count[1]), Number(count[2])];
  }

  // Every file is read from its beginning to its end, and held against both manifests.
  async checkFiles(report, digester, told) {
    const listed = new Set();
    for (const kind of ["manifest", "tagmanifest"]) {
      for (const each of ["sha256", "sha512"]) for (const path of this.manifests[`${kind}-${each}.txt`].keys()) listed.add(path);
    }
    for (const path of listed) if (!this.files.has(path)) report.fault("files", this.named(path), "file-missing");
    for (const path of [...this.files.keys()].sort()) {
      if (path.startsWith("tagmanifest-")) continue;
      if (!listed.has(path)) report.fault("files", this.named(path), "file-added");
      await this.checkFile(path, report, digester, told);
    }
  }

  async checkFile(path, report, digester, told) {
    const subject = this.named(path), kind = path.startsWith("data/") ? "manifest" : "tagmanifest";
    let digests;
    try {
      digests = await digester.digest(this.files.get(path), (octets) => told(octets, path));
    } catch (error) {
      if (!(error instanceof DOMException) || error.name === "AbortError") throw error;
      this.changed.add(path);
      report.fault("files", subject, "file-missing", { reason: "unreadable", found: error.name });
      return;
    }
    for (const each of Object.keys(ALGORITHMS)) {
      const expected = this.manifests[`${kind}-${each}.txt`].get(path);
      if (expected === undefined) continue;
      const holds = report.expect(expected === digests[each], "files", subject, "file-changed", { about: each, found: digests[each], expected });
      if (!holds) this.changed.add(path);
    }
  }

  hasIntact(path) { return this.files.has(path) && !this.changed.has(path) && MANIFESTS.some((name) => this.manifests[name].has(path)); }

  named(path) { return `path:${this.volumes > 1 ? `${this.name}/` : ""}${path}`; }
}

// Digests by path, up to the first line that is none, or not in its order; and paths that lead elsewhere.
function readManifest(octets, size, isPayload) {
  const found = new Map(), unsafe = [];
  let last = "", isSound = octets !== null, end = 0;
  for (let at = 0; isSound && at < octets.length; at = end + 1) {
    end = octets.indexOf(10, at);
    const line = end < 0 ? null : textOf(octets.subarray(at, end)), parts = /^([0-9a-f]+) {2}([^]+)$/.exec(line ?? "");
    isSound = parts !== null && parts[1].length === 2 * size && byCodePoint(parts[2], last) > 0 && parts[2].startsWith("data/") === isPayload;
    if (!isSound) break;
    last = parts[2];
    if (isSafe(last)) found.set(last, parts[1]); else unsafe.push(last);
  }
  return { found, unsafe, isSound };
}
