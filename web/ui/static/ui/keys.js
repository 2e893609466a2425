// Keys: J and K move along a list, Enter opens, any element may own a letter by data-key; by data-row-key it owns it in
// its row alone, so that no letter ever opens another patient than the one whose row one stands on. Switched off by the
// person. Where digits are answers (data-digits) they do nothing else.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const off = () => localStorage.getItem("keys") === "off";

function move(step) {
  // A mark in a picture has its row in the table beside it; here only what a person can stand on is a row.
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row instanceof HTMLElement && row.checkVisibility());
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  (next.querySelector("a, button") ?? next).focus();
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      const form = event.target.closest("form");
      if (form) form.requestSubmit();
      return;
    }
    if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "j" || key === "k") { event.preventDefault(); move(key === "j" ? 1 : -1); return; }
    if (/^\d$/.test(key) && document.querySelector("[data-digits]")) return;
    const owners = [...document.querySelectorAll("[data-key], [data-row-key]")].filter((one) => (one.dataset.key ?? one.dataset.rowKey) === key && !one.disabled);
    const row = document.activeElement?.closest("[data-row]");
    const owner = owners.find((one) => row?.contains(one)) ?? owners.find((one) => one.dataset.key);
    if (!owner) return;
    event.preventDefault();
    if (owner.matches("input, textarea, select")) owner.focus(); else owner.click();
  });
}

export function startSwitch() {
  const button = document.querySelector("[data-switch-keys]");
  if (!button) return;
  const say = () => { button.textContent = off() ? "Switch single keys on on this machine" : "Switch single keys off on this machine"; };
  button.addEventListener("click", () => { localStorage.setItem("keys", off() ? "on" : "off"); say(); });
  say();
}
