// Looks at the docks, or at what is out, again and again: as often as the part itself says, not in a hidden tab.
"use strict";
{
  const docks = document.querySelector("[data-docks]");
  const spoken = document.querySelector("[data-spoken]");
  const says = () => new Map([...docks.querySelectorAll("[data-says]")].map((port) => [port.id, port.dataset.says]));
  let before = says();
  let waiting = 0;

  const wait = () => {
    clearTimeout(waiting);
    const every = Number(docks.querySelector("[data-every]")?.dataset.every ?? 10);
    waiting = setTimeout(() => { if (!document.hidden) htmx.trigger(docks, "look"); }, every * 1000);
  };
  // Only what is new is read aloud: a state, never a percentage.
  docks.addEventListener("htmx:afterSettle", () => {
    const now = says();
    const news = [...now].filter(([port, said]) => before.get(port) !== said).map(([, said]) => said);
    if (news.length) spoken.textContent = news.join(". ");
    before = now;
  });
  docks.addEventListener("htmx:afterRequest", wait);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) htmx.trigger(docks, "look"); });
  wait();
}
