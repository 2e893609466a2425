"""What a chart expects of its opioids: a total in MME, and prompts, on the day of its `as_of` (design 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from levamen.pathway.assess import default_as_of
from levamen.pathway.opioids import mme_got, opioid_review, prompt_ids
from levamen.record.facts import Record


def opioid_differences(
    record: Record, expect: Mapping[str, Any], as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What came out, and how it differs. A prompt that cannot be decided is not raised."""
    return _mme(record, expect, as_of) if "mme" in expect else _prompt(record, expect, as_of)


def _mme(record: Record, expect: Mapping[str, Any], as_of: date | datetime) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A number is every order at the most it allows, compared as it is shown; an interval as text also is one."""
    name, wanted = expect.get("table"), str(expect["mme"])
    got = mme_got(record, as_of, None, str(name) if name is not None else None)
    if not got:
        return {}, (f"table: there is no table {name}; write cdc-2022 or cdc-2016",)
    if wanted in (got["mme"], got.get("interval")) or _number(wanted) == _number(got["mme"]) is not None:
        return dict(got), ()
    return dict(got), (f"mme: expected {wanted}, got {got['mme']}",)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _prompt(
    record: Record, expect: Mapping[str, Any], as_of: date | datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    wanted = str(expect["prompt"])
    if wanted not in prompt_ids():
        return {}, (f"prompt: there is no prompt {wanted}; one of {', '.join(sorted(prompt_ids()))}",)
    found = opioid_review(record, as_of)
    got = {"prompt": [*dict.fromkeys(row.id for row in found.raised)]}
    return got, () if wanted in got["prompt"] else (
        f"prompt: expected {wanted}, got {', '.join(got['prompt']) or 'none'}",
    )


def opioid_texts(record: Record) -> Iterable[str]:
    """Every id and sentence that is raised, for what must not appear."""
    as_of = default_as_of(record)
    for row in opioid_review(record, as_of).raised if as_of is not None else ():
        yield from (row.id, row.says.says, *row.reasons)
