// Changes the code at each second of the server. The browser has no key: codes are fetched a few seconds ahead.
"use strict";
{
  const page = document.querySelector("[data-codes]");
  const picture = page.querySelector("[data-code] svg");
  const path = picture.querySelector("path");
  const clock = page.querySelector("[data-clock]");
  const told = { slow: page.querySelector("[data-slow]"), away: page.querySelector("[data-away]"), over: page.querySelector("[data-over]") };
  const EVERY = 2000;
  // Half the way there and back is how far the second may be off.
  const SLOWEST = 200;
  const REMEMBERED = 20000;
  const codes = new Map();
  let trips = [];
  let isOver = false;
  let shown = null;

  const best = () => trips.reduce((a, b) => (a && a.took <= b.took ? a : b), null);
  const show = (code) => {
    if (code === shown) return;
    shown = code;
    if (code) picture.setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
    path.setAttribute("d", code ? code.path : "");
    clock.textContent = code ? code.clock : "··:··:··";
  };
  const tick = () => {
    const trip = best();
    const now = trip ? performance.now() + trip.ahead : 0;
    const second = Math.floor(now / 1000) * 1000;
    const isSlow = trip !== null && trip.took > SLOWEST;
    const code = isSlow || isOver ? null : codes.get(second) ?? null;
    show(code);
    for (const at of codes.keys()) if (at < second) codes.delete(at);
    told.slow.hidden = !isSlow || isOver;
    told.away.hidden = isSlow || isOver || code !== null || trip === null;
    if (!isOver) setTimeout(tick, trip ? 1000 - (now % 1000) + 1 : 50);
  };
  const fetchCodes = async () => {
    performance.clearResourceTimings();
    let left = performance.now();
    try {
      const answer = await fetch(page.dataset.codes, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const given = await answer.json();
      let back = performance.now();
      // The browser knows better when the question left and the answer came than this script, which had to wait.
      const times = performance.getEntriesByType("resource").find((each) => each.name === answer.url);
      if (times?.requestStart && times.responseStart) [left, back] = [times.requestStart, times.responseStart];
      const took = Math.max(0, back - left - given.spent);
      trips = [...trips.filter((trip) => back - trip.back < REMEMBERED), { took, back, ahead: given.now + took / 2 - back }];
      for (const code of given.codes) codes.set(code.at, code);
      if (given.over) {
        isOver = true;
        told.over.hidden = false;
        page.querySelector("[data-code]").hidden = true;
      }
    } catch {
      // Told when no code is left to show; asked again all the same.
    }
    if (!isOver) setTimeout(fetchCodes, EVERY);
  };

  for (const field of document.querySelectorAll("[data-live]")) field.value = "yes";
  const whole = page.querySelector("[data-whole]");
  if (document.fullscreenEnabled) {
    whole.hidden = false;
    whole.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : page.requestFullscreen()));
  }
  fetchCodes();
  tick();
}
