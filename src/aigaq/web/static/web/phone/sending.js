// Speaks with the office: asks how things stand, and tells what was pressed, in its order, until each is answered.

const PATIENCE = 12000;
const LOOK = 15000;
const LONGEST = 60000;
const ANOTHERS = "phone.another-persons";

class NoAnswerError extends Error {}
class SignedOutError extends Error {}
class ChangedHandsError extends Error {}

const asked = async (address, options = {}) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { redirect: "manual", cache: "no-store", signal: stop.signal, ...options });
    if (answer.type === "opaqueredirect") throw new SignedOutError();
    const isOurs = answer.headers.get("Content-Type") === "application/json";
    return { status: answer.status, said: isOurs ? await answer.json() : null };
  } catch (error) {
    throw error instanceof SignedOutError ? error : new NoAnswerError();
  } finally {
    clearTimeout(timer);
  }
};

// What the server takes, and no name more.
const written = (notice, clock) => {
  const { id, person, row, act, at, own } = notice;
  const apart = { offset: notice.clock.offset, uncertainty: notice.clock.uncertainty, offset_when_sent: Math.round(clock.offset) };
  return JSON.stringify({ id, person, row, act, at, sent_at: clock.now(), clock: apart, ...own });
};

export class Office {
  // `hears` gets what the office says of now; `marks` keeps what became of a notice; `shows` how the line is.
  constructor({ addresses, store, clock, hears, marks, shows }) {
    Object.assign(this, { addresses, store, clock, hears, marks, shows });
    this.failed = 0;
    this.timer = 0;
    this.isBusy = false;
    this.isWanted = false;
  }

  // Now, and again and again.
  async contact() {
    if (this.isBusy) {
      this.isWanted = true;
      return;
    }
    this.isBusy = true;
    clearTimeout(this.timer);
    let line = "offline";
    try {
      await this.alone(() => this.exchange());
      this.failed = 0;
      line = "online";
    } catch (error) {
      this.failed += 1;
      if (error instanceof SignedOutError) line = "signed-out";
      else if (error instanceof ChangedHandsError) line = "online";
      else if (!(error instanceof NoAnswerError)) console.error(error);
    }
    this.isBusy = false;
    this.shows(line);
    const wait = this.isWanted ? 0 : this.wait(line);
    this.isWanted = false;
    this.timer = setTimeout(() => this.contact(), wait);
  }

  wait(line) {
    if (line !== "offline") return document.hidden ? LONGEST : LOOK;
    return Math.min(LONGEST, 1000 * 2 ** Math.min(this.failed, 6)) * (0.75 + Math.random() / 2);
  }

  // One tab sends at a time where the browser can see to it. A tab that sleeps with its turn is not waited for:
  // two at once do no harm, each notice has its number.
  async alone(act) {
    if (!navigator.locks) return act();
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 2 * PATIENCE);
    let isMine = false;
    const mine = () => {
      isMine = true;
      clearTimeout(timer);
      return act();
    };
    try {
      return await navigator.locks.request("aigaq-phone", { signal: stop.signal }, mine);
    } catch (error) {
      if (isMine) throw error;
      return act();
    }
  }

  async exchange() {
    const said = await this.ask();
    const waiting = (await this.store.notices()).filter((each) => each.status === "waiting" && each.person === said.person.id);
    for (const notice of waiting) await this.tell(notice, said.token);
    if (waiting.length) await this.ask();
  }

  async ask() {
    const sent = performance.now();
    const { status, said } = await asked(this.addresses.state);
    if (status === 403) throw new SignedOutError();
    if (status !== 200 || !said) throw new NoAnswerError();
    this.clock.heard(said.now, said.zone, sent);
    await this.hears(said);
    return said;
  }

  async tell(notice, token) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const { said } = await asked(this.addresses.tell, { method: "POST", headers, body: written(notice, this.clock) });
    if (said?.code === ANOTHERS) throw new ChangedHandsError();
    if (said?.outcome === "entered") await this.marks(notice, { status: "entered", entered_at: said.entered_at });
    else if (said?.outcome === "refused") await this.marks(notice, { status: "refused", sentence: said.sentence, paragraph: said.paragraph });
    else throw new NoAnswerError();
  }
}
