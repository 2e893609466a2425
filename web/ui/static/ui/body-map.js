// The picture follows the boxes, and a place that is clicked ticks its box. The boxes alone are sent.
const map = document.querySelector("[data-body-map]");
const said = document.querySelector("#areas-said");
if (map && said) {
  const boxes = [...document.querySelectorAll('.boxes input[type="checkbox"]')];
  const hatch = `url(#${map.querySelector("pattern").id})`;
  const show = () => {
    for (const box of boxes) map.querySelector(`#map-${CSS.escape(box.value)}`)?.setAttribute("fill", box.checked ? hatch : "#fff");
    const marked = boxes.filter((box) => box.checked).map((box) => box.getAttribute("aria-label"));
    said.textContent = marked.length ? `Marked: ${marked.join("; ")}.` : "Nothing is marked.";
  };
  for (const box of boxes) box.addEventListener("change", show);
  map.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#choice-']");
    const box = link && document.querySelector(link.getAttribute("href"));
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    show();
  });
  show();
}
