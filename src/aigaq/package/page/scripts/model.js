// The package as this page was made from it: files with their places in time, and duties by rows of the journal.
"use strict";

const PACKAGE_SHOWN = SHOWN.get("data/package.json"), EXTRACT_SHOWN = SHOWN.get("data/journal/extract.json"), CLOCKS_SHOWN = SHOWN.get("data/clocks.json");
const OWN_VOLUME = SHOWN.get("volume");

// Folders that the reader chose: what is played then is what was checked.
const chosenFiles = new Map();

class Clip {
  constructor(file) {
    this.file = file;
    this.name = file.path.split("/").pop();
    this.camera = file.recorded_at === null ? null : millis(file.recorded_at);
    this.isTimed = file.clock.known !== "unknown";
    // Where nothing is known of the camera's clock, it is all there is.
    this.begins = this.camera === null ? null : this.camera - (this.isTimed ? file.clock.offset_ms : 0);
    this.length = file.duration_ms ?? 0;
    this.made = PACKAGE_SHOWN.files.filter((each) => each.of === file.number);
  }

  get ends() { return this.begins === null ? null : this.begins + this.length; }
  get isPlayed() { return this.file.kind === "video" || this.file.kind === "audio"; }
  // A copy that browsers play comes first; the cuts are there to be chosen.
  get versions() {
    const copies = this.made.filter((each) => each.what === "playable"), cuts = this.made.filter((each) => each.what === "cut");
    return [...copies, this.file, ...cuts];
  }
}

const CLIPS = PACKAGE_SHOWN.files.filter((file) => file.what === "original").map((file) => new Clip(file));
const byTime = (one, other) => (one.begins === null) - (other.begins === null) || one.begins - other.begins || one.file.number - other.file.number;

// A row of the extract with its files; and what is of no row.
const DUTIES = [...EXTRACT_SHOWN.rows.map((row) => [row, row.row]), [null, null]]
  .map(([row, id]) => ({ row, clips: CLIPS.filter(({ file }) => (EXTRACT_SHOWN.rows.some((each) => each.row === file.row) ? file.row : null) === id).sort(byTime) }))
  .filter(({ row, clips }) => row || clips.length);

// Where a file may be: chosen; beside this page; in another volume's folder that lies beside this one.
function placesOf(file) {
  const path = `data/${file.path}`.split("/").map(encodeURIComponent).join("/"), chosen = chosenFiles.get(`${PACKAGE_SHOWN.package}/${file.path}`);
  const name = `aigaq-${encodeURIComponent(PACKAGE_SHOWN.package.replaceAll("-", "").slice(0, 8))}-${file.volume}-of-${PACKAGE_SHOWN.volumes}`;
  const beside = file.volume === OWN_VOLUME ? path : `../${name}/${path}`;
  return [...(chosen ? [URL.createObjectURL(chosen)] : []), beside];
}

const coverageOf = (row) => (row.coverage === null ? null : SHOWN.get(`data/ledger/entries/${row.coverage}.json`)?.body ?? null);
const entriesShown = () => [...SHOWN].filter(([path]) => path.startsWith("data/ledger/entries/")).map(([, entry]) => entry);
