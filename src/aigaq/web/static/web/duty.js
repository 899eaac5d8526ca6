// The page of a duty: its picture and its player belong together. Without this the files have players of their own.
import { actOf, toggleHelp } from "./keys.js";
import { Reel } from "./reel.js";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 4, 8, 16];
const SAID_FOR = 2600;
const ZOOMS = ["", "zoom-4", "zoom-16"];

const number = (text) => (text === undefined ? null : Number(text));
const two = (value) => String(value).padStart(2, "0");
const spelt = (milliseconds, tenths) => {
  const at = new Date(milliseconds);
  const day = `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${day} ${time}${tenths ? `.${Math.floor(at.getUTCMilliseconds() / 100)}` : ""}`;
};
const length = (milliseconds) => {
  const seconds = Math.round(milliseconds / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

const timeline = document.querySelector("[data-timeline]");
const root = document.querySelector("[data-reel]");
if (timeline) drawLarger(timeline);
if (root && timeline) play(root, timeline);

// Everything is drawn in shares of the width: so larger is wider.
function drawLarger(figure) {
  const drawn = figure.querySelector("[data-drawn]"), zoom = figure.querySelector("[data-zoom]");
  let level = 0;
  zoom.hidden = false;
  const show = () => {
    const middle = (drawn.scrollLeft + drawn.clientWidth / 2) / drawn.scrollWidth;
    ZOOMS.forEach((name, place) => { if (name) figure.classList.toggle(name, place === level); });
    drawn.scrollLeft = middle * drawn.scrollWidth - drawn.clientWidth / 2;
    for (const button of zoom.querySelectorAll("button")) {
      button.disabled = !(level + Number(button.dataset.larger) in ZOOMS);
    }
  };
  zoom.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && !button.disabled) { level += Number(button.dataset.larger); show(); }
  });
  show();
}

