// Both digests of a file, whatever its size: it is read in pieces, once, and never held whole.
"use strict";

const PIECE = 4 * 1024 * 1024, PIECE_HERE = 1024 * 1024;

// In a worker of its own, one for each kind of digest.
class Elsewhere {
  constructor(source) {
    this.address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.worker = new Worker(this.address);
    this.waiting = [];
    this.worker.onmessage = ({ data }) => this.waiting.shift().resolve(data);
    this.worker.onerror = () => { for (const each of this.waiting.splice(0)) each.reject(new Error("worker")); };
  }

  begin(name) { this.worker.postMessage(name); }
  feed(buffer, isLast) { return this.ask(buffer, isLast ? [buffer] : []); }
  end() { return this.ask(null, []); }
  ask(message, given) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(message, given);
    });
  }

  close() { this.worker.terminate(); URL.revokeObjectURL(this.address); }
}

// Where the browser allows no workers: here, in smaller pieces, so that the page answers in between.
class Here {
  begin(name) { this.hash = new HASHES[name](); }
  async feed(buffer) { this.hash.update(new Uint8Array(buffer)); }
  async end() { return hexOf(this.hash.digest()); }
  close() { this.hash = null; }
}

class Digester {
  constructor(signal) {
    this.signal = signal;
    this.hands = null;
  }

  async open() {
    try {
      this.hands = Object.keys(ALGORITHMS).map(() => new Elsewhere(document.getElementById("hashing").textContent));
      this.hands[0].begin("sha256");
      this.piece = PIECE;
      const tried = await Promise.race([this.hands[0].end(), new Promise((resolve) => { setTimeout(resolve, 5000); })]);
      if (tried === hexOf(sha256())) return this;
    } catch { /* A browser that forbids workers says so in many ways; each is answered below. */ }
    this.close();
    this.hands = Object.keys(ALGORITHMS).map(() => new Here());
    this.piece = PIECE_HERE;
    return this;
  }

  // `told` gets the octets of each piece. What can't be read throws a DOMException.
  async digest(file, told) {
    if (file.size <= PIECE_HERE) {
      const octets = new Uint8Array(await this.read(file, 0));
      told(octets.length);
      return { sha256: hexOf(sha256(octets)), sha512: hexOf(sha512(octets)) };
    }
    Object.keys(ALGORITHMS).forEach((name, i) => this.hands[i].begin(name));
    let busy = [];
    for (let at = 0; at < file.size; at += this.piece) {
      const buffer = await this.read(file, at), size = buffer.byteLength;
      await Promise.all(busy);
      busy = this.hands.map((hand, i) => hand.feed(buffer, i === this.hands.length - 1));
      told(size);
    }
    await Promise.all(busy);
    const [one, other] = await Promise.all(this.hands.map((hand) => hand.end()));
    return { sha256: one, sha512: other };
  }

  async read(file, at) {
    this.signal.throwIfAborted();
    const until = Math.min(at + this.piece, file.size), buffer = await file.slice(at, until).arrayBuffer();
    if (buffer.byteLength !== until - at) throw new DOMException("short", "NotReadableError");
    return buffer;
  }

  close() { for (const hand of this.hands ?? []) hand.close(); }
}
