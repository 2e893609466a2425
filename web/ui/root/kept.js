// The service worker of a checklist: it gives out what the page has kept on this device where the clinic cannot be
// reached, and says nothing else to anybody. Answers are never sent by it: the page sends them and sees what came of it.
const PARTS = ["document", "script", "style", "image", "font"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !PARTS.includes(request.destination)) return;
  event.respondWith(fetch(request).catch(async () => (await caches.match(request, { ignoreVary: true })) ?? Response.error()));
});
