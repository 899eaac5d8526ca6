// What the players share: which act a key means, and the dialog that says so.

// On a keyboard that writes no Latin letters just now, the key in the same place counts.
const places = { Comma: [",", "<"], Period: [".", ">"], BracketLeft: ["[", "{"], BracketRight: ["]", "}"] };
function latin({ key, code, shiftKey }) {
  if (!/^[^\x00-\x7f]$/.test(key)) return null;
  return /^Key[A-Z]$/.test(code) ? code[3].toLowerCase() : places[code]?.[Number(shiftKey)];
}

// `keys` names an act for each key, and "⇧" before a key one for it with Shift.
export function actOf(event, keys) {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const key = latin(event) ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  return (event.shiftKey && keys[`⇧${key}`]) || keys[key];
}

export function toggleHelp(dialog) {
  if (dialog.open) dialog.close(); else dialog.showModal();
}
