// The one service worker of the folder lite/. It keeps each file of the site once it has been seen to
// be the published one, so that the next visit needs no network. JupyterLite's own worker follows
// below: what is not a file of the site is left to it.

"use strict";

{
  const FILES = {}; // name below lite/: [bytes, sha256]; written by the build
  const RUNTIME = "pyodide/";
  const SCOPE = new URL("./", self.location).href;
  const CACHE = `nnmath ${SCOPE}`;

  // By its hash, so that a new version of the course loads only the files that are new.
  const key = (name) => `${SCOPE}${name}?sha256=${FILES[name][1]}`;
  const pending = new Map(); // name: the promise of its bytes
  const arrived = new Map(); // name: how many of its bytes are here

  function named(address) {
    const { origin, pathname } = new URL(address);
    const whole = origin + pathname;
    if (!whole.startsWith(SCOPE)) return null;
    const name = decodeURIComponent(whole.slice(SCOPE.length));
    const file = name === "" || name.endsWith("/") ? `${name}index.html` : name;
    return Object.hasOwn(FILES, file) ? file : null;
  }

  class Damaged extends Error {}

  async function hex(bytes) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function fetched(name, cache) {
    const answer = await fetch(SCOPE + name, { cache, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    const parts = [];
    arrived.set(name, 0);
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      arrived.set(name, Math.min(arrived.get(name) + value.length, FILES[name][0]));
      if (name.startsWith(RUNTIME)) report();
    }
    const bytes = await new Blob(parts).arrayBuffer();
    if ((await hex(bytes)) !== FILES[name][1]) throw new Damaged("it is not the file that was published");
    return [bytes, answer.headers.get("content-type") ?? "application/octet-stream"];
  }

  async function load(name) {
    let got;
    try {
      got = await fetched(name, "default");
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      got = await fetched(name, "reload"); // perhaps only the copy that the browser kept is damaged
    }
    const [bytes, type] = got;
    const answer = new Response(bytes, { headers: { "content-type": type } });
    const cache = await caches.open(CACHE);
    await cache.put(key(name), answer.clone()).catch(() => {}); // a full disk: it works all the same
    return answer;
  }

  async function file(name) {
    const kept = await (await caches.open(CACHE)).match(key(name));
    if (kept) return kept;
    if (!pending.has(name)) {
      pending.set(name, load(name).finally(() => pending.delete(name)));
    }
    try {
      return (await pending.get(name)).clone();
    } catch (error) {
      tell({ failed: name, why: error instanceof Damaged ? error.message : "it did not arrive" });
      return Response.error();
    }
  }

  async function tell(message) {
    for (const client of await self.clients.matchAll({ includeUncontrolled: true })) {
      client.postMessage({ nnmath: message });
    }
  }

  const wanted = Object.keys(FILES).filter((name) => name.startsWith(RUNTIME));
  const total = wanted.reduce((sum, name) => sum + FILES[name][0], 0);
  let told = 0;

  function report(now = false) {
    if (!now && Date.now() - told < 100) return;
    told = Date.now();
    const done = wanted.reduce((sum, name) => sum + (arrived.get(name) ?? 0), 0);
    tell({ done, total });
  }

  // All of Python, and how much of it is here.
  async function runtime() {
    const cache = await caches.open(CACHE);
    for (const name of wanted) {
      if (await cache.match(key(name))) arrived.set(name, FILES[name][0]);
    }
    report(true);
    await Promise.all(wanted.map(file));
    report(true);
  }

  self.addEventListener("message", (event) => {
    const { ask, names } = event.data?.nnmath ?? {};
    if (ask === "runtime") event.waitUntil(runtime());
    // What the page had before this worker, and what another notebook will need without a network.
    if (ask === "keep") {
      const more = Object.keys(FILES).filter((name) => /^(files|api|nnmath)\/|index\.html$|MathJax.*\.woff$/.test(name));
      event.waitUntil(
        Promise.all([...names.map(named).filter(Boolean), ...more].map(file)).then(() => tell({ kept: true })),
      );
    }
  });

  self.addEventListener("activate", (event) => {
    const current = new Set(Object.keys(FILES).map(key));
    event.waitUntil(
      caches.open(CACHE).then(async (cache) => {
        for (const { url } of await cache.keys()) if (!current.has(url)) await cache.delete(url);
      }),
    );
  });

  self.addEventListener("fetch", (event) => {
    const name = event.request.method === "GET" ? named(event.request.url) : null;
    if (name === null) return;
    event.stopImmediatePropagation();
    event.respondWith(file(name));
  });
}
