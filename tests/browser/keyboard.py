"""What hands do at a page: keys, the tabulator, clicks. Each waits until the page is one that a person could use.

A person does not press a key before the page has come, and reads an answer after it has come. The browser tests keep
to the same: a page is *settled* when it is not being left, has loaded, its scripts have run, nothing is being fetched
into it, and the control that takes the focus of itself has it. No time is waited for, only this state.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page

WATCH = """
navigation.addEventListener("navigate", (event) => {
  if (!event.destination.sameDocument && event.downloadRequest === null) window.isBeingLeft = true;
});
for (const act of ["keydown", "pointerdown", "input", "change", "submit", "htmx:beforeRequest", "online", "offline"])
  addEventListener(act, (event) => { if (event.key !== "Tab") window.isCalm = false; }, { capture: true });
"""
"""Notes that the page is about to be left: between the key and the next page the old one still stands there. And that
something was done to it: until then a page that was settled still is."""

_SETTLED = """() => {
  const busy = window.isBeingLeft || document.readyState !== "complete"
    || document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling");
  if (!busy && window.isCalm) return true;
  window.calmFrames = busy ? 0 : (window.calmFrames ?? 0) + 1;
  if (window.calmFrames < 3) return false;
  // A browser gives no focus of itself where the address names a place in the page, nor twice.
  const wanted = document.querySelector("[autofocus]");
  const given = window.focusWasGiven || !wanted || !wanted.checkVisibility() || wanted.matches(":disabled")
    || document.querySelector(":target") || document.activeElement !== document.body;
  if (given) { window.focusWasGiven = true; window.calmFrames = 0; window.isCalm = true; }
  return Boolean(given);
}"""

_AT = """([wanted]) => {
  const here = document.activeElement;
  const group = here.type === "radio" && here.name === wanted.name && here.form === wanted.form;
  const at = !wanted.isConnected ? "replaced" : here === wanted ? "there" : group ? "group" : "";
  return [at, here.outerHTML.slice(0, 120)];
}"""

_IS_TEXT = """(field) => field.matches("textarea")
  || (field.matches("input") && !["date", "datetime-local", "time"].includes(field.type))"""

_FURTHEST = 300


def settled(page: Page) -> None:
    """Waits until the page is one that a person could use."""
    page.wait_for_function(_SETTLED)


def keys(page: Page, *pressed: str) -> int:
    """Presses keys one after the other, each at a page that is settled; tells how many."""
    settled(page)
    for key in pressed:
        page.keyboard.press(key)
        settled(page)
    return len(pressed)


def tab_to(page: Page, control: Locator) -> int:
    """Presses the tabulator (and in a group of choices the arrow) until the control has the focus; tells how often.

    Of several that answer to the words, the first is meant.
    """
    settled(page)
    control = control.first
    control.wait_for()
    wanted = control.element_handle()
    went: list[str] = []
    while (found := page.evaluate(_AT, [wanted]))[0] != "there":
        at, where = found
        if at == "replaced":
            wanted = control.element_handle()
            continue
        if len(went) == _FURTHEST:
            raise AssertionError(f"{control} was not reached by the keyboard; the last places were {went[-8:]}")
        page.keyboard.press("ArrowDown" if at == "group" else "Tab")
        went.append(where)
    return len(went)


def press(page: Page, control: Locator, key: str = "Enter") -> None:
    """Goes to a control by the tabulator and presses a key there."""
    tab_to(page, control)
    keys(page, key)


def follow(page: Page, name: str, *, exact: bool = False) -> None:
    """Opens a link by its words."""
    press(page, page.get_by_role("link", name=name, exact=exact))


def send(page: Page, name: str) -> None:
    """Presses a button by its words."""
    press(page, page.get_by_role("button", name=name))


def write(page: Page, control: Locator, text: str) -> None:
    """Goes to a field by the tabulator and types, in place of what stands there. A choice is made by its letters."""
    tab_to(page, control)
    if control.first.evaluate(_IS_TEXT):
        page.keyboard.press("Control+a")
    page.keyboard.type(text)


def pick(page: Page, field: Locator, words: str) -> None:
    """Goes to a list that opens and types the first letters of a choice, which then is the one."""
    write(page, field, words)
    chosen = field.first.evaluate("one => one.selectedOptions[0].textContent.trim()")
    assert chosen.lower().startswith(words.lower()), f"{chosen} is chosen where {words} was typed"


def choose(page: Page, choice: Locator) -> None:
    """Goes to one of a group of choices, with the arrows inside the group, and it is chosen."""
    tab_to(page, choice)
    if not choice.first.is_checked():
        page.keyboard.press("Space")
    assert choice.first.is_checked()


def tick(page: Page, box: Locator) -> None:
    """Goes to a box and ticks it, where it is not ticked."""
    choose(page, box)


def clicks(page: Page, *controls: Locator) -> int:
    """Clicks on one control after the other, each at a page that is settled; tells how many."""
    for control in controls:
        settled(page)
        control.click()
    settled(page)
    return len(controls)


def find(page: Page, said: str, shown: str) -> None:
    """Opens a patient's record by the search in the head of every page."""
    keys(page, "/")
    page.keyboard.type(said)
    keys(page, "Enter")
    press(page, page.get_by_role("link", name=shown))
