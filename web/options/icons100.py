"""A hundred people as a picture: how many of them had it. The number stands beside it in words."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_ACROSS, _WIDE, _TALL = 25, 11, 20
_PERSON = "M3.5 4a2 2 0 1 0 4 0a2 2 0 1 0-4 0M2.5 8h6v5h-1v5h-4v-5h-1z"
_KINDS = ("had", "harmed", "not")


def patterns() -> SafeString:
    """One person of each kind, once on a page: the pictures are rows of them."""
    tiles = "".join(
        f'<pattern id="person-{kind}" width="{_WIDE}" height="{_TALL}" patternUnits="userSpaceOnUse">'
        f'<path class="{kind}" d="{_PERSON}"/></pattern>'
        for kind in _KINDS
    )
    return mark_safe(f'<svg class="tiles" width="0" height="0" aria-hidden="true">{tiles}</svg>')  # noqa: S308 - ours


def hundred(had: int, *, harm: bool = False) -> SafeString:
    """So many of a hundred, filled from the first row on. Raises ValueError outside 0 to 100."""
    if not 0 <= had <= 100:
        raise ValueError(f"{had} of 100 people cannot be drawn")
    rows, rest = divmod(had, _ACROSS)
    width, height, across, down = _ACROSS * _WIDE, 4 * _TALL, rest * _WIDE, rows * _TALL
    filled = f"M0 0H{width}V{down}" + (f"H{across}V{down + _TALL}H0z" if rest else "H0z")
    empty = f"M{across} {down}H{width}V{height}H0V{down + _TALL if rest else down}" + (f"H{across}z" if rest else "z")
    word = "harmed" if harm else "had"
    return mark_safe(  # noqa: S308 - numbers alone
        f'<svg class="people" viewBox="0 0 {width} {height}" role="img" aria-label="{had} of 100 people">'
        f'<path fill="url(#person-{word})" d="{filled}"/>'
        + (f'<path fill="url(#person-not)" d="{empty}"/>' if had < 100 else "")
        + "</svg>"
    )
