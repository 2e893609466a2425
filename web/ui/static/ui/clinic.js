// The clinic's own script: keys, drafts, pictures, focus. Every page works without it.
import { startKeys, startSwitch } from "./keys.js";
import { startDrafts } from "./drafts.js";
import { forgetPages } from "./kept.js";
import { startPictures } from "./picture.js";
import { startSession } from "./session.js";

startKeys();
startSwitch();
startDrafts();
startPictures();
startSession();
if (!document.querySelector("#day[data-who]")) forgetPages();

// After a refusal the list of what is wrong is where one reads on.
document.querySelector(".summary")?.focus();
document.body.addEventListener("htmx:afterSwap", (event) => event.detail.target.querySelector(".summary")?.focus());
