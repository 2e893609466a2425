"""The keyboard alone, as somebody without a mouse uses it: shared by the browser stories."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

FAR = 300
"""So many Tabs at most from one control to another: a page with more has no order in which to be read."""
_HAS_FOCUS = "one => one === document.activeElement"


def keys(page: Page, *pressed: str) -> int:
    """Presses keys one after another; how many they were."""
    for key in pressed:
        page.keyboard.press(key)
    return len(pressed)


def tab_to(page: Page, locator: Locator, most: int = FAR) -> int:
    """Walks to a control with Tab alone and fails where it cannot be reached; how many presses it took."""
    target = locator.first
    expect(target).to_be_visible()
    if target.evaluate(_HAS_FOCUS):
        return 0
    for count in range(1, most + 1):
        page.keyboard.press("Tab")
        if target.evaluate(_HAS_FOCUS):
            return count
    raise AssertionError(f"{target} is not reached with {most} Tabs on {page.url}")


def enter(page: Page, locator: Locator) -> None:
    """Walks to a link or a button and presses Enter."""
    tab_to(page, locator)
    page.keyboard.press("Enter")


def follow(page: Page, name: str, *, exact: bool = False) -> None:
    """Walks to a link by its words and opens it; the new page has loaded."""
    tab_to(page, page.get_by_role("link", name=name, exact=exact))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def send(page: Page, name: str) -> None:
    """Walks to a button by its words and presses it; the answer has loaded."""
    tab_to(page, page.get_by_role("button", name=name))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, field: Locator, text: str) -> None:
    """Walks to a field and types, in place of what stands there."""
    tab_to(page, field)
    kind = field.first.get_attribute("type") or ""
    if kind not in ("date", "datetime-local", "time"):
        page.keyboard.press("Control+a")
    page.keyboard.type(text)


def pick(page: Page, field: Locator, words: str) -> None:
    """Walks to a list that opens and types the first letters of a choice."""
    tab_to(page, field)
    page.keyboard.type(words)
    chosen = field.first.evaluate("one => one.selectedOptions[0].textContent.trim()")
    assert chosen.lower().startswith(words.lower()), f"{chosen} is chosen where {words} was typed"


def choose(page: Page, choice: Locator) -> None:
    """Walks to a group of choices with Tab, and to the choice with the arrows, as a group of radio buttons asks for."""
    target = choice.first
    expect(target).to_be_visible()
    group = target.evaluate("one => [one.form ? [...document.forms].indexOf(one.form) : -1, one.name]")
    in_group = "([form, name]) => { const one = document.activeElement; return one.type === 'radio' && " \
        "one.name === name && (one.form ? [...document.forms].indexOf(one.form) : -1) === form; }"  # fmt: skip
    for _ in range(FAR):
        if page.evaluate(in_group, group):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{target} is not reached with {FAR} Tabs on {page.url}")
    if target.evaluate(_HAS_FOCUS):
        page.keyboard.press("Space")
    for _ in range(20):
        if target.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{target} is not reached with the arrows on {page.url}")


def tick(page: Page, box: Locator) -> None:
    """Walks to a box and ticks it."""
    tab_to(page, box)
    if not box.first.is_checked():
        page.keyboard.press("Space")
    expect(box.first).to_be_checked()
