// Two minutes before a session ends it says so, and can be kept; nothing typed is lost.
const WARN = 120;

export function startSession() {
  const seconds = Number(document.body.dataset.sessionEnds);
  if (!seconds) return;
  setTimeout(() => {
    const box = document.createElement("div");
    box.className = "session note";
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-label", "Your session is about to end");
    const said = document.createElement("p");
    said.textContent = "You will be signed out in two minutes because nothing was done here. What you typed is kept.";
    const stay = document.createElement("button");
    stay.textContent = "Stay signed in";
    stay.addEventListener("click", async () => {
      const answer = await fetch("/alive", { credentials: "same-origin", redirect: "manual" });
      if (answer.ok) { box.remove(); startSession(); } else location.reload();
    });
    box.append(said, stay);
    document.body.append(box);
    stay.focus();
  }, Math.max(0, seconds - WARN) * 1000);
}
