// What the check found, in plain words: first what is wrong, then all that was checked.
"use strict";

const MOST_SHOWN = 500;

// "path:data/x" and the like, for people.
function subjectOf(subject) {
  const at = subject.indexOf(":"), [kind, value] = [subject.slice(0, at), subject.slice(at + 1)];
  if (kind === "path") return value || "–";
  const { whole = null, entries = new Map() } = checker.contents ?? {};
  if (kind === "file") return word("subject.file", { number: numbered(value), name: (whole ?? PACKAGE_SHOWN).files[value - 1]?.path.split("/").pop() ?? "" });
  const entry = kind === "entry" ? entries.get(Number(value)) : null;
  return `${word(`subject.${kind}`, { value })}${entry ? ` · ${entry.kind}` : ""}`;
}

function faultTitle(kind) {
  return word(`fault.${kind}`);
}

function faultMeaning(kind) {
  return hasWord(`mean.${kind}`) ? word(`mean.${kind}`) : word(kind.startsWith("signature-") ? "mean.signature" : "mean.other");
}

function faultOf({ subject, kind, evidence }) {
  const list = make("dl", { class: "facts" });
  facts(list, [
    ["result.about", evidence.about ?? null],
    ["result.reason", evidence.reason ? () => called("reason", evidence.reason) : null],
    ["result.found", evidence.found ?? null, { class: "mono" }],
    ["result.expected", evidence.expected ?? evidence.stated ?? null, { class: "mono" }],
  ]);
  const item = make("li", { class: "fault" }, make("p", { class: "fault-title" }, () => `${faultTitle(kind)} `, saying("code", {}, kind)), saying("p", { class: "subject mono" }, () => subjectOf(subject)), saying("p", {}, () => faultMeaning(kind)), list);
  item.dataset.fault = kind;
  item.dataset.subject = subject;
  if (kind === "file-added" && /(^|\/)(\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|\.Spotlight-V100|System Volume Information)/.test(subject.slice(5))) item.append(saying("p", { class: "hint" }, () => word("mean.junk")));
  return item;
}

function groupOf(report, group) {
  const items = [...report.items.values()].filter((item) => item.group === group), bad = items.filter((item) => item.faults.length);
  if (!items.length) return null;
  const summary = make("summary", {}, make("span", { class: `state ${bad.length ? "stop" : "go"}` }, () => (bad.length ? word("result.bad", { bad: bad.length, all: items.length }) : word("result.good", { all: items.length }))), " ", () => word(`group.${group}`));
  const box = make("details", { class: "unfold group" }, summary);
  box.dataset.group = group;
  box.dataset.state = bad.length ? "bad" : "good";
  box.addEventListener("toggle", () => {
    if (!box.open || box.querySelector("ul")) return;
    if (!bad.length) box.append(saying("p", { class: "hint" }, () => word(`explain.${group}`)));
    box.append(make("ul", { class: "checked" }, ...[...bad, ...items.filter((item) => !item.faults.length)].slice(0, MOST_SHOWN).map((item) => make("li", { class: item.faults.length ? "bad" : "good" }, () => `${item.faults.length ? "✗" : "✓"} ${subjectOf(item.subject)}`))));
    if (items.length > MOST_SHOWN) box.append(saying("p", { class: "hint" }, () => word("result.more", { number: items.length - MOST_SHOWN })));
  });
  return box;
}

function showVerdict(state, title, why) {
  const box = document.getElementById("verdict");
  box.dataset.state = state;
  say(document.getElementById("verdict-word"), title);
  say(document.getElementById("verdict-why"), why);
}

function showReport(report, contents) {
  const faults = report.faults, results = document.getElementById("results"), volumes = [...new Set(report.elsewhere.map((file) => file.volume))].join(", ");
  const values = { faults: faults.length, volumes, elsewhere: report.elsewhere.length }, told = make("dl", { class: "facts" }), at = momentOf(Date.now());
  const { verdict } = report;
  showVerdict(verdict, () => word(`verdict.${verdict}`, values), () => word(`verdict.${verdict}-why`, values));
  results.replaceChildren();
  if (report.isOther) results.append(saying("p", { class: "notice warning" }, () => word("result.other", { found: contents.whole.package, shown: PACKAGE_SHOWN.package })));
  if (faults.length) {
    const list = make("ul", { class: "faults" }, ...faults.slice(0, MOST_SHOWN).map(faultOf));
    results.append(make("div", { class: "refusal" }, saying("h3", {}, () => word("result.faults", values)), list));
    if (faults.length > MOST_SHOWN) list.append(saying("li", {}, () => word("result.more", { number: faults.length - MOST_SHOWN })));
  }
  facts(told, [
    ["result.at", at], ["what.digest", contents ? `sha256:${contents.packageDigest}` : null, { class: "mono" }], ["result.key", contents?.key?.text ?? null, { class: "mono" }],
    ["result.files", String(report.count("files"))], ["result.entries", String(report.proven)], ["result.signatures", String(report.count("signatures"))],
  ]);
  // Of what does not hold only the faults are told.
  results.append(verdict === "bad" ? "" : told, make("div", { class: "groups" }, ...GROUPS.map((group) => groupOf(report, group)).filter(Boolean)));
}
