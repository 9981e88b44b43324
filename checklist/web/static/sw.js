// Opens the page without a network. VERSION and FILES stand above (the server puts them there).
// Answers are not its business: the page keeps them itself.

const SHELL = new URL('./', self.location).href;
const CACHE = 'page ' + SHELL + ' ' + VERSION;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    const shell = await fetch(SHELL, { credentials: 'same-origin', cache: 'reload' });
    if (shell.ok) await cache.put(SHELL, shell);
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys())
      if (name.startsWith('page ' + SHELL + ' ') && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

async function shell(request) {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.type === 'basic') {
      if (!fresh.redirected) await cache.put(SHELL, fresh.clone());
      return fresh;
    }
    if (fresh.type === 'opaqueredirect' || fresh.status === 403) return fresh;
  } catch { /* no network */ }
  return (await cache.match(SHELL)) || Response.error();
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || !url.href.startsWith(SHELL)) return;
  const rest = url.href.slice(SHELL.length);
  if (event.request.mode === 'navigate') event.respondWith(shell(event.request));
  else if (rest.startsWith('s/'))
    event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((hit) => hit || fetch(event.request)));
});
