// The journal's signatures, from the entries of the package (docs/formats/signature.md, "Checking").
"use strict";

const SIGNED = {
  "journal.issued": ["issue", "inspector", "custodian"],
  "journal.returned": ["return", "handed_back_by", "custodian"],
  "journal.corrected": ["correction", "custodian", "custodian"],
  "journal.inscribed": ["inscription", "head", "head"],
  "incidents.decided": ["decision", "head", "head"],
  "disclosure.approved": ["approval", "head", "head"],
};
const JOURNAL_FORMATS = ["aigaq-journal/1", "aigaq-journal/2"], RECEIVED = ["recorder", "card", "inspector"];
const WAYS = {
  "own-password": ["signer", "way", "signed_digest", "at"],
  "passkey": ["signer", "way", "signed_digest", "at", "assertion"],
};
const digestOf = (document) => sha256(utf8(canonical(document)));
const hasId = (value) => isObject(value) && isText(value.id);
const isSignedKind = (kind) => Object.hasOwn(SIGNED, kind);

// Entries are given one after the other, in the order of the ledger. What is not in the package it can't know: that
// each row of a book is the next one is checked as far as that their numbers rise.
class Signatures {
  constructor() {
    this.logins = new Map();
    this.people = new Map();
    this.keys = new Map();
    this.out = new Map();
    this.rows = new Map();
    this.signed = new Set();
    // Keys that signed, by credential id, in the order of their first use: the path of each in the package.
    this.used = new Map();
  }

  // Faults of the next entry: [kind, {found, stated}].
  check(entry) {
    const enrolment = this.learn(entry);
    return isSignedKind(entry.kind) ? [...enrolment, ...this.faults(entry), ...this.order(entry)] : enrolment;
  }

  learn({ kind, body, actor, right }) {
    if (kind === "registry.person-added" && isText(body.user) && isText(body.person) && body.user && !this.people.has(body.user)) {
      if (!this.logins.has(body.person)) this.logins.set(body.person, body.user);
      this.people.set(body.user, body.person);
    } else if (kind === "account.passkey-revoked" && this.keys.has(body.credential_id)) {
      this.keys.set(body.credential_id, null);
    } else if (kind === "account.passkey-enrolled" && ["user", "credential_id", "public_key", "rp_id"].every((name) => isText(body[name]))) {
      // A key that can't be read is none: what rests on it is found not to be enrolled.
      if (!this.keys.has(body.credential_id) && !coseKey(body.public_key)) return [];
      if (this.keys.has(body.credential_id)) return [["passkey-enrolled-again", { found: body.credential_id }]];
      this.keys.set(body.credential_id, { login: body.user, publicKey: body.public_key, site: body.rp_id });
      const isRight = actor.kind === "person" && actor.id !== this.people.get(body.user)
        && ["custodian", "head"].includes((right || {}).role);
      if (!isRight) return [["passkey-enrolled-without-right", { found: body.credential_id, stated: actor.name }]];
    }
    return [];
  }

  keyFor(person, credential) {
    const key = this.keys.get(credential);
    return key && key.login === this.logins.get(person) ? key : null;
  }

  faults(entry) {
    const [, signer, actor] = SIGNED[entry.kind], { document, signatures } = entry.body;
    if (!isSignedDocument(document, entry.kind)) return [["no-document", {}]];
    if (!Array.isArray(signatures) || !signatures.length) return [["not-signed", {}]];
    const found = [];
    for (const [is, says] of [[entry.actor.id, document[actor].id], [entry.division ?? "", document.division.id]]) {
      if (is !== says) found.push(["not-the-actors", { found: is, stated: says }]);
    }
    for (const signature of signatures) found.push(...this.ofSignature(document, document[signer], signature));
    return found;
  }

  ofSignature(document, person, signature) {
    if (!isObject(signature) || !isText(signature.way)) return [["malformed-signature", {}]];
    if (!Object.hasOwn(WAYS, signature.way)) return [["unknown-way", { found: signature.way }]];
    if (!hasNames(signature, WAYS[signature.way]) || !hasId(signature.signer)) return [["malformed-signature", {}]];
    const found = [], digest = digestOf(document), spelt = `sha256:${hexOf(digest)}`;
    if (signature.signed_digest !== spelt) found.push(["digest-mismatch", { found: spelt, stated: String(signature.signed_digest) }]);
    if (!isAlike(signature.signer, person)) found.push(["wrong-signer", { found: signature.signer.id, stated: person.id }]);
    if (signature.at !== document.occurred_at) found.push(["signed-at-another-time", { found: String(signature.at), stated: document.occurred_at }]);
    if (signature.way !== "passkey") return found;
    const credential = (signature.assertion || {}).credential_id, key = this.keyFor(person.id, credential);
    if (!hasNames(signature.assertion, ASSERTION)) found.push(["passkey-does-not-hold", { found: "names" }]);
    else if (!key) found.push(["passkey-not-enrolled", { found: String(credential), stated: String(person.full_name ?? person.id) }]);
    else {
      if (!this.used.has(credential)) this.used.set(credential, { path: `keys/${this.used.size + 1}.pem`, spki: coseKey(key.publicKey).spki });
      const flaw = assertionFlaw(signature.assertion, key, digest);
      if (flaw) found.push(["passkey-does-not-hold", { found: flaw }]);
    }
    return found;
  }

  order({ kind, seq, body: { document } }) {
    if (!isSignedDocument(document, kind)) return [];
    const digest = `sha256:${hexOf(digestOf(document))}`;
    if (kind === "journal.issued") {
      const last = this.rows.get(document.book.id) ?? 0, { number } = document.row;
      this.rows.set(document.book.id, number);
      this.out.set(document.row.id, { seq, signed_digest: digest });
      if (number <= last) return [["not-the-next-row", { found: String(number), expected: `> ${last}` }]];
    } else if (kind === "journal.returned") {
      const issued = this.out.get(document.row.id);
      this.out.delete(document.row.id);
      if (!issued || !isAlike(document.issued, issued)) return [["not-of-this-issue", {}]];
    } else if (this.signed.has(digest)) return [["signed-before", { found: digest }]];
    else this.signed.add(digest);
    return [];
  }
}

function isSignedDocument(document, kind) {
  const [act, signer, actor] = SIGNED[kind];
  return isObject(document) && JOURNAL_FORMATS.includes(document.format) && document.act === act && isText(document.occurred_at)
    && hasId(document.division) && hasId(document[actor]) && hasId(document[signer])
    && (actor !== "custodian" || hasId(document.row))
    && (act !== "issue" || (hasId(document.book) && Number.isInteger(document.row.number)))
    && (act !== "correction" || saysWhoReceived(document));
}

function saysWhoReceived({ cell, received }) {
  if (!RECEIVED.includes(cell)) return received === undefined || received === null;
  if (!hasNames(received, ["was", "now"])) return false;
  const isReceipt = (value) => hasNames(value, RECEIVED) && RECEIVED.every((name) => hasId(value[name]) || (name === "card" && value[name] === null));
  const { was, now } = received;
  return isReceipt(was) && isReceipt(now) && RECEIVED.every((name) => isAlike(was[name], now[name]) === (name !== cell));
}
