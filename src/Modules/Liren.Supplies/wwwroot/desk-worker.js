// Keeps the offline desk's page and what it needs, so that it opens without a network; the network comes first whenever it is there.
const kept = "liren-desk-1";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(clients.claim()));
self.addEventListener("fetch", event => {
  if (event.request.method !== "GET" || new URL(event.request.url).pathname.startsWith("/api/")) return;
  event.respondWith((async () => {
    const cache = await caches.open(kept);
    try {
      const answer = await fetch(event.request);
      if (answer.ok && !answer.redirected) await cache.put(event.request, answer.clone());
      return answer;
    } catch (problem) { const before = await cache.match(event.request); if (before) return before; throw problem; }
  })());
});
