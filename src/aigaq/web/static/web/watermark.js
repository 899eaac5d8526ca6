// Who watches, and when, over what is watched; by the server's clock. It lies over the picture and is no part of it.

const two = (number) => String(number).padStart(2, "0");

for (const over of document.querySelectorAll("[data-watermark]")) {
  const begun = performance.now(), shown = Number(over.dataset.now);
  const marks = [...over.querySelectorAll("[data-mark]")];
  const show = () => {
    // Shifted to Kazakhstan's wall clock by the server, so UTC fields show it.
    const at = new Date(shown + performance.now() - begun);
    const day = `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}`;
    const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
    for (const mark of marks) mark.textContent = `${over.dataset.viewer} · ${day} ${time}`;
  };
  show();
  setInterval(show, 1000);
}
