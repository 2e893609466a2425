// A picture whose parts can be stood on is one stop of the tabulator: the arrows lead to the nearest part on their way,
// and space does what a click does, where a click does something. Without this script every part is a stop of its own.
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function middle(part) {
  const box = part.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

function nearest(parts, here, [right, down]) {
  const [x, y] = middle(here);
  let found = null;
  let least = Infinity;
  for (const part of parts) {
    const [dx, dy] = middle(part).map((at, axis) => at - [x, y][axis]);
    const along = dx * right + dy * down;
    const far = along + 2 * Math.abs(dx * down + dy * right); // what lies aside is further than what lies ahead
    if (along > 1 && far < least) [found, least] = [part, far];
  }
  return found;
}

export function startPicture(picture, parts, act) {
  if (!parts.length) return;
  const stand = (here) => { for (const part of parts) part.setAttribute("tabindex", part === here ? "0" : "-1"); };
  const partOf = (target) => parts.find((part) => part.contains(target));
  picture.addEventListener("focusin", (event) => { const here = partOf(event.target); if (here) stand(here); });
  picture.addEventListener("keydown", (event) => {
    const here = partOf(event.target);
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    if (act && event.key === " ") { event.preventDefault(); act(here); return; }
    if (!WAYS[event.key]) return;
    event.preventDefault();
    nearest(parts, here, WAYS[event.key])?.focus();
  });
  stand(parts[0]);
}

// Pictures to look at: each part says itself.
export function startPictures() {
  for (const picture of document.querySelectorAll("svg"))
    startPicture(picture, [...picture.querySelectorAll(".area[tabindex], .mark[tabindex]")]);
}
