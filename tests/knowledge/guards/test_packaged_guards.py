"""The packaged guards as a whole: well-formed, sourced, stable; and what the loader refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from guard_chart import REVIEWED, fires, medication, problem, seen, status

from levamen.adapters.chart import read_chart
from levamen.criteria.reference import evaluate
from levamen.derive.views import VIEWS, situation
from levamen.knowledge.guards import Guard, guard_faults, guards_hash, load_topic, packaged_guards, packaged_topics
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged

EVERY = packaged_guards()

TOPICS = (
    "allergy-and-contrast",
    "blood",
    "blood-pressure",
    "devices-and-radiofrequency",
    "glucose",
    "infection",
    "pregnancy",
    "psychiatric",
    "sedation-and-driver",
    "steroid",
    "unsafe-to-hold",
)


def test_nothing_is_wrong_with_them() -> None:
    assert guard_faults(VIEWS) == ()


def test_the_hash_is_of_all_values() -> None:
    assert guards_hash() == guards_hash()
    assert len(guards_hash()) == 16
    assert len({topic.values.values_hash for topic in packaged_topics()}) == len(TOPICS)


def test_the_topics() -> None:
    assert tuple(topic.id for topic in packaged_topics()) == TOPICS
    assert {guard.topic for guard in EVERY} == set(TOPICS)


def test_by_topic_and_id_once_each_and_the_same_on_every_day() -> None:
    assert [(guard.topic, guard.id) for guard in EVERY] == sorted((guard.topic, guard.id) for guard in EVERY)
    assert len({guard.id for guard in EVERY}) == len(EVERY)
    assert packaged_guards(date(2031, 1, 1)) == EVERY
    assert packaged_guards() == EVERY
    assert packaged_guards() is packaged_guards()


@pytest.mark.parametrize("guard", EVERY, ids=lambda guard: guard.id)
def test_every_guard_says_what_to_do_and_where_it_stands(guard: Guard) -> None:
    assert guard.cites
    assert guard.title[0].isupper()
    assert not guard.title.endswith(".")
    assert guard.do.endswith(".")
    assert all(cite.source in packaged().sources and cite.locator for cite in guard.cites)
    if guard.effect == "caution":
        assert guard.decision != "defer"


@pytest.mark.parametrize("guard", EVERY, ids=lambda guard: guard.id)
def test_a_background_value_is_marked_unverified(guard: Guard) -> None:
    assert {cite.mark for cite in guard.cites if cite.source == "NO-SOURCE"} <= {"unverified"}


def test_what_is_asked_on_the_day() -> None:
    assert {guard.id for guard in EVERY if guard.due == "day"} == {
        "antibiotics-asked",
        "blood-pressure-high",
        "blood-pressure-low",
        "fever-asked",
        "glucose-defer",
        "glucose-warn",
        "infection-asked",
        "no-driver",
        "not-fasting",
        "pregnancy-asked",
        "preservative-without-contrast",
        "sedation-deep",
        "sedation-diagnostic",
        "sedation-moderate",
    }


def test_which_guards_forbid_holding() -> None:
    held = {guard.id for guard in EVERY if guard.forbids_holding}
    assert held == {guard.id for guard in EVERY if guard.topic == "unsafe-to-hold"} | {
        "antidepressant-never-stop",
        "opioid-continues",
    }
    assert {guard.id for guard in EVERY if guard.always} == {"stent-any"}


def test_a_well_patient_with_a_complete_chart_asks_only_on_the_day() -> None:
    """Two weeks before a plain injection nobody reads *unknown* for what is asked on the day."""
    request = (
        "therapy: epidural-steroid-injection, approach: interlaminar, region: lumbar, interspaces: [L4-5], "
        "guidance: fluoroscopy, contrast: iodinated, sedation: none, agents: [{drug: dexamethasone}, {drug: lidocaine}]"
    )
    chart = seen(medication("naproxen"), request=request)
    unknown = {guard.id for guard in EVERY if status(guard.id, chart) == "unknown"}
    assert unknown == {
        "antibiotics-asked",
        "blood-pressure-high",
        "blood-pressure-low",
        "fever-asked",
        "infection-asked",
        "no-driver",
    }
    assert {guard.id for guard in EVERY if fires(guard.id, chart)} == {"epidural-steroid-warning"}


def test_a_chart_that_was_never_reviewed_is_unknown_where_it_matters() -> None:
    chart = seen(reviewed=())
    for id in ("stent-any", "stroke", "clot-recent", "bleeding-disorder", "contact-allergy", "platelets-needed"):
        assert status(id, chart) == "unknown"


def test_taking_a_review_away_never_makes_a_guard_quieter() -> None:
    body = problem("atrial-fibrillation", attributes='{cha2ds2_vasc: 8, rheumatic_valve: "no"}') + medication(
        "apixaban"
    )
    order = ["not asked", "not_met", "unknown", "ambiguous", "met"]
    for section in REVIEWED:
        less = tuple(kind for kind in REVIEWED if kind != section)
        for guard in EVERY:
            before, after = status(guard.id, seen(body)), status(guard.id, seen(body, reviewed=less))
            assert order.index(after) >= order.index(before), (guard.id, section)


def test_an_unverified_guard_fires_without_permitting() -> None:
    """The hazard itself is evaluated: an unverified value may stop a plan."""
    chart = seen(medication("cefazolin"))
    found = next(guard for guard in EVERY if guard.id == "antibiotics")
    assert found.hazard.rests_on_unverified
    assert evaluate(found.hazard.says, chart).status == "met"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("topic: other\nchecked: 2026-01-01\nrecheck_by: 2026-06-01\n", "give both one name"),
        ("topic: blood\nrecheck_by: 2026-06-01\n", "no checked"),
        ("topic: blood\nchecked: 2026-01-01\nrecheck_by: 2025-06-01\n", "no recheck_by"),
        ("topic: blood\nchecked: 2026-01-01\nrecheck_by: 2026-06-01\n", "no values"),
        ("topic: blood\nchecked: 2026-01-01\nrecheck_by: 2026-06-01\nextra: 1\n", "'extra' is not known here"),
        (
            "topic: blood\nchecked: 2026-01-01\nrecheck_by: 2026-06-01\nvalues:\n"
            "  a: {kind: statement, source: NOBODY, locator: x, mark: secondary}\n",
            "the source 'NOBODY' is not in knowledge/sources",
        ),
        (
            "topic: blood\nchecked: 2026-01-01\nrecheck_by: 2026-06-01\nvalues:\n"
            "  a: {kind: statement, source: AAGBI-2016, locator: x}\n",
            "no mark",
        ),
    ],
)
def test_what_the_loader_refuses(tmp_path: Path, text: str, says: str) -> None:
    folder = tmp_path / "blood"
    folder.mkdir()
    (folder / "values.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=says):
        load_topic(folder, packaged().sources)


def test_the_latest_answer_counts() -> None:
    """Asked twice, the later answer stands; two answers of one day that differ say yes to a hazard."""
    twice = (
        "chart: 1\nid: t\nrecorded: 2026-03-16\nas_of: 2026-03-16\ncompleteness:\n"
        '  - {{kind: self-harm, asked: 2026-03-01, answer: "{}"}}\n  - {{kind: self-harm, asked: {}, answer: "{}"}}\n'
        "medications:\n  - {{id: M-1, drug: sertraline}}\nrequest:\n  - {{id: R-1, therapy: medial-branch-block}}\n"
    )
    for first, day, second, expected in (
        ("no", "2026-03-02", "yes", True),
        ("yes", "2026-03-02", "no", False),
        ("yes", "2026-03-01", "no", True),
    ):
        record = read_chart(twice.format(first, day, second), "chart").record
        chart = situation(record, record.requests[0], date(2026, 3, 16), date(2026, 3, 16))
        assert (status("antidepressant-never-stop", chart) == "met") is expected


def test_that_a_question_is_of_the_same_day_is_our_reading() -> None:
    """4e says before the procedure; no source says the same day."""
    day = [cite for guard in EVERY for cite in guard.cites if cite.source == "TJC-UP"]
    assert len(day) == 8
    assert {cite.mark for cite in day} == {"unverified"}
