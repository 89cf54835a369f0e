// Keeps the page for days without a network (a service worker; static/boot.js asks for it, where that is allowed).
//
// The page itself is fetched anew whenever that works, so that nobody is left with an old one; the files that it names
// carry their content's hash in their names, so what is kept of them is never stale. The lessons do not: they are fetched
// anew with the page.
const KEPT = "statefulset-playground";
const home = new URL("./", self.location).href;

// The page as it is now, and every file it names.
async function keep() {
  const page = await fetch(home, { cache: "no-store" });
  if (!page.ok) throw new Error("the page answered " + page.status);
  const text = await page.clone().text();
  const names = [...text.matchAll(/(?:href|src|data-wasm|data-part-\d)="(\.\/[^"]+)"/g)].map((match) => new URL(match[1], home).href);
  const cache = await caches.open(KEPT);
  await Promise.all(names.map(async (name) => (await cache.match(name)) || cache.add(name)));
  // The page has a button for each of them.
  const lessons = [...text.matchAll(/id="lesson-([a-z0-9-]+)"/g)].map((match) => new URL(`lessons/${match[1]}.md`, home).href);
  await cache.addAll(lessons);
  await cache.put(home, page);
  const wanted = new Set([home, ...names, ...lessons]);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || !address.href.startsWith(home)) return;
  const [path] = address.href.split(/[?#]/);
  const isPage = request.mode === "navigate" && (path === home || path === home + "index.html");
  event.respondWith(isPage ? anew() : (async () => (await caches.match(path)) ?? fetch(request))());
});

// From the network where there is one; what is new is kept for the next time.
async function anew() {
  try {
    const page = await fetch(home, { cache: "no-cache" });
    if (page.ok) keep().catch(() => {});
    return page;
  } catch {
    return (await caches.match(home)) ?? Response.error();
  }
}
