// Whatever is scanned goes where it belongs. Without this the form asks the server, which does the same page by page.
"use strict";
for (const box of document.querySelectorAll("[data-scan]")) {
  const form = box.querySelector("form");
  const input = form.elements.code;
  const said = box.querySelector("[data-said]");
  const at = box.dataset.at;
  const field = (id) => document.getElementById(id);
  // On the page of an issue: a field of its own for each kind. At a return only who hands it back is chosen.
  const fields = at === "issue" ? { recorder: field("id_recorder"), card: field("id_card"), person: field("id_inspector") }
    : { person: field("id_handed_back_by") };
  const seal = field("id_seal_number") ?? field("id_seal_number_found");

  const say = (text, look = "") => {
    said.textContent = text;
    said.className = `said notice ${look}`;
  };
  const sayWithWay = (answer) => {
    say(`${answer.says} `, "warning");
    if (!answer.address) return;
    const way = document.createElement("a");
    way.href = answer.address;
    way.textContent = box.dataset.elsewhere;
    said.append(way);
  };

  const ask = async (code) => {
    try {
      const query = new URLSearchParams({ code });
      const answer = await fetch(`${box.dataset.scan}?${query}`, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
    } catch { /* told below */ }
    say(box.dataset.lost, "warning");
    return null;
  };

  const fill = (target, value) => {
    if (target instanceof HTMLSelectElement && ![...target.options].some((option) => option.value === value)) return false;
    target.value = value;
    target.dispatchEvent(new Event("change", { bubbles: true }));
    target.closest(".field")?.classList.add("scanned");
    return true;
  };
  // When the scanner has done its part: on to what is asked by hand.
  const goOn = () => {
    if (!Object.values(fields).every((target) => target.value)) return;
    const rest = [...fields.recorder.form.elements].filter((each) => each.offsetParent && !each.disabled && !Object.values(fields).includes(each));
    rest.find((each) => each.type === "radio" ? !rest.some((other) => other.name === each.name && other.checked) : each.matches("input, select, textarea") && !each.value)?.focus();
  };

  const atIssue = (answer, typedIn) => {
    if (!answer.ready) return sayWithWay(answer);
    if (!fill(fields[answer.found], answer.value)) return sayWithWay(answer);
    say(answer.says, "success");
    if (!typedIn) goOn();
  };
  const atReturn = (answer) => {
    if (answer.found !== "person") {
      const isThis = new URL(answer.address, location).pathname === location.pathname;
      return isThis ? say(box.dataset.this.replace("{number}", answer.name), "success") : sayWithWay(answer);
    }
    if (!fields.person || !fill(fields.person, answer.value)) return sayWithWay(answer);
    const isOther = answer.value !== fields.person.options[0].value;
    say(isOther ? box.dataset.other.replace("{other}", answer.name) : answer.name, isOther ? "warning" : "success");
    if (isOther) field("id_condition")?.focus();
  };
  const place = (answer, typedIn = null) => {
    if (!answer.found) return say(seal ? `${answer.says} ${box.dataset.seal}` : answer.says, "warning");
    if (at === "issue") return atIssue(answer, typedIn);
    if (at) return atReturn(answer);
    location.assign(answer.address);
  };

  // One after the other, in the order in which they were scanned.
  let before = Promise.resolve();
  const scanned = (code, known = null) => {
    before = before.then(async () => {
      const answer = known ?? await ask(code);
      if (answer) place(answer);
    });
    return before;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = input.value.trim();
    input.value = "";
    if (code) scanned(code);
  });
  box.addEventListener("scanned", (event) => scanned(event.detail.code, event.detail.answer));

  // A scan that landed in another field than its own. In the seal's field nothing but a badge is taken for one:
  // a number that is typed there stays the seal's.
  const strays = (target, kind) => async (event) => {
    if (event.key !== "Enter" || !target.value.trim()) return;
    const code = target.value;
    const answer = await ask(code.trim());
    if (!answer?.found || target.value !== code) return;
    if (kind === answer.found) {
      if (answer.ready) target.value = answer.value;
      return answer.ready ? undefined : sayWithWay(answer);
    }
    if (kind === "seal" && answer.found !== "person") return;
    target.value = "";
    place(answer, target);
    if (!(at && at !== "issue" && answer.found === "person")) target.focus();
  };
  for (const [kind, target] of Object.entries({ recorder: fields.recorder, card: fields.card, seal })) {
    target?.addEventListener("keydown", strays(target, kind));
  }

  // A scanner types wherever the reader of the page is; on nothing in particular, it means this field.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1 || event.key === " ") return;
    const here = document.activeElement;
    if (!here || here === document.body || here.id === "main") input.focus();
  });
}
