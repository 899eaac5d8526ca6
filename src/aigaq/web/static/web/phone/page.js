// The phone page: what is pressed is kept first, shown at once, and sent when the office can be reached.
import { ServerClock } from "./clock.js";
import { keepForGood, newId, openStore } from "./keeping.js";
import { Office } from "./sending.js";
import { Page } from "./showing.js";

const DAY = 24 * 60 * 60 * 1000;
const JITTER = 2 * 60 * 1000;

const root = document.querySelector("[data-phone]");
const { state, tell, worker, person: mine } = root.dataset;
const store = await openStore();
const before = await store.said();
const clock = new ServerClock(before?.clock);
const page = new Page(root, clock);
const tabs = new BroadcastChannel("aigaq-phone");
// What was said to somebody else is not shown to whoever has signed in since.
let said = mine && before?.person?.id !== mine ? null : before ?? null;
let line = "asking";
let isPressing = false;

// As the office has it, and what it does not have yet on top, in its order.
const rowsNow = (notices) => {
  const rows = structuredClone(said?.rows ?? []);
  for (const notice of notices) {
    const row = rows.find((each) => each.id === notice.row);
    const isAhead = notice.status === "waiting" || (notice.status === "entered" && notice.entered_at >= said.now);
    if (!row || !isAhead) continue;
    if (notice.act === "pause") row.pause = { id: notice.id, reason: notice.own.reason, at: notice.at };
    if (notice.act === "resume") row.pause = null;
    if (notice.act === "failure") row.failure = { id: notice.id, cause: notice.own.cause, at: notice.at };
  }
  return rows;
};

const show = async () => {
  const all = await store.notices();
  const notices = all.filter((each) => each.person === said?.person.id);
  const others = said ? all.filter((each) => each.person !== said.person.id && each.status === "waiting").length : 0;
  const stands = { offline: "waiting", "signed-out": "kept" }[line] ?? "sending";
  for (const notice of notices) notice.stands = stands;
  page.line(line, store.isDurable);
  page.show({ person: said?.person, rows: rowsNow(notices), notices, others });
};

const changed = async () => {
  tabs.postMessage("changed");
  await show();
};

const office = new Office({
  addresses: { state, tell },
  store,
  clock,
  async hears(now) {
    if (mine && now.person.id !== mine) return void location.reload();
    said = { person: now.person, rows: now.rows, now: now.now, clock: clock.document };
    await store.say(said);
    for (const notice of await store.notices()) {
      if (notice.status === "entered" && now.now - notice.at > DAY) await store.remove(notice.order);
    }
    line = "online";
    await changed();
  },
  async marks(notice, what) {
    await store.put({ ...notice, ...what });
    await changed();
  },
  shows(how) {
    if (line === how) return;
    line = how;
    show();
  },
});

// Two measurements of the server's clock differ a little; what was pressed later is told as later all the same.
const notBefore = async (now) => {
  const told = (await store.notices()).filter((each) => each.row === page.row.id).map((each) => each.at);
  const last = Math.max(page.row.since, page.row.pause?.at ?? 0, ...told);
  return last - now < JITTER ? Math.max(now, last) : now;
};

// The time is taken first, whatever comes after.
const press = async (act, own) => {
  const now = clock.now();
  if (isPressing || !page.row) return;
  isPressing = true;
  try {
    const at = await notBefore(now);
    const apart = { offset: Math.round(clock.offset), uncertainty: Math.round(clock.uncertainty) };
    await store.add({ id: newId(), person: said.person.id, row: page.row.id, act, at, own, clock: apart, status: "waiting" });
    page.step = "free";
    await changed();
  } finally {
    isPressing = false;
  }
  keepForGood();
  office.contact();
};

const step = async (name, focus) => {
  page.step = name;
  await show();
  page.root.querySelector(focus).focus();
};

const form = page.part("failure");
const fail = async () => {
  const { cause, words } = Object.fromEntries(new FormData(form));
  const isWordless = cause === "other" && !words.trim();
  page.part("cause-missing").hidden = Boolean(cause);
  page.part("words-missing").hidden = !isWordless;
  if (!cause) return form.querySelector("[name=cause]").focus();
  if (isWordless) return form.querySelector("[name=words]").focus();
  await press("failure", { cause, words: words.trim() });
  form.reset();
  page.part("which").focus();
};

const does = {
  pause: () => step("why", "[data-reason]"),
  "back-to-work": () => step("free", "[data-pause]"),
  async reason(button) {
    await press("pause", { reason: button.dataset.reason });
    page.part("resume").focus();
  },
  async resume() {
    await press("resume", { pause: page.row.pause.id });
    page.part("pause").focus();
  },
  fail: () => step("failing", "#failure-head"),
  "no-failure": () => step("free", "[data-fail]"),
  async understood(button) {
    await store.remove(Number(button.dataset.understood));
    await changed();
    page.part("which").focus();
  },
};

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const act = button && Object.keys(does).find((name) => button.hasAttribute(`data-${name}`));
  if (act) does[act](button);
});
root.addEventListener("change", (event) => {
  if (event.target.name !== "which") return;
  page.chosen = event.target.value;
  page.step = "free";
  show();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  fail();
});

// Kept for the next time that there is no network; without HTTPS a browser does not offer it.
const keepShell = async () => {
  if (!("serviceWorker" in navigator) || !mine) return;
  const registration = await navigator.serviceWorker.register(worker).catch(() => null);
  registration?.active?.postMessage("keep");
};

tabs.addEventListener("message", async () => {
  const last = await store.said();
  if (said && last?.person.id === said.person.id) said = last;
  await show();
});
window.addEventListener("online", () => office.contact());
window.addEventListener("offline", () => office.shows("offline"));
window.addEventListener("pageshow", (event) => { if (event.persisted) office.contact(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) office.contact(); });
setInterval(() => { if (clock.isKnown && clock.look()) office.contact(); page.tick(); }, 250);

document.querySelector("[data-plain]").hidden = true;
root.hidden = false;
await show();
office.contact();
keepShell();
