// Each duty: its time line, the player when it plays one of its files, and the files themselves.
"use strict";

class DutyView {
  constructor(duty, player) {
    this.clips = duty.clips;
    this.player = player;
    this.timeline = new Timeline(duty, (at) => this.seek(at));
    const { row } = duty;
    const title = saying("h3", {}, row ? () => word("duties.row", { number: row.number, book: row.book, recorder: row.recorder, inspector: row.inspector }) : () => word("duties.none"));
    const when = row ? saying("p", { class: "hint" }, () => word(row.returned ? "duties.when" : "duties.open", { from: moment(row.issued.at), until: row.returned ? moment(row.returned.at) : "" })) : null;
    const list = make("ol", { class: "clips" }, ...this.clips.map((clip) => this.line(clip)));
    this.element = make("section", { class: "sheet duty" }, title, when, make("div", { class: "place" }), this.timeline.figure ?? null, list);
    if (!this.clips.length) list.replaceWith(saying("p", { class: "empty" }, () => word("duties.no-files")));
  }

  line(clip) {
    const { file } = clip, button = saying("button", { type: "button", class: "small" }, () => word(clip.isPlayed ? "play.play" : "play.show"));
    button.addEventListener("click", () => this.play(clip));
    if (file.kind === "other") button.hidden = true;
    const when = () => (clip.camera === null ? word("unknown-time") : `${momentOf(clip.begins)}${clip.length ? ` · ${lengthOf(clip.length)}` : ""}`);
    const item = make("li", {}, make("span", { class: "mono" }, `${numbered(file.number)} `), make("b", {}, clip.name), saying("span", { class: "less" }, when), saying("span", { class: "less offset" }, () => offsetOf(file.clock)), button);
    item.dataset.number = file.number;
    return item;
  }

  play(clip) {
    this.player.attach(this);
    this.player.open(clip, clip.versions[0], 0, clip.isPlayed);
    this.element.scrollIntoView({ block: "nearest" });
  }

  seek(at) {
    this.player.attach(this);
    this.player.seek(at);
  }

  mark(clip) {
    for (const item of document.querySelectorAll(".clips li")) item.toggleAttribute("aria-current", item.dataset.number === String(clip.file.number));
  }
}

// Gives the views.
function showDuties() {
  const player = new Player(), list = document.getElementById("duty-list"), views = DUTIES.map((duty) => new DutyView(duty, player));
  list.replaceChildren(...views.map((view) => view.element));
  const first = views.find((view) => view.clips.some((clip) => clip.isPlayed)) ?? views.find((view) => view.clips.some((clip) => clip.file.kind === "photo"));
  if (!first) return views;
  player.attach(first);
  player.open(first.clips.find((clip) => clip.isPlayed) ?? first.clips.find((clip) => clip.file.kind === "photo"));
  return views;
}
