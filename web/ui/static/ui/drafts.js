// What was typed is kept every two seconds on this machine until it is saved, and offered again. Only where a form asks.
const WAIT = 2000;
const place = (form) => `draft:${form.dataset.draft}`;

function typed(form) {
  return JSON.stringify([...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string"));
}

function put(form, text) {
  for (const [name, value] of JSON.parse(text)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "checkbox" || field.type === "radio") field.checked ||= field.value === value;
      else field.value = value;
    }
  }
}

export function startDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const empty = typed(form);
    const kept = sessionStorage.getItem(place(form));
    if (kept && kept !== empty) {
      put(form, kept);
      const said = document.createElement("p");
      said.className = "note";
      said.setAttribute("role", "status");
      said.textContent = "What you typed before was kept and is filled in. It is not saved yet.";
      form.prepend(said);
    }
    let last = empty;
    const timer = setInterval(() => {
      const text = typed(form);
      if (text !== last) { sessionStorage.setItem(place(form), text); last = text; }
    }, WAIT);
    form.addEventListener("submit", () => { clearInterval(timer); sessionStorage.removeItem(place(form)); });
  }
}
