// A duty's time line: from the issue to the return, what was recorded, what was announced, what nobody explained.
"use strict";

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * 60000);

class Timeline {
  constructor(duty, seek) {
    this.duty = duty;
    this.seek = seek;
    const placed = duty.clips.filter((clip) => clip.begins !== null), { row } = duty;
    const times = [...placed.flatMap((clip) => [clip.begins, clip.ends]), ...(row ? [millis(row.issued.at), ...(row.returned ? [millis(row.returned.at)] : [])] : [])];
    this.isEmpty = !times.length;
    if (this.isEmpty) return;
    this.from = Math.min(...times);
    this.until = Math.max(...times, this.from + 60000);
    const margin = (this.until - this.from) * 0.015;
    this.from -= margin;
    this.until += margin;
    this.figure = this.drawn(placed);
  }

  share(at) { return `${((100 * (Math.min(this.until, Math.max(this.from, at)) - this.from)) / (this.until - this.from)).toFixed(3)}%`; }

  box(kind, start, end, y, height, words) {
    const width = `${Math.max(0.15, (100 * (Math.min(end, this.until) - Math.max(start, this.from))) / (this.until - this.from)).toFixed(3)}%`;
    return draw("rect", { class: kind, x: this.share(start), y, width, height }, say(draw("title"), words));
  }

  drawn(placed) {
    const { row } = this.duty, svg = draw("svg", { class: "duty-picture", height: 104, "aria-hidden": "true" });
    const offset = this.offset(placed), between = (start, end) => `${momentOf(start)} – ${clockOf(end)}`;
    this.ticks(svg, 0, 14, 0);
    if (row) {
      const end = row.returned ? millis(row.returned.at) : this.until;
      svg.append(this.box("duty", millis(row.issued.at), end, 24, 34, () => `${word("line.duty")}: ${between(millis(row.issued.at), end)}`));
      for (const pause of row.pauses) {
        const [start, stop] = [millis(pause.from_at), pause.until_at ? millis(pause.until_at) : end];
        svg.append(this.box("paused", start, stop, 24, 34, () => `${word("line.pause")}: ${called("pause", pause.reason)}, ${between(start, stop)}`));
      }
      for (const [start, stop] of this.gaps()) svg.append(this.box("unexplained", start, stop, 24, 34, () => `${word("line.gap")}: ${between(start, stop)}`));
    }
    for (const clip of placed.filter((each) => each.isPlayed)) svg.append(this.box(`recorded ${clip.isTimed ? "" : "untimed"}`, clip.begins, clip.ends, 24, 34, () => `${clip.name}: ${between(clip.begins, clip.ends)}`));
    for (const clip of placed.filter((each) => !each.isPlayed)) svg.append(draw("circle", { class: "photo", cx: this.share(clip.begins), cy: 41, r: 6 }, say(draw("title"), () => `${clip.name}: ${momentOf(clip.begins)}`)));
    for (const entry of this.failures()) svg.append(draw("line", { class: "failure", x1: this.share(entry.at), x2: this.share(entry.at), y1: 20, y2: 62 }, say(draw("title"), () => `${word("line.failure")}: ${momentOf(entry.at)}`)));
    for (const [at, name] of row ? [[millis(row.issued.at), "line.issue"], ...(row.returned ? [[millis(row.returned.at), "line.return"]] : [])] : []) {
      svg.append(draw("line", { class: "turn", x1: this.share(at), x2: this.share(at), y1: 20, y2: 62 }, say(draw("title"), () => `${word(name)}: ${momentOf(at)}`)));
    }
    if (offset) this.ticks(svg, offset, 74, 66);
    this.cursor = draw("line", { class: "cursor", y1: 18, y2: 64, visibility: "hidden" });
    svg.append(this.cursor);
    svg.addEventListener("click", (event) => {
      const box = svg.getBoundingClientRect();
      this.seek(this.from + ((event.clientX - box.left) / box.width) * (this.until - this.from));
    });
    return make("figure", { class: "timeline" }, make("div", { class: "drawn", role: "group", tabindex: "0", "data-w-label": "line.picture", "aria-label": word("line.picture") }, svg), this.caption(offset, placed));
  }

  // What all its cameras' clocks were off by, if it is one and the same.
  offset(placed) {
    const all = new Set(placed.filter((clip) => clip.isTimed).map((clip) => clip.file.clock.offset_ms));
    return all.size === 1 && Math.abs([...all][0]) >= 1000 ? [...all][0] : 0;
  }

  ticks(svg, offset, y, lineAt) {
    const span = this.until - this.from, step = STEPS.find((each) => span / each <= 8) ?? STEPS[STEPS.length - 1] * Math.ceil(span / STEPS[STEPS.length - 1] / 8);
    const zone = (local(this.from).getTime() - this.from), first = Math.ceil((this.from + offset + zone) / step) * step - zone - offset;
    for (let at = first, i = 0; at < this.until; at += step, i += 1) {
      const x = this.share(at), isNear = (at - this.from) / span > 0.93;
      svg.append(draw("line", { class: "tick-line", x1: x, x2: x, y1: offset ? lineAt - 2 : 18, y2: offset ? lineAt + 2 : 64 }),
        say(draw("text", { class: `tick ${i % 2 ? "odd" : "even"}`, x, y: y + (offset ? 10 : 0), "text-anchor": isNear ? "end" : "middle" }), clockOf(at + offset).slice(0, step % 60000 ? 8 : 5)));
    }
  }

  gaps() {
    const body = this.duty.row ? coverageOf(this.duty.row) : null;
    return (Array.isArray(body?.gaps) ? body.gaps : []).filter((gap) => Array.isArray(gap) && gap.every(Number.isFinite) && gap[1] > this.from && gap[0] < this.until);
  }

  failures() {
    const { row } = this.duty;
    return entriesShown().filter((entry) => entry.kind === "journal.failure-reported" && entry.body.row?.id === row?.row).map((entry) => ({ at: millis(entry.body.occurred_at) }));
  }

  caption(offset, placed) {
    const key = (kind) => make("span", { class: `key key-${kind}` }, () => word(`line.${kind}`));
    const kinds = ["recorded", "duty", ...(this.duty.row?.pauses.length ? ["pause"] : []), ...(this.gaps().length ? ["gap"] : []), ...(this.failures().length ? ["failure"] : []), ...(placed.some((clip) => !clip.isPlayed) ? ["photo"] : [])];
    const words = [() => word("line.true")];
    if (offset) words.push(() => word("line.camera", { length: lengthOf(offset), way: word(offset > 0 ? "line.ahead" : "line.behind") }));
    if (placed.some((clip) => !clip.isTimed)) words.push(() => word("line.untimed"));
    return make("figcaption", {}, make("p", { class: "legend" }, ...kinds.map(key)), make("p", { class: "hint" }, ...words.flatMap((each) => [each, " "])));
  }

  show(at) {
    if (at === null) { this.cursor.setAttribute("visibility", "hidden"); return; }
    this.cursor.setAttribute("visibility", "visible");
    this.cursor.setAttribute("x1", this.share(at));
    this.cursor.setAttribute("x2", this.share(at));
  }
}
