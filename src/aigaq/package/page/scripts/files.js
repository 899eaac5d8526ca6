// The list of files, each with its facts, its place on the disc, and what happened to it.
"use strict";

function showFiles() {
  document.getElementById("file-list").replaceChildren(...CLIPS.map(fileOf));
}

function fileOf(clip) {
  const { file } = clip, list = make("dl", { class: "facts" }), duty = EXTRACT_SHOWN.rows.find((row) => row.row === file.row);
  facts(list, [
    ["files.kind", () => `${called("kind", file.kind)}, ${sizeOf(file.size)}${file.duration_ms === null ? "" : `, ${lengthOf(file.duration_ms)}`}`],
    ["files.card", file.card_path, { class: "mono" }],
    ["files.row", duty ? () => word("files.row-is", { number: duty.number, book: duty.book }) : null],
    ["files.recorded", file.recorded_at ? () => word("files.recorded-is", { at: moment(file.recorded_at) }) : null],
    ["files.clock", () => offsetOf(file.clock)],
    ["files.entry", String(file.seq)],
    ["SHA-256", file.sha256, { class: "mono" }],
    ["SHA-512", file.sha512, { class: "mono" }],
    ["files.volume", PACKAGE_SHOWN.volumes > 1 ? String(file.volume) : null],
  ]);
  const title = make("h3", {}, make("span", { class: "mono" }, `${numbered(file.number)} `), clip.name);
  const item = make("li", { id: `file-${file.number}` }, title, make("p", { class: "actions" }, linkTo(file)), list, custodyOf(file));
  if (clip.made.length) item.append(make("ul", { class: "made-of" }, ...clip.made.map((each) => madeOf(each, file))));
  return item;
}

// A path from this page: the browser opens it, or offers to keep it.
function linkTo(file) {
  const places = placesOf({ ...file, path: file.path }), address = places[places.length - 1];
  return make("a", { href: address, download: file.path.split("/").pop(), class: "mono" }, `data/${file.path}`);
}

// What is made of it has a digest of its own, and says of what: so neither is taken for the other.
function madeOf(file, original) {
  const list = make("dl", { class: "facts" });
  facts(list, [["files.size", () => sizeOf(file.size)], ["files.recipe", file.cut ? spelt(file.cut.recipe) : null], ["SHA-256", file.sha256, { class: "mono" }], ["files.source", original.sha256, { class: "mono" }]]);
  return make("li", {}, saying("p", {}, () => `${versionOf(file)} – ${word("files.derived", { number: numbered(file.of) })}`), make("p", {}, linkTo(file)), list);
}

// Drawn when it is looked at: a file may have been seen many times.
function custodyOf(file) {
  const paper = SHOWN.get(`data/custody/${numbered(file.number)}.json`), box = make("details", { class: "unfold custody" }, saying("summary", {}, () => word("custody.title", { number: paper.steps.length })));
  box.addEventListener("toggle", () => {
    if (!box.open || box.querySelector("ol")) return;
    box.append(make("ol", { class: "steps" }, ...paper.steps.map((step) => make("li", {}, make("span", { class: "when" }, moment(step.at)), saying("span", { class: "words" }, () => step.words[language]), make("span", { class: "less" }, step.actor || (() => word("custody.machine")), () => ` · ${word("custody.entry", { seq: step.seq })}`)))));
  });
  return box;
}