function play(player, figure) {
  const words = player.dataset;
  const find = (name) => player.querySelector(`[data-${name}]`);
  const button = (name) => player.querySelector(`[data-do="${name}"]`);
  const [seek, speed, volume, said, help] = ["seek", "speed", "volume", "said", "help"].map(find);
  const since = Number(words.from), until = Number(words.to);
  const clips = [...document.querySelectorAll("[data-clip]")].map((item) => ({
    item, name: item.dataset.name, page: item.dataset.page, src: item.dataset.src, kind: item.dataset.kind, known: item.dataset.known,
    frame: Number(item.dataset.frame), begins: number(item.dataset.begins), camera: number(item.dataset.camera),
    length: number(item.dataset.length), isPrecise: "precise" in item.dataset, lasts: null,
  }));
  const reel = new Reel([...player.querySelectorAll("[data-deck]")], clips);
  const gaps = [...figure.querySelectorAll(".part.unexplained")].map((part) => Number(part.dataset.at));
  let dragging = false, timer = 0;

  const say = (text, stays = false) => {
    clearTimeout(timer);
    said.textContent = text;
    said.hidden = !text;
    if (text && !stays) timer = setTimeout(() => { said.hidden = true; }, SAID_FOR);
  };

  const cursor = figure.querySelector("[data-cursor]");
  const [line, head] = [cursor.querySelector("line"), cursor.querySelector("svg")];
  const showTime = () => {
    const { clip, at, camera } = reel;
    find("camera-time").textContent = camera === null ? words.unknown : spelt(camera, clip.isPrecise);
    const isKnown = clip && at !== null && clip.known !== "unknown";
    find("true-time").textContent = isKnown ? spelt(at, clip.isPrecise) : words.unknown;
    const name = find("true-name");
    name.textContent = clip?.known === "at-least" ? name.dataset.atLeast : name.dataset.exact;
    find("place").textContent = clip ? reel.seconds.toFixed(2) : "–";
    if (at === null) { cursor.setAttribute("hidden", ""); return; }
    const share = `${Math.min(100, Math.max(0, (100 * (at - since)) / (until - since))).toFixed(3)}%`;
    cursor.removeAttribute("hidden");
    line.setAttribute("x1", share); line.setAttribute("x2", share); head.setAttribute("x", share);
    if (!dragging) seek.value = at;
    seek.setAttribute("aria-valuetext", words.of.replace("{time}", spelt(at)).replace("{name}", clip.name));
    const onward = document.querySelector("[data-locked] input[name=next]");
    if (onward) onward.value = `${location.pathname}?at=${Math.round(at)}`;
  };
  const showState = () => {
    button("toggle").textContent = reel.isPlaying ? words.pause : words.play;
    for (const [name, is] of [["reverse", reel.isBackwards], ["forward", reel.wantsToPlay]]) {
      button(name).setAttribute("aria-pressed", String(is));
    }
  };
  const showClip = () => {
    for (const clip of clips) clip.item.toggleAttribute("aria-current", clip === reel.clip);
    find("file").textContent = reel.clip.name;
    find("sound-only").hidden = reel.clip.kind !== "audio";
    showTime();
  };
  const showRate = () => {
    speed.value = String(reel.rate);
    if (speed.selectedIndex < 0) speed.value = "1";
  };

  const faster = (way) => {
    const place = SPEEDS.indexOf(reel.rate);
    reel.setRate(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (place < 0 ? 3 : place) + way))]);
    say(`${reel.rate}×`);
  };
  const shuttle = (isBack) => {
    if (isBack === reel.isBackwards && reel.isPlaying) reel.setRate(Math.min(16, Math.max(1, reel.rate) * 2));
    else { reel.setRate(1); if (isBack) reel.reverse(); else reel.play(); }
    say(`${isBack ? `${words.backwards} ` : ""}${reel.rate}×`);
  };
  const louder = (by) => {
    reel.media.muted = false;
    reel.media.volume = Math.min(1, Math.max(0, reel.media.volume + by));
  };
  const toGap = () => {
    const from = reel.at ?? since, next = gaps.find((at) => at > from + 5001) ?? gaps[0];
    if (next !== undefined) reel.seek(next - 5000);
  };
  const acts = {
    toggle: () => { if (reel.isPlaying) reel.pause(); else reel.play(); },
    forward: () => shuttle(false),
    reverse: () => shuttle(true),
    "back-5": () => reel.move(-5),
    "on-5": () => reel.move(5),
    "back-1": () => reel.move(-1),
    "on-1": () => reel.move(1),
    "frame-back": () => reel.step(-1),
    "frame-on": () => reel.step(1),
    slower: () => faster(-1),
    faster: () => faster(1),
    previous: () => reel.skip(-1),
    next: () => reel.skip(1),
    gap: toGap,
    mark: () => {
      if (!reel.clip) return;
      reel.pause();
      location.assign(`${reel.clip.page}?at=${Math.round(reel.seconds * 1000)}#marks`);
    },
    begin: () => { if (reel.first) reel.open(reel.first, 0); },
    end: () => reel.seek(Number.MAX_SAFE_INTEGER),
    louder: () => louder(0.1),
    quieter: () => louder(-0.1),
    mute: () => { reel.media.muted = !reel.media.muted; },
    full: () => { if (document.fullscreenElement) document.exitFullscreen(); else player.requestFullscreen(); },
    help: () => toggleHelp(help),
  };
  const keys = {
    k: "toggle", " ": "toggle", j: "reverse", l: "forward", ArrowLeft: "back-5", ArrowRight: "on-5",
    "⇧ArrowLeft": "back-1", "⇧ArrowRight": "on-1", ",": "frame-back", ".": "frame-on", "<": "slower", ">": "faster",
    "⇧p": "previous", "⇧n": "next", n: "mark", g: "gap", Home: "begin", End: "end", ArrowUp: "louder", ArrowDown: "quieter",
    m: "mute", f: "full", "?": "help",
  };

  player.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]");
    if (pressed) acts[pressed.dataset.do]();
    else if (event.target.closest("[data-screen]")) acts.toggle();
  });
  document.addEventListener("keydown", (event) => {
    const act = actOf(event, keys), at = event.target;
    if (!act || !player.isConnected) return;
    // A form keeps its keys, a button its space, a list its arrows, the dialog all but its own.
    if (at.closest("select, textarea, input:not([data-seek])") || (help.open && act !== "help")) return;
    if (event.key === " " && at.closest("button, a, summary")) return;
    if (/^(Arrow(Up|Down)|Home|End)$/.test(event.key) && !at.closest("[data-reel]")) return;
    if (at.closest("[data-drawn]") && /^Arrow/.test(event.key) && at.matches("[data-drawn]")) return;
    event.preventDefault();
    acts[act]();
  });

  const jump = (at) => {
    if (!reel.isPlaying) reel.wantsToPlay = true;
    reel.seek(at);
    showState();
  };
  figure.querySelector("svg").addEventListener("click", (event) => {
    const box = event.currentTarget.getBoundingClientRect(), part = event.target.closest("[data-at]");
    event.preventDefault();
    // From the keyboard a part is opened at its beginning; there is no place then.
    const isPointed = event.detail > 0;
    if (!isPointed && !part) return;
    jump(isPointed ? since + ((event.clientX - box.left) / box.width) * (until - since) : Number(part.dataset.at));
  });
  document.addEventListener("click", (event) => {
    const from = event.target.closest("[data-play-at], [data-play-clip]");
    if (!from || !player.isConnected) return;
    if (from.dataset.playAt) jump(Number(from.dataset.playAt));
    else { reel.wantsToPlay = true; reel.open(clips.find((clip) => clip.item.dataset.clip === from.dataset.playClip), 0); reel.play(); }
    player.scrollIntoView({ block: "nearest" });
  });

  seek.addEventListener("input", () => { dragging = true; reel.seek(Number(seek.value)); });
  seek.addEventListener("change", () => { dragging = false; showTime(); });
  speed.addEventListener("change", () => reel.setRate(Number(speed.value)));
  volume.addEventListener("input", () => { reel.media.volume = Number(volume.value); reel.media.muted = false; });
  for (const deck of reel.decks) {
    deck.addEventListener("volumechange", () => {
      if (deck !== reel.media) return;
      button("mute").textContent = deck.muted ? words.soundOn : words.soundOff;
      volume.value = deck.volume;
    });
  }

  // A refusal of the server (locked, not entered, damaged) says why; without one it is the browser that can't.
  const refusal = async (clip) => {
    const answer = await fetch(clip.src, { headers: { Range: "bytes=0-0" }, cache: "no-store" });
    return answer.ok ? null : { status: answer.status, text: (await answer.text()).slice(0, 400) };
  };
  reel.addEventListener("fault", async ({ detail: { clip, error, isShown } }) => {
    let refused = null;
    try {
      refused = await refusal(clip);
    } catch {
      refused = { status: 0, text: words.broken.replace("{name}", clip.name) };
    }
    if (refused?.status === 403) { reel.pause(); return; }
    if (refused || error?.code === MediaError.MEDIA_ERR_NETWORK) {
      if (!isShown) return;
      reel.pause();
      say(refused?.text || words.broken.replace("{name}", clip.name), true);
      return;
    }
    clip.item.dataset.failed = "";
    say(words.passed.replace("{name}", clip.name));
    reel.leaveOut(clip);
  });
  reel.addEventListener("time", showTime);
  reel.addEventListener("state", showState);
  reel.addEventListener("clip", showClip);
  reel.addEventListener("rate", showRate);
  reel.addEventListener("gap", ({ detail }) => say(words.gap.replace("{length}", length(detail))));
  reel.addEventListener("over", () => { say(words.ended, true); showState(); });
  reel.addEventListener("nothing", () => { say(words.nothing, true); showState(); });

  for (const each of document.querySelectorAll("[data-play-at], [data-play-clip]")) each.hidden = false;
  const locked = document.querySelector("[data-locked]");
  new MutationObserver(() => {
    if (locked.hidden) return;
    for (const each of document.querySelectorAll("[data-play-at], [data-play-clip]")) each.hidden = true;
  }).observe(locked, { attributes: true, attributeFilter: ["hidden"] });
  player.hidden = false;
  showState();
  const wanted = new URLSearchParams(location.search).get("at");
  if (!reel.first) say(words.nothing, true);
  else if (wanted && Number.isFinite(Number(wanted))) reel.seek(Number(wanted));
}
