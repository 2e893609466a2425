"""The order of care over generated records: an exception that holds takes the note away, silence is never *not tried*,
the order in which a record is written changes nothing, and no verdict hears of it."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from levamen.adapters.chart import read_chart
from levamen.knowledge.order_of_care import packaged_order
from levamen.knowledge.registry import packaged
from levamen.pathway.assess import assess
from levamen.pathway.order_of_care import Placed, order_of_care
from levamen.record.facts import Record

AS_OF = date(2026, 3, 2)
HEAD = "chart: 1\nid: any\nas_of: 2026-03-02\nperson: {birth_date: 1961-04-09}\n"
PLACED = sorted(therapy for rung in packaged_order().rungs if rung.number > 3 for therapy in rung.therapies)
FACTS = (
    ("care", "{id: C-1, therapy: exercise, start: 2025-10-01, end: 2025-12-01}"),
    ("care", "{id: C-2, therapy: heat-or-cold, region: lumbar}"),
    ("medications", "{id: M-1, drug: naproxen, start: 2025-10-01}"),
    ("medications", "{id: M-2, drug: little white tablets}"),
    ("procedures", "{id: P-1, therapy: spinal-cord-stimulation-trial, date: 2026-02-01, status: done}"),
    ("procedures", "{id: P-2, therapy: epidural-steroid-injection, date: 2026-02-01, status: aborted}"),
    ("problems", "{id: PR-1, concept: cancer-pain, status: active}"),
    ("problems", "{id: PR-2, concept: vertebral-compression-fracture, verification: provisional}"),
    ("problems", "{id: PR-3, concept: radiculopathy, status: active}"),
    ("findings", "{id: F-1, concept: saddle-numbness, method: symptom, date: 2026-03-01, present: true}"),
    ("pain", "{id: PN-1, site: low-back, side: right, pattern: axial, mechanism: nociceptive, since: 2025-09-01}"),
)
DECLARED = (
    "{kind: care, from: 2025-09-01}",
    "{kind: medications, from: 2025-09-01}",
    "{kind: procedures, from: 1961-01-01}",
    "{kind: problems, reviewed: 2026-03-02}",
    '{kind: red-flags, asked: 2026-03-02, answer: "no"}',
)
facts = st.lists(st.sampled_from(FACTS), unique=True)
declared = st.lists(st.sampled_from(DECLARED), unique=True)
therapies = st.sampled_from(PLACED)


def record(rows: list[tuple[str, str]], known: list[str], therapy: str, more: str = "") -> Record:
    text = HEAD
    for section in dict.fromkeys(section for section, _ in rows):
        text += f"{section}:\n" + "".join(f"  - {row}\n" for where, row in rows if where == section)
    if known:
        text += "completeness:\n" + "".join(f"  - {row}\n" for row in known)
    text += f"{more}request:\n  - {{id: R-1, therapy: {therapy}}}\n"
    return read_chart(text, "any").record


def placed(*args: object, more: str = "") -> Placed:
    (found,) = order_of_care(record(*args, more), AS_OF).placed
    return found


def judged(id: str) -> str:
    about = f"about: {{criterion: order-of-care/{id}}}"
    return f"evaluations:\n  - {{id: E-1, kind: judgement, date: 2026-03-01, conclusion: suitable, {about}}}\n"


@given(facts, declared, therapies)
@settings(max_examples=60, deadline=None)
def test_an_exception_that_holds_takes_the_note_away(
    rows: list[tuple[str, str]], known: list[str], therapy: str
) -> None:
    found = placed(rows, known, therapy)
    assert (found.note is not None) == (bool(found.missing) and not found.left)
    for row in found.departures:
        told = placed(rows, known, therapy, more=judged(row.departure.id))
        assert told.left
        assert told.note is None
        assert told.missing == found.missing


@given(facts, declared, therapies)
@settings(max_examples=60, deadline=None)
def test_silence_is_never_not_tried(rows: list[tuple[str, str]], known: list[str], therapy: str) -> None:
    for step in placed(rows, [], therapy).steps:
        assert step.state != "not-tried"
    for step in placed(rows, known, therapy).steps:
        kinds = {row.split(",")[0].removeprefix("{kind: ") for row in known}
        if step.state == "not-tried":
            wanted = {3: {"care", "medications"}, 6: {"procedures"}}.get(step.rung.number, {"care"})
            assert wanted <= kinds


@given(facts.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))), declared, therapies)
@settings(max_examples=60, deadline=None)
def test_the_order_of_writing_changes_nothing(
    rows: tuple[list[tuple[str, str]], list[tuple[str, str]]], known: list[str], therapy: str
) -> None:
    found, other = placed(rows[0], known, therapy), placed(rows[1], known[::-1], therapy)
    assert other.note == found.note
    assert [(row.departure.id, row.state) for row in other.departures] == [
        (row.departure.id, row.state) for row in found.departures
    ]


@given(facts, declared, therapies)
@settings(max_examples=15, deadline=None)
def test_no_verdict_hears_of_it(rows: list[tuple[str, str]], known: list[str], therapy: str) -> None:
    plain = assess(record(rows, known, therapy), packaged(), AS_OF).questions
    told = assess(record(rows, known, therapy, judged("patient-choice")), packaged(), AS_OF).questions
    for one, other in zip(plain, told, strict=True):
        assert [(a.policy, a.verdict) for a in one.policies] == [(a.policy, a.verdict) for a in other.policies]
        assert one.plan.safety == other.plan.safety
