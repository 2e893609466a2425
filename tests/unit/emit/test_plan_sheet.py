"""The patient's page: plain words, no date to stop unless everything is settled, every language under its banner."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import plans
import pytest
import textstat
from msgspec.structs import replace

from levamen.emit.language.moments import date_words, moment_words
from levamen.emit.language.pack import LANGUAGES, language, load_language
from levamen.emit.plan.sheet import Sheet, sheet, text
from levamen.emit.plan.signs import load_signs, packaged_signs, signs_after
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.pathway.periprocedural.answers import Plan
from levamen.record import codes

EVERY = pytest.mark.parametrize("name", plans.PLANS)
TOLD = pytest.mark.parametrize("id", LANGUAGES)
FOLDER = Path(__file__).parents[3] / "src" / "levamen" / "emit" / "language"
EN, ES = language("en"), language("es")
WEEKDAYS = {"en": EN.weekdays, "es": ES.weekdays}
SETTLED = ("apixaban", "trial", "superseding")
ANY_STOP = ("Last dose", "Start again", "no more doses", "Do not take it after", "may take it again")


def words_of(made: Sheet) -> str:
    return " ".join(text(made).split())


def test_a_settled_plan_says_last_dose_and_restart_in_the_patients_time() -> None:
    said = words_of(sheet(plans.apixaban()))
    assert "Last dose: Saturday 21 March, 8:00 in the morning. - Take no more doses after that." in said
    assert "Start again: Wednesday 25 March, 8:00 in the evening." in said
    assert "When: Tuesday 24 March 2026, 10:00 in the morning." in said
    assert "Where: low back, L5-S1, right side." in said
    assert "not final" not in said


def test_the_first_thing_said_is_not_to_stop_alone() -> None:
    for name in plans.PLANS:
        said = text(sheet(plans.PLANS[name]())).splitlines()
        assert said[2] == "Do not stop any medicine on your own."


@EVERY
@TOLD
def test_while_a_plan_is_not_final_no_day_but_the_visits_is_printed(name: str, id: str) -> None:
    plan = plans.PLANS[name]()
    said = words_of(sheet(plan, language(id)))
    days = re.findall("|".join(WEEKDAYS[id]), said)
    if name in SETTLED:
        assert len(days) >= 2
    else:
        assert len(days) == 1
        waiting = ("Wait for our call", "Espere nuestra llamada")
        assert any(words in said for words in waiting)


BREAKS: dict[str, Callable[[Plan], Plan]] = {
    "not final": lambda plan: replace(plan, final=False),
    "unknown": lambda plan: replace(plan, safety="unknown"),
    "deferred": lambda plan: replace(plan, decision="defer"),
    "stopped": lambda plan: replace(plan, decision="hard_stop_change_plan"),
    "contraindicated": lambda plan: replace(plan, safety="contraindicated"),
    "no time": lambda plan: replace(plan, start=None),
    "drug not final": lambda plan: with_drug(plan, final=False),
    "not agreed": lambda plan: with_drug(plan, agreed=None),
    "shared": lambda plan: with_drug(plan, decision="shared_decision_required"),
    "no stop": lambda plan: with_drug(plan, stop_at=None, last_dose=None),
}


def with_drug(plan: Plan, **changes: Any) -> Plan:
    return replace(plan, active=replace(plan.active, drugs=(replace(plan.active.drugs[0], **changes),)))


@pytest.mark.parametrize("broken", BREAKS)
def test_one_thing_open_and_no_stop_is_printed(broken: str) -> None:
    said = words_of(sheet(BREAKS[broken](plans.apixaban())))
    assert not [words for words in ANY_STOP if words in said]
    agreed = broken in ("not final", "unknown", "no time", "drug not final", "no stop")
    wait = "We will call you with the day. Keep taking it until then."
    assert (wait if agreed else "Do not stop it. Your doctor or our team will call you.") in said


def test_a_drug_already_held_is_not_called_back_by_the_sheet() -> None:
    """A sheet that told a patient who has stopped in time to go on would undo the hold hours before the needle."""
    plan = with_drug(replace(plans.apixaban(), final=False), final=False, already_held=True)
    said = words_of(sheet(plan))
    assert "You have stopped it for this visit. Do not take it again until we tell you when." in said
    assert "Do not stop it" not in said
    assert "Take your medicines the way" not in said


def test_a_drug_that_goes_on_is_told_to_go_on_only_when_settled() -> None:
    plan = plans.apixaban()
    on = with_drug(plan, decision="proceed_no_hold", stop_at=None, last_dose=None)
    assert "Keep taking it the way your doctor told you." in words_of(sheet(on))
    assert "Keep taking it" not in words_of(sheet(replace(on, final=False)))
    assert "Do not stop it." in words_of(sheet(plans.shared()))


def test_a_drug_taken_now_and_then_has_a_moment_to_stop_and_not_a_last_dose() -> None:
    as_needed = with_drug(plans.apixaban(), last_dose=None, first_dose=None)
    said = words_of(sheet(as_needed))
    assert "Do not take it after Saturday 21 March, 10:00 in the morning." in said
    assert "You may take it again from Wednesday 25 March, 10:30 in the morning." in said


def test_without_a_restart_we_will_tell() -> None:
    said = words_of(sheet(plans.trial()))
    assert "We will tell you when to start again. Do not start before that." in said
    assert "Start again:" not in said


def test_a_deferral_says_that_the_visit_may_move() -> None:
    assert "Your visit may move to a new day. Wait for our call." in words_of(sheet(plans.stent()))


def test_no_medicine_is_only_told_to_be_fine_when_settled() -> None:
    none = replace(plans.apixaban(), active=replace(plans.apixaban().active, drugs=()))
    assert "None of your medicines has to change." in words_of(sheet(none))
    assert "None of your medicines" not in words_of(sheet(replace(none, final=False, safety="unknown")))


def test_a_new_sheet_says_to_throw_the_old_one_away() -> None:
    said = words_of(sheet(plans.superseding()))
    assert "Sheet 2 for this visit, made 20 October 2026. This sheet replaces sheet 1. Throw the old one away." in said
    assert "replaces" not in words_of(sheet(plans.apixaban()))


@EVERY
@TOLD
def test_no_word_that_promises_or_frightens(name: str, id: str) -> None:
    said = words_of(sheet(plans.PLANS[name](), language(id))).lower()
    assert not re.search(r"\b(qualif\w*|best|rare\w*|you should|eligib\w*|guarantee\w*|califica\w*|mejor)\b", said)
    assert not re.search(r"(?<!not )\bsafe\b", said)
    assert not re.search(r"unverified|mapped|hold|bleeding class", said)


# ------------------------------------------------------------------ reading grade


def blocks(made: Sheet) -> dict[str, str]:
    parts = {
        block.heading: " ".join((f"{block.heading}.", *block.sentences))
        for block in (made.visit, made.medicines, *made.drugs, made.day, *made.calls)
        if block.sentences
    }
    parts["first"] = " ".join(made.first)
    parts["banner"] = " ".join(made.banner)
    parts["watch"] = made.watch
    return {heading: said for heading, said in parts.items() if said}


def whole(made: Sheet) -> str:
    return " ".join((f"{made.title}.", *blocks(made).values(), *made.foot[:-1]))


@EVERY
def test_the_english_page_and_each_block_read_at_grade_8_or_below(name: str) -> None:
    textstat.set_lang("en")
    made = sheet(plans.PLANS[name]())
    assert textstat.flesch_kincaid_grade(whole(made)) <= 6
    for heading, said in blocks(made).items():
        assert textstat.flesch_kincaid_grade(said) <= 8, heading


@EVERY
def test_the_spanish_page_reads_easily(name: str) -> None:
    """Above 80 both scales say easy or very easy (Fernandez Huerta; Szigriszt-Pazos)."""
    textstat.set_lang("es")
    said = whole(sheet(plans.PLANS[name](), ES))
    assert textstat.fernandez_huerta(said) >= 80
    assert textstat.szigriszt_pazos(said) >= 80
    textstat.set_lang("en")


def test_the_measure_can_fail() -> None:
    textstat.set_lang("en")
    said = (
        "Discontinuation of periprocedural anticoagulation necessitates individualised interdisciplinary deliberation."
    )
    assert textstat.flesch_kincaid_grade(said) > 8


# ------------------------------------------------------------------ languages


def test_a_translation_carries_its_banner_in_both_languages_until_it_is_adopted() -> None:
    made = sheet(plans.apixaban(), ES)
    assert made.unreviewed == (
        "Traducción no revisada por un clínico",
        "Translation not reviewed by a clinician",
    )
    assert words_of(made).startswith("** Traducción no revisada por un clínico ** ** Translation not reviewed")
    adopted = load_language(written("es", "version: 1", "version: 1\nadopted: {by: Dr Sol, on: 2026-12-01}"))
    assert adopted.reviewed
    assert sheet(plans.apixaban(), adopted).unreviewed == ()
    assert sheet(plans.apixaban(), EN).unreviewed == ()


_SCRATCH: list[Path] = []


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path) -> None:
    _SCRATCH[:] = [tmp_path]


def written(id: str, old: str, new: str) -> Path:
    """A language file in which one thing is changed."""
    before = (FOLDER / f"{id}.yaml").read_text(encoding="utf-8")
    assert before.count(old) >= 1, old
    path = _SCRATCH[0] / f"{id}.yaml"
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  phone: Nuestro teléfono\n", "", "no phone"),
        ("  phone: Nuestro", "  telephone: x\n  phone: Nuestro", "'telephone' is not known here"),
        ("  saddle: No siente la zona entre las piernas.\n", "", "no saddle"),
        ("Última dosis: {moment}", "Última dosis: {when}", "must hold exactly: {moment}"),
        ("Última dosis: {moment}", "Última dosis", "must hold exactly: {moment}"),
        ("Última dosis: {moment}", "Última dosis: {moment} {patient}", "must hold exactly: {moment}"),
        ("Última dosis: {moment}", "Última dosis: {moment!r}", "must hold exactly: {moment}"),
        ("Última dosis: {moment}", "Última dosis: {moment} {0}", "must hold exactly: {moment}"),
        ("domingo]", "domingo, feria]", "'weekdays' has 8 words; write all 7"),
        ("enero, ", "", "'months' has 11 words; write all 12"),
        ("  12: del", "  25: del", "from 0 to 23"),
        ("  0: de", "  2: de", "the first at 0"),
        ("version: 1", "version: 1\nadopted: {by: Dr Sol}", "no on"),
        ("version: 1", "version: 1\nadopted: {on: 2026-12-01}", "no by"),
        ("left: lado izquierdo, ", "", "no left"),
        ("version: 1", "version: 1\nsource: x", "'source' is not known here"),
    ],
)
def test_a_language_file_that_could_mislead_is_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(says)):
        load_language(written("es", old, new))


def test_what_is_filled_in_is_not_read_again() -> None:
    assert EN.say("visit_patient", patient="{procedure} {0} %s $x") == "Patient number: {procedure} {0} %s $x."


@TOLD
def test_sides_are_always_written_out(id: str) -> None:
    assert set(language(id).sides) == set(codes.ids("sides"))
    for side, words in language(id).sides.items():
        plan = plans.apixaban()
        plan = replace(plan, request=replace(plan.request, side=side))
        assert words in words_of(sheet(plan, language(id)))
    assert len(set(language(id).sides.values())) == 4


@TOLD
def test_the_place_is_told_in_words(id: str) -> None:
    assert set(language(id).regions) == set(codes.ids("regions"))
    place = {"en": "Where: upper or mid back.", "es": "Dónde: parte alta o media de la espalda."}
    assert place[id] in words_of(sheet(plans.trial(), language(id)))


@pytest.mark.parametrize(
    ("at", "english", "spanish"),
    [
        ((2026, 3, 21, 4, 0), "Saturday 21 March, 12:00 at night, as this day begins", "12:00 de la noche, al empezar"),
        ((2026, 3, 21, 3, 59), "Friday 20 March, 11:59 at night", "viernes 20 de marzo, 11:59 de la noche"),
        ((2026, 3, 21, 15, 59), "Saturday 21 March, 11:59 in the morning", "11:59 de la mañana"),
        ((2026, 3, 21, 16, 0), "Saturday 21 March, 12:00 at midday", "12:00 del mediodía"),
        ((2026, 3, 21, 17, 0), "Saturday 21 March, 1:00 in the afternoon", "1:00 de la tarde"),
        ((2026, 3, 21, 22, 0), "Saturday 21 March, 6:00 in the evening", "6:00 de la tarde"),
        ((2026, 3, 22, 0, 0), "Saturday 21 March, 8:00 in the evening", "sábado 21 de marzo, 8:00 de la noche"),
        ((2024, 2, 29, 17, 0), "Thursday 29 February, 12:00 at midday", "jueves 29 de febrero"),
        ((2026, 11, 1, 5, 30), "1:30 at night, early this day (the first time the clock shows it)", "la primera vez"),
        ((2026, 11, 1, 6, 30), "1:30 at night, early this day (the second time the clock shows it)", "la segunda vez"),
        ((2026, 11, 1, 7, 30), "Sunday 1 November, 2:30 at night, early this day", "2:30 de la madrugada"),
    ],
)
def test_times_in_words(at: tuple[int, ...], english: str, spanish: str) -> None:
    moment = datetime(*at, tzinfo=UTC)  # type: ignore[misc,arg-type]
    said = moment_words(moment, plans.NEW_YORK, EN)
    assert english in said
    assert ("time the clock" in said) == ("time the clock" in english)
    assert spanish in moment_words(moment, plans.NEW_YORK, ES)


def test_dates_in_words() -> None:
    assert date_words(date(2026, 3, 9), EN) == "9 March 2026"
    assert date_words(date(2026, 3, 9), ES) == "9 de marzo de 2026"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        language("fr")


# ------------------------------------------------------------------ signs


def test_emergency_signs_of_the_dossier_call_the_emergency_number() -> None:
    signs = packaged_signs()
    emergency = {id for id, sign in signs.items() if sign.call == "emergency"}
    assert emergency == {"weakness", "saddle", "urine", "back-pain", "stroke", "chest", "leg-swelling"}
    assert not [sign for sign in signs.values() if sign.cite.mark == "unverified"]


def test_signs_of_a_device_only_where_there_is_one() -> None:
    assert "device" not in {sign.id for sign in signs_after("epidural-steroid-injection")}
    assert "device" in {sign.id for sign in signs_after("spinal-cord-stimulation-trial")}
    assert "device" in {sign.id for sign in signs_after("pump-refill")}
    assert "device" in {sign.id for sign in signs_after(None)}
    assert "sounds an alarm" in words_of(sheet(plans.trial()))
    assert "sounds an alarm" not in words_of(sheet(plans.apixaban()))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{call: soon, source: MSD-SEH, locator: text, mark: primary}", "'soon' is not known"),
        ("{call: emergency, source: NOWHERE, locator: text, mark: primary}", "'NOWHERE' is not in"),
        ("{call: emergency, source: MSD-SEH, mark: primary}", "no locator"),
        ("{call: emergency, source: MSD-SEH, locator: text}", "no mark"),
    ],
)
def test_a_sign_without_its_source_is_refused(tmp_path: Path, row: str, says: str) -> None:
    path = tmp_path / "signs.yaml"
    path.write_text(f"checked: 2026-11-21\nsigns:\n  urine: {row}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=says):
        load_signs(path, packaged().sources)
