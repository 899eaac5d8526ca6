// Marking at the place where the player stands: N marks here, [ and ] begin and end a stretch.
import { actOf } from "./keys.js";

{
  const media = document.querySelector("video, audio");
  const form = document.querySelector("form[data-mark]");
  const two = (number) => String(number).padStart(2, "0");
  const spelt = (seconds) => {
    const whole = Math.round(seconds * 1000), at = Math.floor(whole / 1000), part = whole % 1000;
    return `${Math.floor(at / 3600)}:${two(Math.floor(at / 60) % 60)}:${two(at % 60)}`
      + (part ? `.${String(part).padStart(3, "0")}` : "");
  };
  const go = (milliseconds) => {
    media.currentTime = milliseconds / 1000;
    media.scrollIntoView({ block: "nearest" });
  };

  if (media) {
    for (const each of document.querySelectorAll("[data-seek-to]")) {
      each.hidden = false;
      each.nextElementSibling.hidden = true;
      each.addEventListener("click", () => go(Number(each.dataset.seekTo)));
    }
    const at = Number(new URLSearchParams(location.search).get("at"));
    if (at > 0) {
      if (media.readyState > 0) go(at);
      else media.addEventListener("loadedmetadata", () => go(at), { once: true });
    }
  }
  if (media && form) {
    const take = (name) => { form.elements[name].value = spelt(media.currentTime); };
    for (const each of form.querySelectorAll("[data-take]")) {
      each.hidden = false;
      each.addEventListener("click", () => take(each.dataset.take));
    }
    const acts = {
      mark: () => { media.pause(); take("place"); form.elements.category.focus(); },
      begin: () => take("place"),
      end: () => { media.pause(); take("until"); form.elements.category.focus(); },
    };
    document.addEventListener("keydown", (event) => {
      const act = actOf(event, { n: "mark", "[": "begin", "]": "end" });
      if (!act || !form.isConnected || document.querySelector("dialog[open]")) return;
      if (event.target.closest("select, textarea, summary, input:not([type=range])")) return;
      event.preventDefault();
      acts[act]();
    });
  }
}
