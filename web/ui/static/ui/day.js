// The checklist with and without a connection. Answers wait on the device with their time until the clinic has them;
// an item is never shown as agreed before that. Space agrees, D differs, the down arrow goes to the next open item.
import { keepPage } from "./kept.js";

const PLACE = "day-answers";
let clock = 0;
let sending = false;

const day = () => document.querySelector("#day[data-who]");
const queue = () => JSON.parse(localStorage.getItem(PLACE) ?? "[]");
const keep = (rows) => localStorage.setItem(PLACE, JSON.stringify(rows));
const open = () => [...document.querySelectorAll(".item[data-open]")];

function stamp() {
  const at = new Date(Date.now() + clock);
  return { said_at: at.toISOString(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

function tell() {
  const rows = queue(), own = rows.filter((row) => row.who === day()?.dataset.who), said = document.querySelector("#kept");
  if (!said) return;
  const others = rows.length - own.length, kept = day()?.dataset.keptAt;
  said.classList.toggle("waiting", rows.length > 0 || Boolean(kept));
  said.textContent = own.length ? `Saved here, not yet sent (${own.length})`
    : kept ? `No connection: this page is from ${new Date(kept).toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false })}`
    : others ? `${others} answers of somebody else wait here: they sign in on this device to send them` : "On the clinic’s server";
  for (const row of own) {
    const item = document.querySelector(`.item[data-item="${CSS.escape(row.item)}"]`);
    if (!item || row.booking !== day().dataset.booking) continue;
    const words = item.querySelector(".pending");
    words.hidden = false;
    words.textContent = `${row.words}: saved here, not yet sent`;
    item.removeAttribute("data-open");
  }
}

async function fresh(item) {
  const answer = await fetch(`${location.pathname}?stage=${day().dataset.stage}`, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) { location.reload(); return; }
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#day");
  if (!made) { location.reload(); return; }
  day().replaceWith(made);
  keepPage(made, clock);
  document.querySelector(`.item[data-item="${CSS.escape(item)}"]`)?.focus({ preventScroll: true });
  tell();
}

// A page that was kept becomes the clinic's own again as soon as the clinic answers.
function again() {
  if (queue().length) send();
  else if (day().dataset.keptAt) fresh("").catch(() => {});
}

async function send() {
  if (sending || !day()) return;
  sending = true;
  let last = null;
  try {
    for (const row of queue().filter((one) => one.who === day().dataset.who)) {
      const body = new URLSearchParams(row.body);
      body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
      const answer = await fetch(row.to, { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-Kept": "yes" } });
      if (answer.status !== 200 && answer.status !== 400) break;
      const said = await answer.json().catch(() => null);
      if (said === null) break;
      keep(queue().filter((one) => one.body.sent !== row.body.sent));
      last = row;
      if (said.problem) { await fresh(row.item); show(row.item, said.problem); last = null; }
    }
  } catch { /* no connection: the answers stay here */ } finally { sending = false; }
  if (last && !queue().some((one) => one.who === day().dataset.who)) await fresh(last.item); else tell();
}

function show(item, problem) {
  const words = document.querySelector(`.item[data-item="${CSS.escape(item)}"] .pending`);
  if (!words) { location.reload(); return; }
  words.hidden = false;
  words.setAttribute("role", "alert");
  words.textContent = `Not saved. ${problem}`;
  words.closest(".item").querySelector("input:not([type=hidden])")?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-answers]");
  if (!form || !day()) return;
  event.preventDefault();
  const body = Object.fromEntries(new FormData(form, event.submitter));
  delete body.csrfmiddlewaretoken;
  body.sent = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  Object.assign(body, stamp());
  keep([...queue(), { to: new URL(form.action).pathname, who: day().dataset.who, booking: day().dataset.booking, item: body.item, words: event.submitter.textContent.trim(), body }]);
  tell();
  form.closest(".item").focus({ preventScroll: true });
  send();
});

document.addEventListener("keydown", (event) => {
  if (!day() || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
  if (event.target.closest("input, textarea, select, button, a, summary")) { if (event.key !== "ArrowDown" || event.target.closest("input, textarea, select")) return; }
  const here = document.activeElement?.closest(".item");
  if (event.key === "ArrowDown") {
    const rows = open(), next = here ? rows.find((row) => here.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) ?? rows[0] : rows[0];
    if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "center" }); }
    return;
  }
  const numbered = /^[1-9]$/.test(event.key) && document.querySelector(`.item[data-number="${event.key}"]`);
  if (numbered) {
    event.preventDefault();
    (numbered.querySelector("input:not([type=hidden])") ?? numbered.querySelector("button") ?? numbered).focus();
    return;
  }
  const does = event.key === " " ? "agree" : event.key.toLowerCase() === "d" ? "differs" : "";
  const button = does && here?.querySelector(`[data-does="${does}"]`);
  if (button) { event.preventDefault(); button.click(); }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-next]")) return;
  const next = open()[0];
  if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "center" }); }
});

if (day()) {
  const kept = day().dataset.keptClock;
  clock = kept === undefined ? new Date(day().dataset.now).getTime() - Date.now() : Number(kept);
  if (kept === undefined) keepPage(day(), clock);
  navigator.wakeLock?.request("screen").catch(() => {});
  addEventListener("online", again);
  setInterval(again, 15000);
  tell();
  send();
}
