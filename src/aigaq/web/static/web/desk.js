// Small conveniences. Every page works without them.
"use strict";

// A scanner ends its code with Enter: go on to the next field instead of sending a half-filled form.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !(field instanceof HTMLInputElement) || !("onward" in field.dataset)) return;
  event.preventDefault();
  const form = field.form;
  const fields = [...form.elements].filter((e) => !e.disabled && e.tabIndex >= 0 && e.offsetParent && e.tagName !== "FIELDSET");
  fields[fields.indexOf(field) + 1]?.focus();
});

// The menu folds away on a phone.
const button = document.querySelector(".menu-button");
if (button) {
  const set = (open) => {
    button.setAttribute("aria-expanded", String(open));
    button.parentElement.classList.toggle("folded", !open);
  };
  button.hidden = false;
  set(false);
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
}

// Minutes that are left until the vault locks itself.
const tick = () => {
  for (const node of document.querySelectorAll("[data-until]")) {
    const left = Math.ceil((new Date(node.dataset.until) - Date.now()) / 60000);
    node.textContent = left > 0 ? node.dataset.minutes.replace("{n}", left) : node.dataset.over;
  }
};
tick();
setInterval(tick, 10000);

// A point that is not in order asks for its remark.
const showRemarks = (root) => {
  for (const point of root.querySelectorAll("[data-point]")) {
    const chosen = point.querySelector("input:checked");
    point.querySelector("[data-remark]").hidden = !chosen || chosen.value === point.dataset.point;
  }
};
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-point]")) showRemarks(document);
});
showRemarks(document);

// After a form came back with errors, or htmx brought a new part: the reader's place is there.
for (const field of document.querySelectorAll("[data-focus-quietly]")) {
  if (!document.querySelector("[data-focus]")) field.focus({ preventScroll: true });
}
const focusNew = (root) => root.querySelector("[data-focus]")?.focus();
focusNew(document);
document.addEventListener("htmx:afterSettle", (event) => { showRemarks(document); focusNew(event.target); tick(); });

for (const back of document.querySelectorAll("[data-back]")) {
  back.hidden = history.length < 2;
  back.addEventListener("click", () => history.back());
}
// A time code can be kept to its second only where scripts run.
for (const field of document.querySelectorAll("[data-live]")) field.value = "yes";
for (const print of document.querySelectorAll("[data-print]")) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
