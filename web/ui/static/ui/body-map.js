// The picture follows the boxes, and a place that is chosen there ticks its box. The boxes alone are sent.
import { startPicture } from "./picture.js";

const map = document.querySelector("[data-body-map]");
const said = document.querySelector("#areas-said");
if (map && said) {
  const boxes = [...document.querySelectorAll('.boxes input[type="checkbox"]')];
  const hatch = `url(#${map.querySelector("pattern").id})`;
  const links = new Map([...map.querySelectorAll("a[href^='#choice-']")].map((link) => [link, document.querySelector(link.getAttribute("href"))]));
  const show = () => {
    for (const box of boxes) map.querySelector(`#map-${CSS.escape(box.value)}`)?.setAttribute("fill", box.checked ? hatch : "#fff");
    for (const [link, box] of links) link.setAttribute("aria-checked", String(box.checked));
    const marked = boxes.filter((box) => box.checked).map((box) => box.getAttribute("aria-label"));
    said.textContent = marked.length ? `Marked: ${marked.join("; ")}.` : "Nothing is marked.";
  };
  const turn = (link) => {
    const box = links.get(link);
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  for (const [link, box] of links) {
    link.setAttribute("role", "checkbox");
    link.setAttribute("aria-label", box.getAttribute("aria-label"));
  }
  for (const box of boxes) box.addEventListener("change", show);
  map.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#choice-']");
    if (!links.has(link)) return;
    event.preventDefault();
    turn(link);
  });
  startPicture(map, [...links.keys()], turn);
  show();
}
