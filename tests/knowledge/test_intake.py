"""The intake form against the survey it was taken from, against the chart, and against files that should be refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import textstat

from levamen.adapters.chart_areas import AreaId
from levamen.adapters.chart_fields import COMPLETENESS, PERSON, SECTIONS
from levamen.adapters.chart_kinds import Field, Flag, Kind, Many, Moment, Number, NumberOrText, Pairs, Text, Word, Words
from levamen.adapters.chart_measures import Measure
from levamen.adapters.chart_medications import DrugName
from levamen.knowledge.body_map import body_map
from levamen.knowledge.intake import packaged_codes, packaged_form, packaged_rules
from levamen.knowledge.intake.reading import read_codes, read_form, read_rules
from levamen.knowledge.intake.rows import FormField, Place
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.record import codes

FOLDER = Path(__file__).parents[2] / "src" / "levamen" / "knowledge" / "intake"
FORM = packaged_form()
SOURCES = packaged().sources
R, F, E = "referral", "first-visit", "each-visit"
P, S, U = "primary", "secondary", "unverified"

ROWS = {
    "where": ((R,), "S13 S08", P),
    "when": ((R,), "S08 S04", S),
    "what-like": ((F,), "S56", P),
    "how-strong": ((R, E), "S08 S56", P),
    "what-it-stops": ((R,), "S56", P),
    "better-worse": ((F,), "NO-SOURCE", U),
    "prior-therapies": ((R,), "S56", P),
    "medicines": ((R,), "S10 S91", S),
    "health-use": ((R,), "S08", S),
    "work-and-claim": ((R,), "S08", P),
    "mood-and-sleep": ((R,), "S30", S),
    "safety": ((R,), "NO-SOURCE", U),
    "goals": ((F,), "S56", P),
    "preferences": ((F,), "S108", S),
    "communication": ((R,), "S08", P),
}
"""The fifteen rows of the survey: when each is needed, its sources, and how well it is known."""

FIELDS = {
    "where": {"pain-site", "pain-side", "pain-areas"},
    "when": {"pain-since", "pain-onset", "pain-course", "pain-most-days", "night-pain", "morning-stiffness"},
    "what-like": {"pain-qualities"},
    "how-strong": {"pain-worst", "pain-average", "pain-now", "pain-least", "severity-ratings", "impact-items"},
    "what-it-stops": {
        "stops-day-to-day", "stops-work-at-home", "stops-social", "stops-chores", "stops-fun", "stops-enjoyment",
        "stops-family",
    },
    "better-worse": {"worse-with", "better-with"},
    "prior-therapies": {
        "tried-physical", "tried-over-the-counter", "tried-prescription", "tried-self-care", "tried-injections",
        "tried-surgery",
    },
    "medicines": {
        "opioid-days", "opioid-dose", "takes-benzodiazepine", "takes-gabapentinoid", "takes-antithrombotic",
        "takes-steroid", "takes-immunosuppressant",
    },
    "health-use": {"health-visits", "emergency-visits", "hospital-admissions", "health-tests"},
    "work-and-claim": {"work-status", "work-hours", "compensation-open", "litigation-open"},
    "mood-and-sleep": {"depression-screen", "anxiety-screen", "sleep"},
    "safety": {
        "red-flags", "self-harm", "contrast-allergy", "local-anesthetic-allergy", "latex-allergy", "metal-allergy",
        "pregnancy", "implants", "diabetes", "infection-now", "bleeding-risk",
    },
    "goals": {"goal-text"},
    "barriers": {"has-barriers", "barriers", "biggest-barrier"},
    "preferences": {"decides", "worries", "bad-experience", "success"},
    "communication": {"language", "interpreter", "sight-help", "hearing-help", "reading-help"},
}  # fmt: skip
"""What each row names, as fields."""


@pytest.mark.parametrize("id", ROWS)
def test_each_row_of_the_survey_is_a_group_with_its_source_and_mark(id: str) -> None:
    group = next(group for group in FORM.groups if group.id == id)
    needed, sources, mark = ROWS[id]
    assert group.needed == needed
    assert [cite.source for cite in group.cites] == sources.split()
    assert {cite.mark for cite in group.cites} == {mark}


@pytest.mark.parametrize("id", FIELDS)
def test_each_row_asks_for_what_the_survey_names(id: str) -> None:
    assert {field.id for field in FORM.of_group(id)} == FIELDS[id]


def test_no_field_is_better_known_than_its_row_without_a_source_of_its_own() -> None:
    groups = {group.id: group for group in FORM.groups}
    own = {field.id for field in FORM.fields if field.cites != groups[field.group].cites}
    assert own == {"pain-most-days", "severity-ratings", "impact-items", "therapy-response", "biggest-barrier"}
    assert {field.id for field in FORM.fields if field.fresh and field.fresh.cites[0].mark == U} == FIELDS["health-use"]
    assert {field.id: str(field.fresh.lasts) for field in FORM.fields if field.fresh is not None} == {
        **dict.fromkeys(("pain-worst", "pain-average", "pain-now", "pain-least"), "7 days"),
        **dict.fromkeys(FIELDS["health-use"], "3 months"),
    }


def test_lists_of_the_survey() -> None:
    assert ids("pain-qualities") == ["stabbing", "burning", "aching", "tingling", "prickling", "throbbing"]
    assert ids("pain-onset") == ["injury", "at-work", "after-surgery", "cancer", "no-known-cause", "unknown"]
    assert ids("worse-with") == ["posture", "sitting", "walking", "extension", "cough", "rest", "heat"]
    assert ids("therapy-helped") == ["never", "sometimes", "always", "unknown"]
    assert ids("barriers") == list(codes.ids("barriers"))


def ids(field: str) -> list[str]:
    return [choice.id for choice in FORM.field(field).choices]


# ---- where the answers land


def table_of(section: str) -> tuple[Field, ...]:
    table = {"person": PERSON, "completeness": COMPLETENESS}.get(section) or SECTIONS[section]
    return table.fields


def places() -> Iterator[tuple[FormField, Place]]:
    for field in FORM.fields:
        for place in (field.lands, *field.read):
            yield field, place


@pytest.mark.parametrize(("field", "place"), list(places()), ids=lambda value: getattr(value, "id", value))
def test_every_answer_lands_in_a_field_of_the_chart_that_takes_it(field: FormField, place: Place) -> None:
    fields = {row.target: row for row in table_of(place.section)}
    names = set(fields) | ({"classes"} if place.section == "medications" else set())
    assert {place.field, *place.where} <= names
    kind = fields[place.field].kind
    if field.kind in ("choice", "choices") and place.key is None:
        assert set(ids(field.id)) <= accepted(kind)
    if place.key is not None:
        assert isinstance(kind, Pairs)
        assert place.key in codes.ids("interference_areas")
    elif place == field.lands:
        assert isinstance(kind, TAKES[field.kind]), field.id
    if isinstance(kind, Number) and field.high is not None and kind.high is not None:
        assert field.high <= kind.high


TAKES: dict[str, tuple[type, ...]] = {
    "choice": (Word,),
    "choices": (Words, Word),
    "number": (Number, NumberOrText),
    "date": (Moment,),
    "text": (Text, Word, Measure),
    "yes-no": (Flag, Word, DrugName),
    "instrument": (Number, Many),
}


def accepted(kind: Kind) -> set[str]:
    word = kind.word if isinstance(kind, Words) else kind
    assert isinstance(word, Word)
    if isinstance(word, AreaId):
        return set(body_map().areas)
    return {id for section in word.sections for id in codes.ids(section)}


def test_a_choice_has_a_label() -> None:
    for field in FORM.fields:
        assert (field.kind in ("choice", "choices")) == bool(field.choices), field.id
        assert all(choice.label.strip() for choice in field.choices)


# ---- wording


@pytest.mark.parametrize("field", FORM.fields, ids=lambda field: field.id)
def test_patient_wording_reads_at_grade_eight_or_lower(field: FormField) -> None:
    assert textstat.flesch_kincaid_grade(field.patient) <= 8, field.patient
    words = {word.strip(".,?!:'\"").lower() for word in field.patient.split()}
    assert not words & {"qualify", "eligible", "guarantee"}


def test_no_two_fields_ask_the_same() -> None:
    assert len({field.patient for field in FORM.fields}) == len(FORM.fields)
    assert len({field.ask for field in FORM.fields}) == len(FORM.fields)


# ---- codes and rules


def test_codes_of_chronic_pain_and_how_well_each_is_known() -> None:
    found = packaged_codes()
    second = {f"MG30.{digit}" for digit in "0123456"}
    assert {code for code, row in found.items() if row.cites[0].mark == P} == second
    secondary = {f"MG30.0{digit}" for digit in "01234"} | {"MG30.32", "MG30.51", "MG30.Y", "MG30.Z"}
    assert {code for code, row in found.items() if row.cites[0].mark == S} == secondary
    assert {code for code, row in found.items() if row.cites[0].mark == U} == {
        "MG30.10", "MG30.11", "MG30.20", "MG30.21", "MG30.30", "MG30.31", "MG30.40", "MG30.41", "MG30.42", "MG30.50",
    }  # fmt: skip
    assert found["MG30.0"].title == "Chronic primary pain"
    assert found["MG30.04"].title == "Complex regional pain syndrome"


def test_rules() -> None:
    rules = packaged_rules()
    assert {id: (str(rule.lasts), rule.cites[0].source, rule.cites[0].mark) for id, rule in rules.rules.items()} == {
        "chronic": ("3 months", "S01", P),
        "chronic-low-back": ("3 months", "S04", U),
        "tried-window": ("6 months", "S56", P),
    }
    assert [(row.instrument, row.cut, row.also, row.full) for row in rules.screens] == [
        ("phq-2", "cut-3", "cut-2", "phq-9"),
        ("gad-2", "cut-3", None, "gad-7"),
    ]


# ---- refusals


REFUSED = {
    "a section that no chart has": (
        "{section: pain, field: site}",
        "{section: pains, field: site}",
        "a chart has no section pains",
    ),
    "a field that no section has": (
        "{section: pain, field: onset}",
        "{section: pain, field: cause}",
        "pain has no field cause",
    ),
    "a choice that is no word": ("only: [nsaid,", "only: [aspirins,", "'aspirins' is not in drug_classes"),
    "a list that is no section": (
        "of: pain_onsets",
        "of: pain_causes",
        "'pain_causes' is no section of the vocabulary",
    ),
    "a word that picks nothing": ("{concept: [night-pain]}", "{concept: [nightly-pain]}", "'nightly-pain' is no word"),
    "no place at all": (", lands: {section: pain, field: course}", "", "no lands; say where in the chart"),
    "no wording for the patient": ("patient: How did this pain start?", "patient: ''", "put it to the patient"),
    "a group that is not there": ("pain-onset: {group: when", "pain-onset: {group: onset", "there is no group onset"),
    "an unknown kind": ("kind: choices, of: pain_qualities", "kind: tags, of: pain_qualities", "'tags' is no kind"),
    "a time of need that is none": (
        "needed: [referral, each-visit]",
        "needed: [referral, discharge]",
        "'discharge' is no time of need",
    ),
    "nothing to choose from": ("kind: choice, of: pain_courses", "kind: choice", "nothing to choose from"),
    "choices for a number": (
        "kind: number, low: 0, high: 168",
        "kind: number, of: sides",
        "a number has nothing to choose from",
    ),
    "ends the wrong way round": ("low: 0, high: 168", "low: 168, high: 0", "low and high are both given, low first"),
    "an instrument without items": (
        "kind: instrument, of: isi",
        "kind: instrument, of: koos",
        "there is no instrument koos",
    ),
    "a source that is not listed": ("source: S13", "source: S13x", "'S13x' is not in knowledge/sources"),
    "a mark that is none": (
        "locator: work and compensation items, mark: primary",
        "locator: work and compensation items, mark: sure",
        "'sure' is no mark",
    ),
    "an answer that another field has not": (
        "work-status: [unemployed",
        "work-status: [jobless",
        "'jobless' is no answer of work-status",
    ),
    "no length of time": ("fresh: {days: 7}", "fresh: {days: 0}", "one length of time"),
    "an empty group": (
        "pain-qualities: {group: what-like",
        "pain-qualities: {group: when",
        "the group what-like has no field",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_could_lose_an_answer_is_refused(name: str, tmp_path: Path) -> None:
    old, new, says = REFUSED[name]
    text = (FOLDER / "form.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "form.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"form\.yaml.*line \d+|form\.yaml") as caught:
        read_form(path, SOURCES)
    assert says in str(caught.value)


def test_a_form_may_list_choices_of_its_own(tmp_path: Path) -> None:
    text = (FOLDER / "form.yaml").read_text(encoding="utf-8")
    path = tmp_path / "form.yaml"
    path.write_text(
        text.replace("of: pain_courses", "choices: {constant: all the time, episodic: on and off}", 1), encoding="utf-8"
    )
    found = read_form(path, SOURCES).field("pain-course")
    assert [(choice.id, choice.label) for choice in found.choices] == [
        ("constant", "all the time"),
        ("episodic", "on and off"),
    ]


def test_a_code_without_its_parent_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "mg30.yaml").read_text(encoding="utf-8")
    path = tmp_path / "mg30.yaml"
    path.write_text(text.replace("  MG30.5: {", "  MG30.7: {", 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"MG30\.5 is not listed before it"):
        read_codes(path, SOURCES)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("cut: cut-3, also: cut-2", "cut: cut-4, also: cut-2", "phq-2 has no bands cut-4"),
        ("full: gad-7", "full: gad-9", "there is no instrument gad-9"),
        ("months: 6", "months: 5.5", "one length of time"),
    ],
)
def test_a_rule_that_decides_nothing_is_refused(old: str, new: str, says: str, tmp_path: Path) -> None:
    text = (FOLDER / "rules.yaml").read_text(encoding="utf-8")
    path = tmp_path / "rules.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=says):
        read_rules(path, SOURCES)


def test_a_field_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        FORM.field("shoe-size")
