"""The picture as PNG: the SVG set by Typst with the fonts that it carries; the bytes hang on its version alone."""

from __future__ import annotations

from typing import Any

from levamen.adapters.balance import Reading
from levamen.emit.trend.svg import WIDTH, svg
from levamen.emit.view import Sources
from levamen.pathway.trends import Trend
from levamen.text.tree import UnusableInput

_SETTING = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg", width: int(sys.inputs.width) * 1pt)
"""
DOTS_PER_INCH = 216
"""Three dots a unit."""


def png(found: Trend, reading: Reading | None = None, sources: Sources | None = None) -> bytes:
    """The picture. Raises UnusableInput where `typst` is not installed."""
    try:
        import typst
    except ImportError:
        raise UnusableInput("a PNG needs the package typst: install levamen with its extra, levamen[pdf]") from None
    settings: dict[str, Any] = {"sys_inputs": {"picture": svg(found, reading, sources), "width": str(WIDTH)}}
    return bytes(typst.compile(_SETTING, format="png", ppi=float(DOTS_PER_INCH), ignore_system_fonts=True, **settings))
