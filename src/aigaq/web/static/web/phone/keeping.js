// What was pressed, until the office has it; and the last that the office said. Survives reload and closing.

const NAME = "aigaq-phone";
const NOTICES = "notices";
const SAID = "said";

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const opened = () => new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(NOTICES, { keyPath: "order", autoIncrement: true });
    request.result.createObjectStore(SAID);
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
  request.onblocked = () => reject(new Error("blocked"));
});

class Kept {
  isDurable = true;

  constructor(database) { this.database = database; }

  // Strict: on the disk, not only on its way there, before anybody is told that it is kept.
  async within(store, mode, act) {
    const transaction = this.database.transaction(store, mode, { durability: "strict" });
    const over = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = await done(act(transaction.objectStore(store)));
    await over;
    return result;
  }

  notices() { return this.within(NOTICES, "readonly", (store) => store.getAll()); }
  async add(notice) { return { ...notice, order: await this.within(NOTICES, "readwrite", (store) => store.add(notice)) }; }
  put(notice) { return this.within(NOTICES, "readwrite", (store) => store.put(notice)); }
  remove(order) { return this.within(NOTICES, "readwrite", (store) => store.delete(order)); }
  said() { return this.within(SAID, "readonly", (store) => store.get("last")); }
  say(said) { return this.within(SAID, "readwrite", (store) => store.put(said, "last")); }
}

// Where a browser keeps nothing: as long as the page stands, and the page says so.
class Remembered {
  isDurable = false;
  list = new Map();
  last = undefined;
  next = 1;

  async notices() { return [...this.list.values()]; }
  async add(notice) {
    const kept = { ...notice, order: this.next++ };
    this.list.set(kept.order, kept);
    return kept;
  }
  async put(notice) { this.list.set(notice.order, notice); }
  async remove(order) { this.list.delete(order); }
  async said() { return this.last; }
  async say(said) { this.last = said; }
}

export const openStore = async () => {
  try {
    return new Kept(await opened());
  } catch {
    return new Remembered();
  }
};

// Asked for when there is something to keep: a browser short of room then leaves it alone.
export const keepForGood = () => navigator.storage?.persist?.();

// Of 122 random bits; crypto.randomUUID is not there without HTTPS.
export const newId = () => {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  octets[6] = (octets[6] & 0x0f) | 0x40;
  octets[8] = (octets[8] & 0x3f) | 0x80;
  const hex = [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
