"""The medications of a chart: none is dropped, because a drug that nobody sees is a drug that nobody stops.

A name that no list knows is kept as text and asked about. A field that cannot be read is left out and told, and the
medication stays. A combination product gives one medication for each ingredient, none of which has the product's dose.
"""

from __future__ import annotations

from typing import Any

from levamen.adapters.chart_checks import in_order
from levamen.adapters.chart_kinds import Table, Text, Word
from levamen.adapters.chart_reading import BadValueError, Context, Fault, short
from levamen.knowledge.products import Named, cited, named
from levamen.record.codes import classes_of
from levamen.record.facts import Medication
from levamen.text.tree import Fields, Node, Scalar

_NEEDED = frozenset({"", "id", "drug", "written"})
_TOGETHER = frozenset({"start", "end"})


class DrugName(Word, frozen=True):
    """A drug as people write it; what it stands for is settled when the whole entry is read."""

    def read(self, node: Node, context: Context) -> str:
        return Text().read(node, context)


class Medications(Table, frozen=True):
    """The table of medications. A field other than the drug that cannot be read is left out, not the medication."""

    def _values(self, node: Fields, context: Context) -> dict[str, Any]:
        notes = len(context.notes)
        try:
            return Table._values(self, node, context)
        except BadValueError as error:
            lost = {_field(fault) for fault in error.faults}
            if lost & _NEEDED:
                raise
            del context.notes[notes:]
            _tell(error, node.line, context)
        # A beginning without its end, or the reverse, would say more than is known.
        also = _TOGETHER & set(node.entries) - lost if lost & _TOGETHER else set()
        for name in sorted(also):
            context.note(f"`{name}` is left out with it; write both dates")
        lost |= also
        kept = {name: value for name, value in node.entries.items() if name not in lost}
        values = Table._values(self, Fields(kept, node.lines, node.line), context)
        unread = [(name, value) for name, value in node.entries.items() if name in lost]
        values["unread"] = [f"{name} {value.text}" for name, value in unread if isinstance(value, Scalar)]
        return values


def make_medications(values: dict[str, Any], context: Context) -> Medication | tuple[Medication, ...]:
    """The medication of an entry, or one for each ingredient. What could not be used as a field stays in `written`."""
    unread: list[str] = values.pop("unread", [])
    for last in ("end", "last_dose"):
        try:
            in_order("start", last)(values, context)
        except BadValueError as error:
            context.note(f"{error}; both are left out, the medication is kept")
            unread += [f"{name} {values.pop(name)}" for name in ("start", last)]
    times = values.get("times", ())
    if len(set(times)) < len(times):
        context.note(f"a time of day stands twice in `times` ({', '.join(times)}); left out, the medication is kept")
        unread.append(f"times {', '.join(values.pop('times'))}")
    name, given = values.pop("drug", None), values.pop("written", None)
    if name is None:
        context.note(f"`written` {short(given)}: the drug is not known; say under `drug` which it is")
        return Medication(**values, written=_joined(given, *unread))
    found = named(name)
    if len(found.drugs) > 1 and "dose" in values:
        unread.append(f"dose {values.pop('dose')}")
    told = name if unread or name not in found.drugs else None
    written = _joined(given, told if told != given else None, *unread)
    if not found.drugs:
        context.note(f"`drug` {found.asks}; kept as a medication of unknown drug")
        return Medication(**values, written=written)
    if name not in found.drugs:
        context.note(f"`drug` {short(name)} resolved to {', '.join(found.drugs)}{_because(found)}")
    id = values.pop("id")
    made = tuple(
        Medication(**values, id=f"{id}-{drug}" if number else id, drug=drug, classes=classes_of(drug), written=written)
        for number, drug in enumerate(found.drugs)
    )
    return made if len(made) > 1 else made[0]


def _because(found: Named) -> str:
    product = found.product
    if product is None:
        return ""
    note = f"; {product.note}" if product.note else ""
    return f" ({cited(product.cite)}){note}"


def _tell(error: BadValueError, line: int | None, context: Context) -> None:
    for fault in error.faults:
        context.note(f"{fault.sentence(line)}; left out, the medication is kept")


def _field(fault: Fault) -> str:
    return fault.path.partition(".")[0].partition("[")[0]


def _joined(*parts: str | None) -> str | None:
    return ", ".join(part for part in parts if part) or None
