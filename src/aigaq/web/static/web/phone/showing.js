// Draws what stands and what was told. The words come with the page, in its language.
import { spoken } from "./clock.js";

const say = (text, facts = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };

export class Page {
  constructor(root, clock) {
    this.root = root;
    this.clock = clock;
    this.chosen = null;
    this.step = "free";
    this.items = new Map();
  }

  part(name) { return this.root.querySelector(`[data-${name}]`); }
  words(name, facts) { return say(this.root.getAttribute(`data-say-${name}`), facts); }
  reason(key) { return this.root.getAttribute(`data-reason-${key}`) ?? key; }
  cause(key) { return this.root.getAttribute(`data-cause-${key}`) ?? key; }
  time(at) { return spoken(at, this.clock.zone, this.clock.now()); }

  // Each second.
  tick() {
    this.part("clock").hidden = !this.clock.isKnown;
    if (!this.clock.isKnown) return;
    const now = this.clock.now();
    put(this.part("now"), spoken(now, this.clock.zone));
    if (this.row?.pause) put(this.part("lasts"), this.lasting(now - this.row.pause.at));
  }

  lasting(span) {
    const seconds = Math.max(0, Math.floor(span / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const parts = [[hours, "hours"], [minutes, "minutes"]].filter(([n]) => n);
    return [...parts, [seconds % 60, "seconds"]].map(([n, unit]) => `${n}\u00a0${this.words(unit)}`).join(" ");
  }

  line(state, isDurable) {
    const node = this.part("line");
    node.dataset.line = state;
    put(node, this.words(isDurable || state !== "offline" ? state : "nothing-kept"));
    this.part("sign-in-again").hidden = state !== "signed-out";
  }

  show({ person, rows, notices, others }) {
    put(this.part("whose"), person?.name ?? "");
    const out = rows.filter((row) => !row.moved);
    this.replaced(rows.filter((row) => row.moved && !row.pause));
    const here = rows.filter((row) => !row.moved || row.pause);
    this.choose(here);
    this.row = here.find((row) => row.id === this.chosen) ?? null;
    this.part("nothing").hidden = !person || rows.length > 0;
    this.part("acts").hidden = !this.row;
    if (this.row) this.acts(this.row, out.includes(this.row));
    this.told(notices);
    put(this.part("others"), others ? this.words("others", { n: others }) : "");
    this.part("others").hidden = !others;
    this.tick();
  }

  replaced(rows) {
    const lines = rows.map((row) => {
      const node = document.createElement("p");
      node.className = "notice";
      node.textContent = this.words("moved", { recorder: row.recorder, other: row.moved });
      return node;
    });
    this.part("replaced").replaceChildren(...lines);
  }

  choose(rows) {
    if (!rows.some((row) => row.id === this.chosen)) {
      this.chosen = rows[0]?.id ?? null;
      this.step = "free";
    }
    this.part("choose").hidden = rows.length < 2;
    const shown = JSON.stringify([this.chosen, rows.map((row) => row.id)]);
    if (shown === this.drawn) return;
    this.drawn = shown;
    const choices = rows.map((row) => {
      const choice = this.part("choice").content.cloneNode(true);
      const input = choice.querySelector("input");
      input.value = row.id;
      input.checked = row.id === this.chosen;
      choice.querySelector("span").textContent = this.words("row", { recorder: row.recorder, row: row.number });
      return choice;
    });
    this.part("rows").replaceChildren(...choices);
  }

  acts(row, canBegin) {
    const { pause, failure } = row;
    if (pause || (failure && this.step === "failing") || !canBegin) this.step = "free";
    put(this.part("which"), this.words("row", { recorder: row.recorder, row: row.number }));
    const parts = {
      free: canBegin && !pause && this.step === "free",
      why: canBegin && !pause && this.step === "why",
      paused: Boolean(pause),
      failure: this.step === "failing",
      fail: canBegin && !failure && this.step === "free",
      "failure-known": Boolean(failure),
      "failure-onward": Boolean(failure),
    };
    for (const [name, isShown] of Object.entries(parts)) this.part(name).hidden = !isShown;
    if (pause) put(this.part("since"), this.words("paused", { time: this.time(pause.at), reason: this.reason(pause.reason) }));
    if (failure) put(this.part("failure-known"), this.words("failed", { time: this.time(failure.at), cause: this.cause(failure.cause) }));
  }

  // In place, so that only what is new is read aloud.
  told(notices) {
    const list = this.part("list");
    for (const [id, node] of this.items) {
      if (notices.some((notice) => notice.id === id)) continue;
      node.remove();
      this.items.delete(id);
    }
    for (const notice of notices) {
      if (!this.items.has(notice.id)) {
        const node = this.part("item").content.cloneNode(true).firstElementChild;
        node.dataset.notice = notice.id;
        this.items.set(notice.id, node);
        list.prepend(node);
      }
      this.item(this.items.get(notice.id), notice);
    }
    this.part("told").hidden = notices.length === 0;
  }

  item(node, notice) {
    const { act, own, status } = notice;
    const what = act === "pause" ? this.reason(own.reason) : this.cause(own.cause);
    const [how, look] = {
      entered: () => [`✓ ${this.words("reached", { time: this.time(notice.entered_at) })}`, "go"],
      waiting: () => [this.words(notice.stands, { time: this.time(notice.at) }), "warn"],
      refused: () => ["✗", "stop"],
    }[status]();
    put(node.querySelector("[data-what]"), this.words(`act-${act}`, { what }));
    put(node.querySelector("[data-when]"), this.time(notice.at));
    put(node.querySelector("[data-how]"), how);
    node.querySelector("[data-how]").className = `state ${look}`;
    node.querySelector("[data-how]").hidden = status === "refused";
    node.querySelector("[data-refusal]").hidden = status !== "refused";
    put(node.querySelector("[data-sentence]"), notice.sentence ?? "");
    put(node.querySelector("[data-paragraph]"), notice.paragraph ?? "");
    node.querySelector("[data-understood]").dataset.understood = notice.order;
  }
}
