// Begins here.
"use strict";

let checker = new Checker(), stopping = null, queue = Promise.resolve();
const byId = (id) => document.getElementById(id);

// From a disc a page may not read what lies beside it; only what its reader chooses. So the folder is asked for.
function take(chosen) {
  if (!chosen.length) return;
  stopping?.abort();
  queue = queue.then(() => check(chosen));
}

async function check(chosen) {
  checker.add(chosen);
  stopping = new AbortController();
  const total = checker.octets, progress = byId("progress");
  let done = 0, shown = 0;
  byId("running").hidden = false;
  byId("results").replaceChildren();
  showVerdict("running", () => word("verdict.running"), () => word("verdict.running-why", { size: sizeOf(total) }));
  const told = (octets, path) => {
    done += octets;
    if (Date.now() - shown < 100) return;
    shown = Date.now();
    progress.value = total ? done / total : 1;
    byId("running-what").textContent = `${sizeOf(done)} / ${sizeOf(total)} · ${path}`;
  };
  try {
    const report = await checker.run(told, stopping.signal);
    keepChosen();
    showReport(report, checker.contents);
  } catch (error) {
    if (error.name !== "AbortError") showVerdict("bad", () => word("verdict.broken"), () => word("verdict.broken-why", { reason: String(error.message) }));
    else showVerdict("none", () => word("verdict.stopped"), () => word("verdict.stopped-why"));
  } finally { byId("running").hidden = true; byId("anew").hidden = false; }
}

// What was chosen is what plays from now on.
function keepChosen() {
  const id = checker.contents?.whole?.package;
  for (const bag of checker.bags.values()) for (const [path, file] of bag.files) if (path.startsWith("data/")) chosenFiles.set(`${id}/${path.slice(5)}`, file);
}

// A folder that was dropped: its files, however deep.
async function dropped(items) {
  const found = [], waiting = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  while (waiting.length) {
    const entry = waiting.pop();
    if (entry.isFile) found.push({ path: entry.fullPath.slice(1), file: await new Promise((resolve, reject) => { entry.file(resolve, reject); }) });
    else {
      const reader = entry.createReader();
      for (let some = [null]; some.length;) {
        some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
        waiting.push(...some);
      }
    }
  }
  return found;
}

// The language that the address names; else the one that is spoken.
const asked = () => (Object.hasOwn(WORDS, location.hash.slice(1)) ? location.hash.slice(1) : language);

function listen() {
  const folder = byId("folder"), drop = byId("drop");
  folder.addEventListener("change", () => {
    take([...folder.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
    folder.value = "";
  });
  for (const name of ["dragover", "drop"]) drop.addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    drop.classList.remove("over");
    take(await dropped(event.dataTransfer.items));
  });
  byId("anew").addEventListener("click", () => {
    stopping?.abort();
    queue = queue.then(() => {
      checker = new Checker();
      chosenFiles.clear();
      byId("results").replaceChildren();
      byId("anew").hidden = true;
      showVerdict("none", () => word("verdict.none"), () => word("verdict.none-why"));
    });
  });
  byId("stop").addEventListener("click", () => stopping?.abort());
  byId("compare-now").addEventListener("click", compare);
  document.querySelector(".languages").addEventListener("click", (event) => {
    const button = event.target.closest("[data-language]");
    if (!button) return;
    history.replaceState(null, "", `#${button.dataset.language}`);
    speak(button.dataset.language);
  });
  window.addEventListener("hashchange", () => speak(asked()));
  // On paper there is nothing to unfold.
  window.addEventListener("beforeprint", () => { for (const box of document.querySelectorAll("details")) { box.open = true; } });
}

// Before anything was checked, what was given is held against what this page was made from.
function compare() {
  const note = SHOWN.get("data/ledger/checkpoint.txt"), own = { packageDigest: digestOfJson(PACKAGE_SHOWN), filesDigest: digestOfJson(PACKAGE_SHOWN.files), key: keyOf(PACKAGE_SHOWN.ledger.key), checkpoint: isText(note) ? checkpointOf(note) : null };
  const [answer, values] = compared(byId("other").value, checker.contents ?? own), box = byId("compared");
  box.hidden = false;
  box.className = `notice ${{ "key-same": "success", "note-same": "success", "note-size": "success", "digest-same": "success", "files-same": "success", "unreadable": "warning" }[answer] ?? "error"}`;
  box.dataset.answer = answer;
  say(box, () => word(`compared.${answer}`, values));
}

say(document.querySelector("title"), () => `${word("title")} · Aigaq`);
showHead();
const VIEWS = showDuties();
showFiles();
showJournal();
showClocks();
showVerdict("none", () => word("verdict.none"), () => word("verdict.none-why"));
listen();
speak(asked());
