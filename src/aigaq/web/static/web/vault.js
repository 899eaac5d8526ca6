// What was opened stops being shown when the vault locks: in time, in another tab, by signing out.
"use strict";
{
  const shown = document.querySelector("[data-vault]");
  const panel = document.querySelector("[data-locked]");
  const CHECK = 30000;

  const lock = () => {
    if (panel && !panel.hidden) return;
    for (const media of shown.querySelectorAll("video, audio")) {
      media.pause();
      media.removeAttribute("src");
      media.load();
    }
    for (const image of shown.querySelectorAll("img")) image.remove();
    if ("unlocked" in shown.dataset) shown.replaceChildren();
    if (!panel) return;
    panel.hidden = false;
    panel.focus();
  };

  // 204: still open. Anything that is not an answer of ours (no network) changes nothing before its time.
  const check = async () => {
    try {
      const answer = await fetch(shown.dataset.vault, { redirect: "manual", cache: "no-store" });
      if (answer.status !== 204 && answer.status < 500) lock();
    } catch {
      return;
    }
  };

  if (shown) {
    setTimeout(lock, Number(shown.dataset.seconds) * 1000);
    setInterval(() => { if (!document.hidden) check(); }, CHECK);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) check(); });
    shown.addEventListener("error", check, true);
  }
}
