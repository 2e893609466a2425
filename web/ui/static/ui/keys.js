// Keys: J and K move along a list, Enter opens, any element may own a letter by data-key. Switched off by the person.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const off = () => localStorage.getItem("keys") === "off";

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
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
    // A letter that several rows own is that of the row one stands on.
    const owners = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === key && !one.disabled);
    const row = document.activeElement?.closest("[data-row]");
    const owner = owners.find((one) => row?.contains(one)) ?? owners[0];
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
