// Opens the page when there is no network, or too poor a one. Keeps the page without anybody on it, what it is
// drawn with, and nothing else; what was told lies in the page's own store.
"use strict";
const KEPT = [{% for address in kept %}"{{ address }}", {% endfor %}];
const PAGE = "{{ page }}", SHELL = "{{ shell }}", PREFIX = "{{ prefix }}", NAME = "aigaq-phone-";
const PATIENCE = 4000, HOWEVER = { ignoreVary: true };
const language = new URL(location).searchParams.get("language");
const shell = `${SHELL}?language=${language}`;
const withoutNetwork = new Set();

// All or nothing, so that what was kept at one time stays together.
const keep = async () => {
  const fresh = NAME + Date.now();
  const cache = await caches.open(fresh);
  try {
    await cache.addAll([...KEPT, shell].map((address) => new Request(address, { credentials: "omit", cache: "no-cache" })));
  } catch (error) {
    await caches.delete(fresh);
    throw error;
  }
  const old = (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== fresh);
  await Promise.all(old.map((name) => caches.delete(name)));
};

const fromNetwork = (request) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("the network is too slow")), PATIENCE);
  fetch(request).then(resolve, reject);
});

const open = async (event) => {
  try {
    const answer = await fromNetwork(event.request);
    if (answer.status >= 500) throw new Error("the office is not there");
    return answer;
  } catch {
    withoutNetwork.add(event.resultingClientId);
    return (await caches.match(shell, HOWEVER)) ?? fetch(event.request);
  }
};

const drawn = async (event) => {
  const kept = () => caches.match(event.request, HOWEVER);
  if (withoutNetwork.has(event.clientId)) return (await kept()) ?? fetch(event.request);
  try {
    return await fromNetwork(event.request);
  } catch {
    return (await kept()) ?? fetch(event.request);
  }
};

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => { if (event.data === "keep") event.waitUntil(keep().catch(() => {})); });
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === PAGE) event.respondWith(open(event));
  else if (address.pathname.startsWith(PREFIX) && event.request.mode !== "navigate") event.respondWith(drawn(event));
});
