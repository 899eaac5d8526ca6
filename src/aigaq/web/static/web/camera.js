// The camera as a scanner: the browser's own reader of codes where it has one, else grey frames, read by the server.
"use strict";
for (const box of document.querySelectorAll("[data-scan]")) {
  const EVERY = 300; // milliseconds: the server takes four frames in a second
  const AGAIN = 3000; // a label that stays in sight is told once
  const MOST = 640 * 480;
  const LONGEST = 640;
  const button = box.querySelector("[data-camera]");
  const view = box.querySelector("[data-view]");
  const video = view.querySelector("video");
  const said = box.querySelector("[data-said]");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const seen = new Map();
  let stream = null;
  let sound = null;
  let whole = true;

  const say = (what, look) => {
    said.textContent = box.dataset[what];
    said.className = `said notice ${look}`;
  };
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    view.hidden = true;
    button.hidden = false;
  };

  // Heard and felt: nobody looks at the screen while aiming.
  const beep = () => {
    navigator.vibrate?.(80);
    if (!sound) return;
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    volume.gain.value = 0.15;
    tone.frequency.value = 1760;
    tone.connect(volume).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.09);
  };
  const found = (code, answer = null) => {
    const now = performance.now();
    const isNew = !(now - seen.get(code) < AGAIN);
    seen.set(code, now);
    if (!isNew) return;
    beep();
    box.dispatchEvent(new CustomEvent("scanned", { detail: { code, answer } }));
  };

  const reader = async () => {
    try {
      const formats = ["qr_code", "data_matrix", "code_128", "code_39", "ean_13", "ean_8"];
      const known = await BarcodeDetector.getSupportedFormats();
      const ours = formats.filter((format) => known.includes(format));
      return ours.includes("qr_code") ? new BarcodeDetector({ formats: ours }) : null;
    } catch {
      return null;
    }
  };

  // Now the whole picture made small, now its middle as fine as it is: a label is near, or it is far.
  const frame = () => {
    const { videoWidth, videoHeight } = video;
    const most = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight), Math.sqrt(MOST / (videoWidth * videoHeight)));
    const part = whole ? 1 : most;
    whole = !whole;
    const [width, height] = [Math.floor(videoWidth * most), Math.floor(videoHeight * most)];
    const [takenX, takenY] = [videoWidth * part, videoHeight * part];
    canvas.width = width;
    canvas.height = height;
    context.drawImage(video, (videoWidth - takenX) / 2, (videoHeight - takenY) / 2, takenX, takenY, 0, 0, width, height);
    const colours = context.getImageData(0, 0, width, height).data;
    const grey = new Uint8Array(width * height);
    for (let i = 0, c = 0; i < grey.length; i += 1, c += 4) grey[i] = (colours[c] * 77 + colours[c + 1] * 150 + colours[c + 2] * 29) >> 8;
    return { grey, width, height };
  };
  const readByServer = async () => {
    const { grey, width, height } = frame();
    const headers = { "Content-Type": "application/octet-stream", "X-CSRFToken": box.dataset.token };
    const answer = await fetch(`${box.dataset.frames}?width=${width}&height=${height}`, { method: "POST", body: grey, headers });
    if (answer.status === 200) {
      const read = await answer.json();
      found(read.codes.join(" "), read.answer);
    } else if (answer.status !== 204 && answer.status !== 429) {
      throw new Error(String(answer.status));
    }
  };
  const look = async (mine) => {
    const detector = await reader();
    while (stream === mine) {
      const began = performance.now();
      if (video.videoWidth && !document.hidden) {
        try {
          if (detector) for (const code of await detector.detect(video)) found(code.rawValue);
          else await readByServer();
        } catch {
          if (stream !== mine) return;
          say("lost", "warning");
        }
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, EVERY - (performance.now() - began))));
    }
  };

  const start = async () => {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return say("insecure", "warning");
    try {
      const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, ...size } });
    } catch (error) {
      return say(error.name === "NotAllowedError" || error.name === "SecurityError" ? "denied" : "none", "warning");
    }
    sound ??= window.AudioContext ? new AudioContext() : null;
    seen.clear();
    view.hidden = false;
    button.hidden = true;
    video.srcObject = stream;
    say("looking", "");
    view.querySelector("[data-stop]").focus({ preventScroll: true });
    await video.play();
    look(stream);
  };

  button.hidden = false;
  button.addEventListener("click", start);
  view.querySelector("[data-stop]").addEventListener("click", () => { stop(); button.focus(); });
  window.addEventListener("pagehide", stop);
}
