"""Answers as a person types them: `3,2,,1` in printed order, or `q1=3,q2=` by name; with `sex=` or `total=`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from levamen.derive.scores import SEXES, Scored, entered, score
from levamen.knowledge.instruments.rows import Instrument
from levamen.text.strict_yaml import NUMBER
from levamen.text.tree import UnusableInput

_GAPS = frozenset({"", "null"})
_LONGEST = 12
_MOST = 200


class Form(Struct, frozen=True, kw_only=True):
    """What was typed: answers in order or by name, perhaps a sex, or a total alone."""

    answers: tuple[Decimal | None, ...] | Mapping[str, Decimal | None] = ()
    sex: str | None = None
    total: Decimal | None = None


def read_answers(text: str) -> Form:
    """The answers of a text; commas or lines part them. Raises UnusableInput."""
    parts = [part.strip() for part in re.split(r"[,\n]", text.strip())]
    if len(parts) > _MOST:
        raise UnusableInput(f"{len(parts)} answers are given; no form has more than {_MOST}")
    if not any("=" in part for part in parts):
        return Form(answers=tuple(_number(f"answer {place}", part) for place, part in enumerate(parts, 1)))
    named: dict[str, Any] = {}
    for place, part in enumerate(parts, 1):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not part:
            continue
        if not equals:
            raise UnusableInput(f"answer {place}, '{_short(part)}', has no name, and others do; write q{place}={name}")
        if name in named:
            raise UnusableInput(f"{_short(name)} is answered twice; keep one")
        named[name] = value if name == "sex" else _number(name, value)
    sex, total = named.pop("sex", None), named.pop("total", None)
    if sex is not None and sex not in SEXES:
        raise UnusableInput(f"sex={_short(sex)} is not known here; write {' or '.join(SEXES)}, or leave it out")
    if total is not None and named:
        raise UnusableInput("a total and answers are given; give the answers, or the total alone")
    return Form(answers=named, sex=sex, total=total)


def scored(of: Instrument, form: Form) -> Scored:
    """The score of a form, or the total that was entered. Raises UnusableInput."""
    return entered(of, form.total) if form.total is not None else score(of, form.answers, form.sex)


def _number(name: str, text: str) -> Decimal | None:
    if text in _GAPS:
        return None
    if len(text) > _LONGEST or not NUMBER.fullmatch(text) or "e" in text.lower():
        raise UnusableInput(f"{_short(name)}: '{_short(text)}' is no number; leave it empty where nothing was answered")
    return Decimal(text)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST * 2 else f"{text[: _LONGEST * 2]}…"
