"""Conditions, what is often said and the order of care: what their readers refuse, and what the packaged files hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import textstat

from levamen.criteria.nodes import Cite
from levamen.knowledge.conditions import load_conditions, load_referral, packaged_conditions, packaged_referral
from levamen.knowledge.conditions.rows import FIELDS, Condition
from levamen.knowledge.loader import read_top
from levamen.knowledge.model import KnowledgeError, Source
from levamen.knowledge.often_said import OftenSaid, load_often_said, packaged_often_said
from levamen.knowledge.order_of_care import load_order, packaged_order
from levamen.knowledge.registry import packaged
from levamen.knowledge.sourced import NONE_FOUND, Voice
from levamen.record import codes

SOURCES = {
    id: Source(id=id, title="Manual", issuer="Plains", year="2026", url="https://example.org")
    for id in ("MANUAL", "NO-SOURCE")
}
CITE = "source: MANUAL, locator: page 2, mark: secondary"
GOOD = f"""
condition: neck-pain
checked: 2026-01-05
recheck_by: 2026-07-05
plain: Neck pain
also: [stiff neck]
concepts: [cervicogenic-headache]
description: {{patient: {{says: The neck hurts., {CITE}}}, clinician: no source found}}
agreement: [{{says: All agree., {CITE}}}]
history: no source found
examination: no source found
imaging: no source found
red_flags: [{{flag: myelopathy, says: Clumsy hands., {CITE}}}]
first_care: [{{says: Move., therapies: [exercise], {CITE}}}]
therapies: [{{by: nice, therapies: [medial-branch-block], regions: [cervical], says: Perhaps., {CITE}}}]
against: [{{by: study, therapies: [botulinum-toxin], says: No better., {CITE}}}]
cautions: [{{effect: refer-first, therapies: [traction], says: Ask first., {CITE}}}]
referral: [{{pace: early, by: article, says: Soon., {CITE}}}, {{pace: late, by: nice, says: After exercise., {CITE}}}]
"""


def load(tmp_path: Path, text: str, folder: str = "neck_pain") -> Condition:
    path = tmp_path / folder / "condition.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_conditions(tmp_path, SOURCES)[folder.replace("_", "-")]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert (found.id, found.plain, found.concepts) == ("neck-pain", "Neck pain", ("neck-pain", "cervicogenic-headache"))
    assert found.synonyms == ("cervicalgia", "stiff neck")
    assert found.codes == {"icd10cm": ("M54.2", "G44.86"), "snomed": ("81680005", "1121000119107")}
    assert [row.audience for row in found.statements["description"]] == ["patient"]
    assert [(row.flag, row.says) for row in found.red_flags] == [("myelopathy", "Clumsy hands.")]
    assert [(row.speaker, row.regions) for row in found.therapies] == [
        ("National Institute for Health and Care Excellence", ("cervical",))
    ]
    assert found.against[0].speaker == "a study or review"
    assert (found.cautions[0].effect, found.cautions[0].therapies) == ("refer-first", ("traction",))
    assert [(row.pace, row.voice.by) for row in found.referral] == [("early", "article"), ("late", "nice")]
    assert set(found.none_found) == {"history", "examination", "imaging"}
    assert set(found.sourced) | set(found.none_found) == set(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_left_out_is_refused(tmp_path: Path, field: str) -> None:
    kept = [part for part in re.split(r"\n(?=\w)", GOOD) if not part.startswith(f"{field}:")]
    with pytest.raises(KnowledgeError, match=f"no {field}; give it with its source, or write `{field}: {NONE_FOUND}`"):
        load(tmp_path, "\n".join(kept))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("condition: neck-pain", "condition: neck-pian", "'neck-pian' is not in conditions; nearest: neck-pain"),
        ("condition: neck-pain", "condition: myelopathy", "the folder is named for neck-pain; it holds myelopathy"),
        ("recheck_by: 2026-07-05", "recheck_by: 2026-01-05", "no recheck_by after checked"),
        ("plain: Neck pain", "plain:", "'plain' is one word or sentence"),
        ("concepts: [cervicogenic-headache]", "concepts: [headake]", "'headake' is not in conditions"),
        ("history: no source found", "history: to find out", "'to find out' has no source"),
        ("history: no source found", "history: []", "an empty list says nothing; write `history: no source found`"),
        ("flag: myelopathy", "flag: mielopathy", "'mielopathy' is no flag; nearest: myelopathy"),
        ("by: nice, therapies", "by: nicer, therapies", "'nicer' is no authority and none of study, article, issuer"),
        ("by: nice, therapies", "therapies", "no by; name the authority that says it"),
        ("therapies: [medial-branch-block], ", "", "no therapies; name the therapies it speaks of"),
        ("medial-branch-block", "medial-branch-blok", "nearest: medial-branch-block"),
        ("regions: [cervical]", "regions: [neck]", "'neck' is not in regions"),
        ("effect: refer-first", "effect: stop", "'stop' is no effect; one of caution, avoid, refer-first"),
        ("pace: early", "pace: soon", "'soon' is no pace; one of early, late, urgent, never"),
        ("source: MANUAL, locator: page 2, mark: secondary}]\nhistory", "mark: secondary}]\nhistory", "no source"),
        ("plain: Neck pain", "plain: Neck pain\nfun: yes", "'fun' is not known here"),
    ],
)  # fmt: skip
def test_what_could_mislead_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(KnowledgeError, match=re.escape(says)) as refusal:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert "condition.yaml" in str(refusal.value)


def test_referral_needs_its_dates_and_its_voice(tmp_path: Path) -> None:
    path = tmp_path / "referral.yaml"
    good = f"checked: 2026-01-05\nrecheck_by: 2026-07-05\nreferral: [{{pace: late, by: cms, says: Late., {CITE}}}]\n"
    path.write_text(good, encoding="utf-8")
    assert [row.voice.by for row in load_referral(path, SOURCES)] == ["cms"]
    for old, new, says in (
        ("checked: 2026-01-05\n", "", "no checked"),
        ("by: cms, ", "", "no by"),
        ("says: Late., ", "", "no says"),
    ):
        path.write_text(good.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(KnowledgeError, match=says):
            load_referral(path, SOURCES)


SAYING = f"""
saying: two-weeks
checked: 2026-01-05
recheck_by: 2026-07-05
title: It lasts two weeks.
therapies: [trigger-point-injection]
heard: [{{says: Two weeks., {CITE}}}]
instead: [{{by: study, says: Six weeks., {CITE}}}]
still_true: no source found
"""


def say(tmp_path: Path, text: str) -> OftenSaid:
    (tmp_path / "two_weeks.yaml").write_text(text, encoding="utf-8")
    return load_often_said(tmp_path, SOURCES)["two-weeks"]


def test_a_good_saying_is_read(tmp_path: Path) -> None:
    found = say(tmp_path, SAYING)
    assert (found.title, found.therapies, found.still_true) == (
        "It lasts two weeks.", ("trigger-point-injection",), (),
    )  # fmt: skip
    assert [row.says for row in (*found.heard, *found.instead)] == ["Two weeks.", "Six weeks."]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("saying: two-weeks", "saying: three-weeks", "the file is named for two-weeks; it holds three-weeks"),
        ("checked: 2026-01-05\n", "", "no checked"),
        ("title: It lasts two weeks.\n", "", "no title"),
        ("therapies: [trigger-point-injection]\n", "", "no therapies; name the therapies it is said of"),
        ("trigger-point-injection", "trigger-pont-injection", "nearest: trigger-point-injection"),
        (f"heard: [{{says: Two weeks., {CITE}}}]", "heard: no source found", "what nobody is known to have said"),
        (f"instead: [{{by: study, says: Six weeks., {CITE}}}]", "instead: no source found", "it stands unanswered"),
        ("still_true: no source found\n", "", "no still_true; give it with its source"),
        ("by: study, ", "", "no by"),
    ],
)
def test_a_saying_without_a_source_or_an_answer_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in SAYING
    with pytest.raises(KnowledgeError, match=re.escape(says)):
        say(tmp_path, SAYING.replace(old, new, 1))


ORDER = Path(str(__import__("levamen.knowledge.order_of_care", fromlist=["x"]).__file__)).parent


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("rungs", "    title: Self-care\n", "", "no title; name the step"),
        ("rungs", "    short: self-care\n", "", "no short"),
        ("rungs", "    enter: always\n", "", "no enter"),
        ("rungs", "  '1':", "  '9':", "the steps are numbered 0, 1, 2"),
        ("rungs", "heat-or-cold, rest,", "rest,", "heat-or-cold stands in 0 places"),
        ("rungs", "not_placed: [", "not_placed: [exercise, ", "exercise stands in 2 places"),
        ("rungs", "stands_in: '2'", "stands_in: '1'", "'1' is no later step"),
        ("rungs", "looks_at: [red-flags,", "looks_at: [red-flag,", "'red-flag' is nothing that is looked at"),
        ("rungs", "before: [later]", "before: [latest]", "'latest' is not in therapies"),
        ("rungs", "    locator: 'neuromodulation dossier 18.1, rung 1'\n", "", "no locator"),
        ("exceptions", "    title: a red flag\n", "", "no title"),
        ("exceptions", "ruled_out_by: question", "ruled_out_by: nobody", "'nobody' rules nothing out"),
        ("exceptions", "questions: [red-flags], ", "", "ruled out by a question, and no question"),
        ("exceptions", "decided_by: governing-policy", "decided_by: chance", "'chance' decides nothing"),
        ("exceptions", "problems: [spasticity]", "problems: [spasticiti]", "nearest: spasticity"),
        ("exceptions", "    source: AOMRC-EBI\n", "", "no source"),
    ],
)
def test_an_order_that_could_mislead_is_refused(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    for name in ("rungs", "exceptions"):
        text = (ORDER / f"{name}.yaml").read_text(encoding="utf-8")
        if name == file:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=re.escape(says)) as refusal:
        load_order(tmp_path, packaged().sources)
    assert f"{file}.yaml" in str(refusal.value)


DESCRIBED = tuple(packaged_conditions().values())
BY_ID = [condition.id for condition in DESCRIBED]
ASKED = {
    "radiculopathy", "neurogenic-claudication", "facet-arthropathy", "sacroiliac-joint-pain", "vertebrogenic-pain",
    "non-specific-low-back-pain", "post-laminectomy-syndrome", "complex-regional-pain-syndrome", "knee-osteoarthritis",
    "painful-diabetic-neuropathy", "vertebral-compression-fracture", "cancer-pain", "occipital-neuralgia",
    "chronic-migraine", "trigeminal-neuralgia", "fibromyalgia", "myofascial-pain", "phantom-limb-pain",
    "post-herpetic-neuralgia", "refractory-angina", "discogenic-pain", "multiple-sclerosis", "opioid-use-disorder",
    "spasticity",
}  # fmt: skip
SAID = {
    "series-of-three", "two-or-three-at-most", "every-three-to-four-weeks", "never-on-blood-thinners",
    "not-with-a-cold", "a-block-is-non-invasive", "idet-is-new", "steroid-into-the-spinal-fluid",
    "serious-harm-is-rare", "relief-of-one-or-two-days", "pump-and-stimulator-always-last",
    "radiation-treats-back-nerves",
    "trigger-points-for-ever",
}  # fmt: skip


def test_the_conditions_people_arrive_with_are_described_and_the_sayings_answered() -> None:
    assert set(packaged_conditions()) == ASKED
    assert set(packaged_often_said()) == SAID


def test_each_file_stands_in_its_own_folder() -> None:
    folder = Path(str(__import__("levamen.knowledge.conditions", fromlist=["x"]).__file__)).parent
    for path in folder.glob("*/condition.yaml"):
        assert read_top(path).text("condition") == path.parent.name.replace("_", "-")


def patient_texts(condition: Condition) -> list[str]:
    return [row.says for rows in condition.statements.values() for row in rows if row.audience == "patient"]


@pytest.mark.parametrize("condition", DESCRIBED, ids=BY_ID)
def test_what_a_patient_reads_is_plain_and_promises_nothing(condition: Condition) -> None:
    told = patient_texts(condition)
    if told:
        textstat.set_lang("en")
        assert textstat.flesch_kincaid_grade(" ".join(told)) <= 8
    said = " ".join((*told, condition.plain)).casefold()
    for promise in ("you qualify", "will cure", "guarantee", "no risk", "will work", "you need", "you should"):
        assert promise not in said


@pytest.mark.parametrize("condition", DESCRIBED, ids=BY_ID)
def test_what_is_not_confirmed_never_speaks_for_a_therapy(condition: Condition) -> None:
    """Rule 2: an unverified row may warn, advise against or send on; among the favourable voices it would permit."""
    for row in condition.therapies:
        assert row.cites[0].mark != "unverified", row.says


def test_the_special_hosts_have_their_cautions() -> None:
    """Mission row R16: the hosts that change what is asked before a procedure given for any reason."""
    found = packaged_conditions()
    hosts = (
        "multiple-sclerosis", "trigeminal-neuralgia", "complex-regional-pain-syndrome", "fibromyalgia",
        "post-laminectomy-syndrome", "opioid-use-disorder",
    )  # fmt: skip
    assert all(found[id].cautions for id in hosts)


def test_both_voices_on_referral_are_heard_with_their_authority() -> None:
    """Mission row R15: early and late, each named."""
    said = {(row.pace, row.voice.by) for row in packaged_referral()}
    assert {pace for pace, _ in said} >= {"early", "late"}
    assert ("early", "article") in said
    assert ("late", "nice") in said


def cited() -> Iterator[tuple[str, tuple[Cite, ...]]]:
    for condition in DESCRIBED:
        for field in FIELDS:
            yield f"{condition.id}/{field}", condition.cites_of(field)
    for saying in packaged_often_said().values():
        for row in (*saying.heard, *saying.instead, *saying.still_true):
            yield saying.id, row.cites
    for departure in packaged_order().exceptions:
        yield departure.id, departure.cites


def test_background_knowledge_is_marked_as_such() -> None:
    """What no document was found for awaits confirmation, wherever it stands."""
    for where, cites in cited():
        for cite in cites:
            assert cite.source != "NO-SOURCE" or cite.mark == "unverified", where


def voices() -> Iterator[Voice]:
    for condition in DESCRIBED:
        yield from (*condition.therapies, *condition.against, *(row.voice for row in condition.referral))
    for saying in packaged_often_said().values():
        yield from (*saying.instead, *saying.still_true)


def test_who_speaks_has_a_name_and_of_known_therapies() -> None:
    for row in voices():
        assert row.speaker
        assert row.speaker not in codes.ids("authorities")
        assert set(row.therapies) <= set(codes.ids("therapies"))


def test_no_rule_reads_a_condition_a_saying_or_the_order() -> None:
    """They are told beside the verdicts: no policy, guard or criterion imports them."""
    root = Path(str(__import__("levamen").__file__)).parent
    for folder in ("criteria", "derive", "knowledge/policies", "knowledge/guards"):
        for path in (root / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for name in ("knowledge.conditions", "knowledge.often_said", "order_of_care"):
                assert name not in text, path
    judged = (root / "pathway" / "judge.py").read_text(encoding="utf-8")
    assert "order_of_care" not in judged
