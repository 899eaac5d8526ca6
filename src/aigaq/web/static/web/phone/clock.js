// The server's time, on a phone whose own clock may say anything: how far apart they are is measured at each contact.

const STALE = 10 * 60 * 1000;
const JUMP = 1500;

export class ServerClock {
  // `kept` is what `document` gave, perhaps before the page was closed.
  constructor(kept = null) {
    this.offset = kept?.offset ?? null;
    this.uncertainty = kept?.uncertainty ?? Infinity;
    this.zone = kept?.zone ?? 0;
    this.measured = kept?.measured ?? -Infinity;
    this.look();
  }

  get isKnown() { return this.offset !== null; }

  get document() {
    return { offset: this.offset, uncertainty: this.uncertainty, zone: this.zone, measured: this.measured };
  }

  // Milliseconds since 1970, whole.
  now() {
    this.look();
    return Math.round(Date.now() + this.offset);
  }

  // The server said `now`; asking it took from `sent` until this moment, by performance.now().
  heard(now, zone, sent) {
    const uncertainty = (performance.now() - sent) / 2;
    const offset = now + uncertainty - Date.now();
    const isBetter = uncertainty <= this.uncertainty || Date.now() - this.measured > STALE;
    const isApart = Math.abs(offset - this.offset) > uncertainty + this.uncertainty;
    this.zone = zone;
    if (this.isKnown && !isBetter && !isApart) return;
    Object.assign(this, { offset, uncertainty, measured: Date.now() });
    this.look();
  }

  // A clock that goes back was set: that can be undone. One that leaps ahead was set, or the phone slept: then
  // how far it leapt is how little is known until the next contact.
  look() {
    const [date, monotonic] = [Date.now(), performance.now()];
    const leap = this.last ? date - this.last.date - (monotonic - this.last.monotonic) : 0;
    if (this.isKnown && leap < -JUMP) this.offset -= leap;
    if (this.isKnown && leap > JUMP) this.uncertainty += leap;
    this.last = { date, monotonic };
    return Math.abs(leap) > JUMP;
  }
}

// Hours, minutes and seconds where the office is; with the day before it where that is not the day of `today`.
export const spoken = (at, zone, today = at) => {
  const local = (moment) => new Date(moment + zone * 60000).toISOString();
  const [day, now] = [local(at).slice(0, 10), local(today).slice(0, 10)];
  const time = local(at).slice(11, 19);
  return day === now ? time : `${day.slice(8)}.${day.slice(5, 7)} ${time}`;
};
