"""What a page must keep in every shape it is shown in: a small screen, paper, the few colours of the system."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

PAPER = 794
"""The width of an A4 page in CSS pixels, 96 to the inch."""

_BEYOND = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > 321).map((one) => one.outerHTML.slice(0, 160)).slice(0, 6)"""

_COVERED = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  here.scrollIntoView({ block: "nearest" });
  const box = here.getBoundingClientRect();
  const covered = [box.top + 2, box.bottom - 2, (box.top + box.bottom) / 2].every((y) => {
    const over = document.elementFromPoint(box.left + box.width / 2, y);
    const own = over && (here.contains(over) || over.contains(here));
    return over && !own && ![...(here.labels ?? [])].some((one) => one.contains(over));
  });
  return covered ? here.outerHTML.slice(0, 160) : "";
}"""

_ON_PAPER = """(width) => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
  const hidden = (one) => one.closest(".unseen, svg, [hidden]");
  const bright = (colour) => {
    const [r, g, b, a] = [...colour.matchAll(/[\\d.]+/g)].map(Number);
    return a === 0 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = bright(getComputedStyle(at).backgroundColor);
      if (found !== null) return found;
    }
    return 1;
  };
  const found = [];
  for (const one of document.querySelectorAll("nav, form button, .button, .find, summary kbd"))
    if (shown(one) && !hidden(one)) found.push("is no use on paper: " + one.outerHTML.slice(0, 120));
  for (const one of document.querySelectorAll("main *, .patient-banner *, .day-banner *")) {
    if (hidden(one) || !shown(one)) continue;
    const box = one.getBoundingClientRect();
    if (box.right > width + 1 && box.width > 1) found.push("runs off the paper: " + one.outerHTML.slice(0, 120));
    const clips = ["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX);
    if (clips && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
      found.push("is cut off on paper: " + one.outerHTML.slice(0, 120));
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const exact = getComputedStyle(one).printColorAdjust === "exact";
    if (own && !exact && bright(getComputedStyle(one).color) > 0.55)
      found.push("is too pale for paper: " + one.outerHTML.slice(0, 120));
    if (own && exact && Math.abs(bright(getComputedStyle(one).color) - ground(one)) < 0.4)
      found.push("does not stand out: " + one.outerHTML.slice(0, 120));
  }
  return found.slice(0, 6);
}"""

_IN_FEW_COLOURS = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
  const found = [];
  for (const one of document.querySelectorAll(".chip"))
    if (shown(one) && !one.textContent.trim()) found.push("tells by colour alone: " + one.outerHTML.slice(0, 120));
  const typed = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file])";
  for (const one of document.querySelectorAll(`button, .button, ${typed}, select, textarea`)) {
    if (!shown(one) || one.closest(".unseen")) continue;
    const style = getComputedStyle(one);
    const edge = parseFloat(style.borderBottomWidth) > 0 && style.borderBottomStyle !== "none";
    const told = edge || style.textDecorationLine.includes("underline");
    if (!told) found.push("has no edge: " + one.outerHTML.slice(0, 120));
  }
  const here = document.activeElement;
  if (here && here !== document.body && here.matches(":focus-visible")) {
    const style = getComputedStyle(here);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
      found.push("does not show the focus: " + here.outerHTML.slice(0, 120));
  }
  return found.slice(0, 6);
}"""


@contextmanager
def _window(page: Page, width: int, height: int) -> Iterator[None]:
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": height})
    yield
    if before:
        page.set_viewport_size(before)


def on_a_small_screen(page: Page) -> None:
    """320 px wide, which is also 1280 px at 400 %: nothing scrolls sideways, and the focus is not covered."""
    with _window(page, 320, 256):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, (
            f"{page.url} scrolls sideways at 320 px: {page.evaluate(_BEYOND)}"
        )
        covered = page.evaluate(_COVERED)
        assert not covered, f"{page.url}: what has the focus is covered: {covered}"


def on_paper(page: Page) -> None:
    """No navigation and no button; nothing cut off or beyond the edge; words dark enough."""
    with _window(page, PAPER, 1123):
        page.emulate_media(media="print")
        found = page.evaluate(_ON_PAPER, PAPER)
        page.emulate_media(media="null")
    assert not found, (page.url, found)


def with_colours_of_the_system(page: Page) -> None:
    """Every mark has words, every control an edge, and the focus is seen."""
    page.emulate_media(forced_colors="active")
    found = page.evaluate(_IN_FEW_COLOURS)
    page.emulate_media(forced_colors="null")
    assert not found, (page.url, found)
