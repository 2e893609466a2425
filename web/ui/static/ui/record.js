// The picture of the spine follows the boxes and turns them; "none, asked" and named events exclude each other; a note is copied.
import { startPicture } from "./picture.js";

const form = document.querySelector("#record");
const spine = form?.querySelector(".spine");
const shapes = new Map();
for (const box of spine ? form.querySelectorAll("[name=part]") : []) {
  const shape = spine.querySelector(`[data-part="${CSS.escape(box.value)}"]`);
  if (shape) shapes.set(shape, box);
}

function draw() {
  for (const [shape, box] of shapes) {
    shape.classList.toggle("chosen", box.checked && !shape.classList.contains("done"));
    if (!box.checked) shape.classList.remove("done");
    shape.setAttribute("aria-checked", String(box.checked));
  }
}

function turn(shape) {
  const box = shapes.get(shape);
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true })); // the draft is kept, and the picture drawn again
}

if (shapes.size) {
  for (const shape of shapes.keys()) shape.setAttribute("role", "checkbox");
  spine.addEventListener("click", (event) => { if (shapes.has(event.target)) turn(event.target); });
  startPicture(spine, [...shapes.keys()], turn);
  for (const [shape, box] of shapes) shape.setAttribute("aria-checked", String(box.checked));
}

form?.addEventListener("change", (event) => {
  if (event.target.name === "part") draw();
  if (event.target.name === "event" && event.target.checked) {
    const none = event.target.value === "none-asked";
    for (const box of form.querySelectorAll("[name=event]")) if ((box.value === "none-asked") !== none) box.checked = false;
  }
});

const same = document.querySelector("[data-same]");
if (same) {
  same.hidden = false;
  same.addEventListener("click", () => {
    for (const kind of ["needle.", "volume."]) {
      const fields = [...form.querySelectorAll(`[name^="${kind}"]`)];
      for (const field of fields.slice(1)) field.value = fields[0].value;
    }
  });
}

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
    copy.textContent = "Copied";
  });
}
document.querySelector(".side-stop")?.focus();
