// Plays the files of a duty one after the other, where they lie: nothing is copied, nothing is changed.
"use strict";

const LEAP = 10, FRAME = 1 / 25;

class Player {
  constructor() {
    this.element = document.getElementById("player-form").content.firstElementChild.cloneNode(true);
    this.media = null;
    this.view = null;
    this.rate = 1;
    const find = (name) => this.element.querySelector(name);
    [this.screen, this.told, this.fault, this.seekBar, this.versions] = [".screen", ".copy-told", ".play-fault", "[data-seek]", "[data-version]"].map(find);
    for (const button of this.element.querySelectorAll("[data-do]")) button.addEventListener("click", () => this[button.dataset.do]());
    find("[data-speed]").addEventListener("change", (event) => this.setRate(Number(event.target.value)));
    this.versions.addEventListener("change", () => this.open(this.clip, this.clip.versions[this.versions.selectedIndex], this.place()));
    this.seekBar.addEventListener("input", () => this.seek(Number(this.seekBar.value)));
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  // Moves to a duty: its figure, its clips.
  attach(view) {
    if (this.view === view) return;
    this.view?.timeline.cursor?.setAttribute("visibility", "hidden");
    this.view = view;
    view.element.querySelector(".place").replaceChildren(this.element);
    const { timeline } = view;
    this.seekBar.closest("label").hidden = timeline.isEmpty;
    if (!timeline.isEmpty) { this.seekBar.min = Math.floor(timeline.from); this.seekBar.max = Math.ceil(timeline.until); }
    speak(language);
  }

  // A moment of the duty, in true time: in the file that has it, else where the next begins.
  seek(at) {
    const placed = this.view.clips.filter((clip) => clip.begins !== null && clip.isPlayed);
    const clip = placed.find((each) => each.begins <= at && at < each.ends) ?? placed.find((each) => each.begins > at) ?? placed[placed.length - 1];
    if (!clip) return;
    const seconds = Math.max(0, (at - clip.begins) / 1000), place = seconds * 1000 < clip.length ? seconds : 0;
    if (clip === this.clip && this.media && this.version.what !== "cut" && this.media.readyState) this.media.currentTime = place;
    else this.open(clip, clip.versions[0], place);
  }

  open(clip, version = clip.versions[0], place = 0, plays = false) {
    [this.clip, this.version] = [clip, version];
    this.versions.replaceChildren(...clip.versions.map((each) => saying("option", {}, () => versionOf(each))));
    this.versions.selectedIndex = clip.versions.indexOf(version);
    this.versions.closest("label").hidden = clip.versions.length < 2;
    this.told.hidden = version.what === "original";
    say(this.told, () => (version.what === "cut" ? word("play.is-cut", { from: lengthOf(version.cut.from_ms), until: lengthOf(version.cut.until_ms) }) : word("play.is-copy")));
    this.fault.hidden = true;
    this.element.querySelector("[data-file]").textContent = `${numbered(clip.file.number)} · ${clip.name}`;
    const start = version.what === "cut" ? Math.max(0, place - version.cut.from_ms / 1000) : place;
    this.load(placesOf(version), start, plays);
    this.view.mark(clip);
    this.showTime();
  }

  load(places, start, plays) {
    const { clip } = this, old = this.media?.src;
    if (this.media instanceof HTMLMediaElement) { this.media.pause(); this.media.removeAttribute("src"); this.media.load(); }
    if (old?.startsWith("blob:")) URL.revokeObjectURL(old);
    const media = make({ video: "video", audio: "audio" }[clip.file.kind] ?? "img", clip.isPlayed ? { controls: true, preload: "metadata", "aria-label": clip.name } : { alt: clip.name });
    media.addEventListener("error", () => { if (this.media === media) this.failed(places, start, plays); });
    this.media = media;
    this.screen.replaceChildren(media);
    this.element.classList.toggle("still", !clip.isPlayed);
    if (clip.isPlayed) this.listen(media, start, plays);
    media.src = places[0];
  }

  listen(media, start, plays) {
    media.addEventListener("loadedmetadata", () => {
      media.playbackRate = this.rate;
      // A moment after the beginning, so that its first picture is seen.
      media.currentTime = Math.min(start || 0.001, media.duration || start);
      if (plays) media.play().catch(() => {});
    });
    for (const name of ["timeupdate", "seeked"]) media.addEventListener(name, () => { if (this.media === media) this.showTime(); });
    for (const name of ["play", "pause", "ended"]) media.addEventListener(name, () => this.showState());
    media.addEventListener("ended", () => { if (this.media === media) this.next(true); });
  }

  failed(places, start, plays) {
    if (places.length > 1) { this.load(places.slice(1), start, plays); return; }
    const { clip, version } = this;
    say(this.fault, () => word(version.volume === OWN_VOLUME || chosenFiles.size ? "play.fault" : "play.elsewhere", { path: `data/${version.path}`, volume: version.volume }));
    this.fault.hidden = false;
    this.view.mark(clip);
  }

  // Seconds from the beginning of the original.
  place() {
    const at = this.media instanceof HTMLMediaElement ? this.media.currentTime : 0;
    return at + (this.version.what === "cut" ? this.version.cut.from_ms / 1000 : 0);
  }

  showTime() {
    const { clip } = this, past = this.place() * 1000, show = (name, text) => { this.element.querySelector(`[data-${name}]`).textContent = text; };
    const { known } = clip.file.clock;
    say(this.element.querySelector("[data-true-name]"), () => word(known === "exact" ? "play.true" : known === "at-least" ? "play.true-at-least" : "play.true-unknown"));
    show("camera", clip.camera === null ? word("unknown") : momentOf(clip.camera + past));
    show("true", clip.camera === null || !clip.isTimed ? word("unknown") : momentOf(clip.begins + past));
    const at = clip.begins === null ? null : clip.begins + past;
    if (this.view.timeline.isEmpty) return;
    this.view.timeline.show(at);
    if (at !== null) { this.seekBar.value = at; this.seekBar.setAttribute("aria-valuetext", momentOf(at)); }
  }

  showState() {
    const button = this.element.querySelector("[data-do=toggle]");
    button.dataset.w = this.isPlaying ? "play.pause" : "play.play";
    button.textContent = word(button.dataset.w);
  }

  get isPlaying() { return this.media instanceof HTMLMediaElement && !this.media.paused && !this.media.ended; }

  toggle() {
    if (!(this.media instanceof HTMLMediaElement)) { this.next(true); return; }
    if (this.isPlaying) this.media.pause(); else this.media.play().catch(() => {});
  }

  step(by, plays) {
    const { clips } = this.view, clip = clips[clips.indexOf(this.clip) + by];
    if (clip) this.open(clip, clip.versions[0], 0, plays && clip.isPlayed);
  }

  next(plays = this.isPlaying) { this.step(1, plays === true); }
  previous() { this.step(-1, this.isPlaying); }
  setRate(rate) { this.rate = rate; if (this.media instanceof HTMLMediaElement) this.media.playbackRate = rate; }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("select") || !(this.media instanceof HTMLMediaElement)) return;
    const acts = {
      KeyK: () => this.toggle(), KeyJ: () => this.leap(-LEAP), KeyL: () => this.leap(LEAP), Comma: () => this.leap(-FRAME), Period: () => this.leap(FRAME),
      KeyN: () => this.next(), KeyP: () => this.previous(),
    };
    // By where the key lies, so that it is the same in every layout.
    if (!Object.hasOwn(acts, event.code)) return;
    event.preventDefault();
    acts[event.code]();
  }

  leap(by) {
    if (Math.abs(by) < 1) this.media.pause();
    this.media.currentTime = Math.max(0, this.media.currentTime + by);
  }
}

const versionOf = (file) => (file.what === "cut" ? word("version.cut-of", { from: lengthOf(file.cut.from_ms), until: lengthOf(file.cut.until_ms) }) : called("version", file.what));
