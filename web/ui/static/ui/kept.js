// The checklist that is open is kept on this device, so that it opens again without a connection: this one alone, and
// only until another page of the clinic is opened here. A kept page knows when it was kept and how this clock is off.
const NAME = "checklist";
const isPart = (address) => new URL(address).pathname.startsWith("/static/");
const able = () => "serviceWorker" in navigator && "caches" in globalThis;

export async function keepPage(day, clock) {
  if (!able()) return;
  const page = document.documentElement.cloneNode(true);
  Object.assign(page.querySelector("#day").dataset, { keptClock: clock, keptAt: new Date().toISOString() });
  const text = `<!doctype html>${page.outerHTML}`;
  try {
    await navigator.serviceWorker.register("/kept.js", { scope: location.pathname });
    const store = await caches.open(NAME);
    for (const { url } of await store.keys())
      if (!isPart(url) && new URL(url).pathname !== location.pathname) await store.delete(url);
    const kept = () => new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
    for (const address of new Set([location.href, `${location.pathname}?stage=${day.dataset.stage ?? ""}`])) await store.put(address, kept());
    const parts = performance.getEntriesByType("resource").map((one) => one.name).filter(isPart);
    for (const part of new Set(parts)) if (!(await store.match(part, { ignoreVary: true }))) await store.add(part);
  } catch { /* the connection is gone, or the device keeps nothing: the page goes on without */ }
}
