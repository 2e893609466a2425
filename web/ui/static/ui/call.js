// Keys of a call: Y, N and U answer the question one is at, digits the scale; then the next question is at hand.
const form = document.getElementById("call");
const off = () => localStorage.getItem("keys") === "off";
const typing = (target) => target.matches("select, textarea, input:not([type=radio], [type=checkbox])");

function open() {
  return [...form.querySelectorAll("[data-question]")].filter((one) => !one.querySelector(":checked") && one.querySelector("[type=radio]"));
}

function at() {
  return document.activeElement.closest("[data-question]") ?? open()[0];
}

function goOn(question) {
  const asks = { events: "yes", restart: "yes", function: "yes", next: "no" }[question.dataset.question];
  const chosen = question.querySelector(":checked")?.value;
  const more = chosen === asks ? question.querySelector(".then select, .then input") : null;
  const next = more ?? open()[0]?.querySelector("input") ?? form.querySelector("button[value=finish]");
  next.focus();
}

if (form) {
  if (!document.querySelector(".summary")) open()[0]?.querySelector("input").focus({ preventScroll: open().length === form.querySelectorAll("[data-question]").length });
  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || typing(event.target)) return;
    const question = at();
    const answer = [...(question?.querySelectorAll("[data-answer]") ?? [])].find((one) => one.dataset.answer === event.key.toLowerCase());
    if (!answer) return;
    event.preventDefault();
    answer.checked = true;
    answer.dispatchEvent(new Event("change", { bubbles: true }));
    goOn(question);
  });
}
