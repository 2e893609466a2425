"""It decides nothing"""

from __future__ import annotations

from order_sheet import BACK, BLOCK, JUDGED, notes, verdicts

from levamen.knowledge.order_of_care import packaged_order
from levamen.record import codes


def test_verdicts_do_not_hear_of_it() -> None:
    """With a clinician's word for the exception the note goes; every verdict stays."""
    told = JUDGED.replace("<word>", "suitable")
    assert notes(BACK, BLOCK) != notes(BACK, BLOCK, told)
    assert verdicts(BACK, BLOCK) == verdicts(BACK, BLOCK, told)


def test_every_therapy_stands_in_one_place_or_nowhere_by_name() -> None:
    """No therapy is forgotten: it has its step, or is listed as one that the order does not place."""
    order = packaged_order()
    for therapy in codes.ids("therapies"):
        assert (order.rung_of(therapy) is None) == (therapy in order.not_placed)


def test_every_exception_names_its_source() -> None:
    """Those without a document (the choice of the patient, the order of the policy) await confirmation like the order
    itself."""
    marks = {row.id: row.cites[0].mark for row in packaged_order().exceptions}
    assert {id for id, mark in marks.items() if mark == "unverified"} == {"patient-choice", "policy-order"}
