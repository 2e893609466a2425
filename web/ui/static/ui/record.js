// The picture of the spine follows the boxes; "none, asked" and named events exclude each other; a note is copied.
const form = document.querySelector("#record");

function draw() {
  for (const box of form.querySelectorAll("[name=part]")) {
    const shape = form.querySelector(`.spine [data-part="${CSS.escape(box.value)}"]`);
    if (!shape) continue;
    shape.classList.toggle("chosen", box.checked && !shape.classList.contains("done"));
    if (!box.checked) shape.classList.remove("done");
  }
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
