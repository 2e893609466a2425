"""Small drawings for the steps of a therapy (`drawings.yaml`): lines alone, readable in black and white.

A drawing has no colour of its own: it takes that of the text around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from typing import Any

import yaml


@cache
def drawings() -> Mapping[str, str]:
    """The lines of each drawing, by name."""
    text = resources.files("levamen.emit.pages").joinpath("drawings.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return {name: str(lines) for name, lines in loaded.items()}


def drawing(name: str, words: str) -> str:
    """One drawing as SVG. `words` are for those who do not see it; empty where a caption stands beside it."""
    named = f'role="img" aria-label="{escape(words)}"' if words else 'aria-hidden="true"'
    return (
        f'<svg {named} viewBox="0 0 64 64" width="64" height="64" fill="none" stroke="currentColor" stroke-width="2.5"'
        f' stroke-linecap="round" stroke-linejoin="round">{drawings()[name]}</svg>'
    )
