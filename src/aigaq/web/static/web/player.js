// The bar of the player. Without it the browser's own controls stay.
import { actOf, toggleHelp } from "./keys.js";

for (const player of document.querySelectorAll("[data-player]")) {
  const media = player.querySelector("video, audio");
  const find = (name) => player.querySelector(`[data-${name}]`);
  const [seek, clock, wall, speed, volume] = ["seek", "clock", "wall", "speed", "volume"].map(find), help = find("help");
  const button = (name) => player.querySelector(`[data-do="${name}"]`);
  const words = player.dataset;
  const frame = Number(words.frame);
  let dragging = false;

  const length = () => (Number.isFinite(media.duration) ? media.duration : 0);
  const two = (number) => String(number).padStart(2, "0");
  const spelt = (seconds) => {
    const whole = Math.floor(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    return (hours ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(whole % 60)}`;
  };
  // Shifted to Kazakhstan's wall clock by the server, so UTC fields show it.
  const onTheWall = (seconds) => {
    const at = new Date(Number(words.recorded) + seconds * 1000);
    return `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} `
      + `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  };

  const go = (seconds) => { media.currentTime = Math.min(Math.max(seconds, 0), length()); };
  const show = () => {
    const now = media.currentTime;
    const said = words.of.replace("{now}", spelt(now)).replace("{whole}", spelt(length()));
    clock.textContent = `${spelt(now)} / ${spelt(length())}`;
    if (!dragging) seek.value = now;
    seek.setAttribute("aria-valuetext", wall ? `${said}, ${onTheWall(now)}` : said);
    if (wall) wall.textContent = onTheWall(now);
  };
  const acts = {
    toggle: () => { if (media.paused) media.play().catch(() => undefined); else media.pause(); },
    back: () => go(media.currentTime - 10),
    on: () => go(media.currentTime + 10),
    left: () => go(media.currentTime - 5),
    right: () => go(media.currentTime + 5),
    "frame-back": () => { if (media.paused) go(media.currentTime - frame); },
    "frame-on": () => { if (media.paused) go(media.currentTime + frame); },
    mute: () => { media.muted = !media.muted; },
    full: () => { if (document.fullscreenElement) document.exitFullscreen(); else player.requestFullscreen(); },
    help: () => toggleHelp(help),
  };
  const keys = { k: "toggle", " ": "toggle", j: "back", l: "on", ArrowLeft: "left", ArrowRight: "right",
    ",": "frame-back", ".": "frame-on", f: "full", m: "mute", "?": "help" };

  player.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]");
    if (pressed) acts[pressed.dataset.do]();
    else if (event.target === media) acts.toggle();
  });
  document.addEventListener("keydown", (event) => {
    const name = actOf(event, keys), at = event.target;
    if (!name || !player.isConnected || (help.open && name !== "help")) return;
    // A form keeps its keys, a button its space, the loudness its arrows.
    if (at.closest("select, textarea, summary, input:not([data-seek])")) return;
    if (event.key === " " && at.closest("button, a")) return;
    if (name === "full" && !button("full")) return;
    event.preventDefault();
    acts[name]();
  });

  seek.addEventListener("input", () => { dragging = true; go(Number(seek.value)); });
  seek.addEventListener("change", () => { dragging = false; show(); });
  speed.addEventListener("change", () => { media.playbackRate = Number(speed.value); });
  volume.addEventListener("input", () => { media.volume = Number(volume.value); media.muted = false; });

  const fault = (name) => {
    for (const each of document.querySelectorAll("[data-fault]")) each.hidden = each.dataset.fault !== name;
  };
  media.addEventListener("loadedmetadata", () => {
    seek.max = length();
    if (media.localName === "video" && !media.videoWidth) fault("decode");
    show();
  });
  media.addEventListener("error", () => {
    if (media.hasAttribute("src")) fault(media.error?.code === MediaError.MEDIA_ERR_NETWORK ? "broken" : "decode");
  });
  for (const name of ["timeupdate", "seeking", "seeked", "durationchange"]) media.addEventListener(name, show);
  for (const name of ["play", "pause", "ended"]) {
    media.addEventListener(name, () => { button("toggle").textContent = media.paused ? words.play : words.pause; });
  }
  media.addEventListener("volumechange", () => {
    button("mute").textContent = media.muted ? words.soundOn : words.soundOff;
    volume.value = media.volume;
  });
  media.addEventListener("ratechange", () => { speed.value = String(media.playbackRate); });

  media.controls = false;
  player.querySelector(".controls").hidden = false;
  if (media.readyState > 0) media.dispatchEvent(new Event("loadedmetadata"));
  if (media.error) media.dispatchEvent(new Event("error"));
}
