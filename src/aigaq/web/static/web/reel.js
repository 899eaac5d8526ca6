// Many files played as one, in two players that take turns: while one plays a file, the other has the next ready.
// Times are milliseconds on Kazakhstan's wall clock, as the server gives them; places in a file are seconds.

const AHEAD = 20;
const NO_GAP = 2000;
const SETTLE = 0.05;

export class Reel extends EventTarget {
  constructor(decks, clips) {
    super();
    this.decks = decks;
    this.clips = clips;
    this.deck = decks[0];
    this.clip = null;
    this.rate = 1;
    this.isBackwards = false;
    this.wantsToPlay = false;
    this.failed = new Set();
    for (const deck of decks) this.#attend(deck);
  }

  get media() { return this.deck; }
  get isPlaying() { return this.wantsToPlay || this.isBackwards; }
  get seconds() { return this.deck.currentTime; }
  get first() { return this.clips.find((clip) => this.#plays(clip)); }
  get last() { return this.clips.findLast((clip) => this.#plays(clip)); }

  // Where it stands on the wall clock; null in a file that tells no time.
  get at() { return this.clip?.begins == null ? null : this.clip.begins + this.seconds * 1000; }
  get camera() { return this.clip?.camera == null ? null : this.clip.camera + this.seconds * 1000; }

  // To a moment of the duty: in the file that has it, else to the beginning of the next.
  seek(at) {
    const has = (clip) => clip.begins != null && clip.begins <= at && at < clip.begins + this.#length(clip);
    const here = this.clip && this.#plays(this.clip) && has(this.clip) ? this.clip : null;
    const clip = here ?? this.clips.findLast((each) => this.#plays(each) && has(each));
    if (clip) return this.open(clip, (at - clip.begins) / 1000);
    const next = this.clips.find((each) => this.#plays(each) && each.begins != null && each.begins >= at);
    if (next) return this.open(next, 0);
    const last = this.clips.findLast((each) => this.#plays(each) && each.begins != null) ?? this.last;
    if (last) this.open(last, Math.max(0, this.#length(last) / 1000 - SETTLE));
  }

  // Seconds forth or back, across files; what lies between them is passed over.
  move(seconds) {
    if (!this.#isOpen()) return;
    const to = this.seconds + seconds, length = this.#length(this.clip) / 1000 || Infinity;
    const other = this.#beside(to < 0 ? -1 : 1);
    if (to < 0 && other) return this.open(other, Math.max(0, this.#length(other) / 1000 + to));
    if (to > length && other) return this.open(other, Math.min(to - length, this.#length(other) / 1000));
    this.#place(Math.min(Math.max(to, 0), Math.max(0, length - SETTLE)));
  }

  // One picture on or back, standing. The middle of the wanted one is asked for, so that rounding finds it.
  step(way) {
    if (!this.#isOpen()) return;
    this.pause();
    const frame = this.clip.frame, shown = this.shownFrame ?? this.seconds;
    this.shownFrame = null;
    const to = shown + way * frame + frame / 4;
    if (way < 0 && shown < frame / 2) {
      const before = this.#beside(-1);
      if (before) this.open(before, Math.max(0, this.#length(before) / 1000 - frame / 2));
    } else if (way > 0 && to > this.#length(this.clip) / 1000 - frame / 4) {
      const after = this.#beside(1);
      if (after) this.open(after, 0);
    } else this.#place(Math.max(0, to));
  }

  skip(way) {
    if (!this.#isOpen()) return;
    const other = this.#beside(way);
    if (way < 0 && (this.seconds > 3 || !other)) return this.#place(0);
    if (other) this.open(other, 0);
  }

  play() {
    this.isBackwards = false;
    this.wantsToPlay = true;
    if (!this.clip) this.open(this.first, 0);
    else if (!this.deck.ended) this.#run();
    else if (this.#beside(1)) this.#goOn();
    else if (this.clip === this.first) { this.#place(0); this.#run(); }
    else this.open(this.first, 0);
    this.#tell("state");
  }

  pause() {
    this.wantsToPlay = this.isBackwards = false;
    this.deck.pause();
    this.#tell("state");
  }

  setRate(rate) {
    this.rate = Math.min(16, Math.max(0.25, rate));
    for (const deck of this.decks) deck.playbackRate = this.rate;
    this.#tell("rate");
  }

  // No browser plays backwards: so it is looked at, again and again, a little further back.
  reverse() {
    if (!this.#isOpen()) return;
    this.wantsToPlay = false;
    this.deck.pause();
    this.isBackwards = true;
    this.#tell("state");
    this.#backOn(performance.now());
  }

  // Opens a file at a place; goes on if it was playing.
  open(clip, seconds) {
    if (!clip) return;
    if (clip === this.clip) return this.#place(seconds);
    // One that a broken line stopped is fetched anew.
    const ready = this.decks.find((deck) => deck !== this.deck && deck.clip === clip && !deck.error);
    if (ready) {
      this.deck.pause();
      this.#turnTo(ready);
    } else {
      this.deck.clip = clip;
      this.deck.src = clip.src;
      this.deck.preload = "auto";
      this.deck.load();
    }
    this.clip = clip;
    this.shownFrame = null;
    this.#tell("clip");
    this.#place(seconds);
    if (this.wantsToPlay) this.#run();
  }

  // What can't be played is left out from now on, and the next is opened.
  leaveOut(clip) {
    this.failed.add(clip);
    if (this.clip !== clip) return;
    const next = this.#beside(1) ?? this.#beside(-1);
    this.clip = null;
    if (next) this.open(next, 0);
    else { this.wantsToPlay = this.isBackwards = false; this.#tell("nothing"); }
  }

  // Nothing is fetched before somebody asks for it. False where there is nothing to open.
  #isOpen() {
    if (!this.clip) this.open(this.first, 0);
    return this.clip !== null;
  }

  #attend(deck) {
    const heard = (name, act) => deck.addEventListener(name, () => { if (deck === this.deck) act(); });
    heard("ended", () => this.#goOn());
    heard("timeupdate", () => { this.#makeReady(); this.#tell("time"); });
    heard("seeked", () => this.#tell("time"));
    heard("playing", () => this.#tell("state"));
    heard("loadedmetadata", () => { this.#settle(deck); this.#tell("time"); });
    deck.addEventListener("loadedmetadata", () => { if (deck !== this.deck) this.#settle(deck); });
    deck.addEventListener("error", () => {
      if (!deck.hasAttribute("src") || !deck.clip) return;
      this.dispatchEvent(new CustomEvent("fault", { detail: { clip: deck.clip, error: deck.error, isShown: deck === this.deck } }));
    });
    if ("requestVideoFrameCallback" in deck) {
      const shown = (_now, { mediaTime }) => {
        if (deck === this.deck) { this.shownFrame = mediaTime; this.#tell("time"); }
        deck.requestVideoFrameCallback(shown);
      };
      deck.requestVideoFrameCallback(shown);
    }
  }

  // Where it is to stand can only be said once the file's head is there.
  #place(seconds) {
    this.shownFrame = null;
    if (this.deck.readyState >= 1) {
      if (this.deck.currentTime !== seconds) this.deck.currentTime = seconds;
    } else this.deck.wanted = seconds;
    this.#tell("time");
  }

  #settle(deck) {
    deck.playbackRate = this.rate;
    if (Number.isFinite(deck.duration)) deck.clip.lasts = deck.duration * 1000;
    if (deck.wanted) deck.currentTime = deck.wanted;
    deck.wanted = null;
  }

  #run() {
    this.deck.playbackRate = this.rate;
    this.deck.play().catch((error) => {
      if (error.name === "NotAllowedError") this.pause();
    });
  }

  #goOn() {
    if (!this.wantsToPlay) return;
    const from = this.clip, next = this.#beside(1);
    if (!next) {
      this.wantsToPlay = false;
      this.#tell("over");
      return;
    }
    this.open(next, 0);
    const gap = from.begins == null || next.begins == null ? 0 : next.begins - from.begins - this.#length(from);
    if (gap > NO_GAP) this.dispatchEvent(new CustomEvent("gap", { detail: gap }));
  }

  // The next file is fetched shortly before its turn, and not at all before somebody comes near it.
  #makeReady() {
    if (!this.clip) return;
    const next = this.#beside(1), other = this.decks.find((deck) => deck !== this.deck);
    const left = this.#length(this.clip) / 1000 - this.seconds;
    if (!next || other.clip === next || left > AHEAD * Math.max(1, this.rate)) return;
    other.clip = next;
    other.wanted = null;
    other.src = next.src;
    other.preload = "auto";
    other.muted = this.deck.muted;
    other.volume = this.deck.volume;
    other.load();
  }

  #turnTo(deck) {
    const before = this.deck;
    deck.muted = before.muted;
    deck.volume = before.volume;
    this.deck = deck;
    deck.classList.remove("behind");
    deck.removeAttribute("aria-hidden");
    before.classList.add("behind");
    before.setAttribute("aria-hidden", "true");
  }

  #backOn(since) {
    const again = () => requestAnimationFrame((now) => {
      if (!this.isBackwards) return;
      const to = this.seconds - this.rate * Math.min(1, (now - since) / 1000);
      since = now;
      const before = to <= 0 ? this.#beside(-1) : null;
      if (to <= 0 && !before) { this.#place(0); this.pause(); return; }
      if (before) this.open(before, Math.max(0, this.#length(before) / 1000 - SETTLE));
      else this.#place(to);
      if (this.deck.seeking || this.deck.readyState < 2) {
        this.deck.addEventListener(this.deck.readyState < 1 ? "loadeddata" : "seeked", again, { once: true });
      } else again();
    });
    again();
  }

  #beside(way) {
    let place = this.clips.indexOf(this.clip);
    do place += way; while (this.clips[place] && !this.#plays(this.clips[place]));
    return this.clips[place] ?? null;
  }

  #plays(clip) { return Boolean(clip.src) && !this.failed.has(clip); }
  // As the player found it; before, as the server has it.
  #length(clip) { return clip.lasts ?? clip.length ?? 0; }
  #tell(name) { this.dispatchEvent(new Event(name)); }
}
