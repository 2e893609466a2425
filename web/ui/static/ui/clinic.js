// The clinic's own script: keys, drafts, pictures, focus. Every page works without it.
import { startKeys, startSwitch } from "./keys.js";
import { startDrafts } from "./drafts.js";
import { startSession } from "./session.js";

startKeys();
startSwitch();
startDrafts();
startSession();
if (document.querySelector("svg :is(.area, .mark)[tabindex]")) import("./picture.js").then(({ startPictures }) => startPictures());
// What a checklist keeps on this device goes when another page comes.
if (!document.querySelector("#day[data-who]") && "serviceWorker" in navigator && "caches" in globalThis) {
  caches.delete("checklist");
  navigator.serviceWorker.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
}

// After a refusal the list of what is wrong is where one reads on.
document.querySelector(".summary")?.focus();
document.body.addEventListener("htmx:afterSwap", (event) => event.detail.target.querySelector(".summary")?.focus());
