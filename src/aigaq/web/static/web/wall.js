// A screen on the wall: looks at the ports again and again, and says so itself when the server gives no answer.
"use strict";
{
  const wall = document.querySelector("[data-wall]");
  const away = document.querySelector("[data-away]");
  const spoken = document.querySelector("[data-spoken]");
  const says = () => new Map([...wall.querySelectorAll("[data-says]")].map((port) => [port.id, port.dataset.says]));
  const LOST_AFTER = 10000;
  let before = says();
  let heard = Date.now();
  let waiting = 0;

  const show = (isAway) => {
    if (away.hidden !== isAway) return;
    away.hidden = !isAway;
    document.body.classList.toggle("is-away", isAway);
  };
  const wait = () => {
    clearTimeout(waiting);
    const every = Number(wall.querySelector("[data-every]")?.dataset.every ?? 3);
    waiting = setTimeout(() => htmx.trigger(wall, "look"), every * 1000);
  };
  wall.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) { heard = Date.now(); show(false); } else show(true);
    wait();
  });
  wall.addEventListener("htmx:afterSettle", () => {
    const now = says();
    const news = [...now].filter(([port, said]) => before.get(port) !== said).map(([, said]) => said);
    if (news.length) spoken.textContent = news.join(" ");
    before = now;
  });
  // An answer that never comes, a computer that slept: whatever the cause, silence is told.
  setInterval(() => { if (Date.now() - heard > LOST_AFTER) show(true); }, 1000);
  wait();
}
