// The service worker: the whole app lies on the device, so that it starts without server and network. A new version waits until the guard asks for it.
const worker = self as unknown as ServiceWorkerGlobalScope;

/** Filled in by the build. */
const FILES = JSON.parse('__FILES__') as string[];
/** Where this worker lies: the gate app and the resident's pass are two apps of one kind. */
const HOME = new URL('./', worker.location.href).pathname;
const MINE = `liren${HOME.replaceAll('/', '-')}`;
const CACHE = `${MINE}__VERSION__`;

worker.addEventListener('install', (event) => {
  // Past the browser's cache: an old index with new scripts would be a broken app.
  const all = [HOME, ...FILES.filter((f) => f !== 'index.html').map((f) => HOME + f)].map((f) => new Request(f, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(all)));
});

worker.addEventListener('activate', (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith(MINE) && name !== CACHE) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== worker.location.origin || !url.pathname.startsWith(HOME)) return;
  const kept = event.request.mode === 'navigate' ? HOME : event.request;
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(kept)) ?? fetch(event.request)));
});
