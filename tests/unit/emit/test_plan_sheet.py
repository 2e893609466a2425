"""The patient's page: plain words, no date to stop unless everything is settled, every language under its banner."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import plans
import pytest
import textstat
from msgspec.structs import replace

from levamen.emit.language.moments import date_words, moment_words
from levamen.emit.language.pack import LANGUAGES, language, load_language
from levamen.emit.plan.calls import calls, red_flags_of, window_words
from levamen.emit.plan.sheet import Block, Sheet, sheet, text
from levamen.knowledge.checklist_rows import Moment, Window
from levamen.knowledge.checklists import packaged_checklists, patient_texts, sheet_texts
from levamen.knowledge.model import KnowledgeError
from levamen.pathway.checklists import Known
from levamen.pathway.periprocedural.answers import Afterwards, Plan
from levamen.record import codes
from levamen.record.facts import Agent, Request
from levamen.record.timeline import Duration

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
    assert not re.search(r"unverified|mapped|hold(?! urine)|bleeding class", said)


# ------------------------------------------------------------------ reading grade


def blocks(made: Sheet) -> dict[str, str]:
    asked = () if made.day is None else (Block(made.day.heading, (*made.day.sentences, made.bring)),)
    parts = {
        block.heading: " ".join((f"{block.heading}.", *block.sentences))
        for block in (made.visit, made.medicines, *made.drugs, *asked)
        if block.sentences
    }
    for call in made.calls:
        told = (f"{watch.window}: {' '.join(watch.signs)}" for watch in call.watches)
        parts[call.urgency] = " ".join((call.act, *told))
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
        ("  questions.driver.ask: ¿Qué adulto lo llevará a casa?\n", "", "no questions.driver.ask"),
        (
            "  questions.driver.ask:",
            "  questions.goals.ask: x\n  questions.driver.ask:",
            "'questions.goals.ask' is not",
        ),
        ("  red_flags.pneumothorax.patient:", "  red_flags.pneumothorax.paciente:", "pneumothorax.paciente' is not"),
        ("  red_flags.acts.next-day: Llámenos en las próximas 24 horas.\n", "", "no red_flags.acts.next-day"),
        ("Durante {length} después de su cita", "Después de su cita", "must hold exactly: {length}"),
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
    moment = datetime(*at, tzinfo=UTC)
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


# ------------------------------------------------------------------ when to call, and the questions of the day

LISTS = packaged_checklists()
LUMBAR = Request(
    id="R-1",
    therapy="epidural-steroid-injection",
    region="lumbar",
    sedation="none",
    agents=(Agent(drug="dexamethasone"),),
)
BLOCK = Request(
    id="R-1",
    therapy="medial-branch-block",
    region="lumbar",
    sedation="none",
    agents=(Agent(drug="lidocaine"),),
)


def knowing(plan: Plan, classes: frozenset[str] | None, **changes: Any) -> Plan:
    """The plan of somebody whose list of medicines holds these classes; None: nobody went through the list."""
    plan = replace(plan, **changes)
    if classes is not None:
        classes = classes.union(*(codes.classes_of(drug.drug) for drug in plan.active.drugs))
    return replace(plan, after=Afterwards(known=Known(classes=classes), observe=None, watch=(), discharge=()))


def without_drugs(request: Request, **changes: Any) -> Plan:
    """A plan of somebody who surely takes nothing."""
    plan = plans.apixaban()
    return knowing(plan, frozenset(), active=replace(plan.active, drugs=()), request=request, **changes)


def flags(plan: Plan) -> set[str]:
    return {flag.id for flag in red_flags_of(plan)}


def told(plan: Plan, urgency: str, id: str = "en") -> dict[str, str]:
    """Window -> the signs of one urgency."""
    (call,) = (call for call in sheet(plan, language(id)).calls if call.urgency == urgency)
    return {watch.window: " ".join(watch.signs) for watch in call.watches}


def test_what_to_do_stands_over_each_box_the_most_urgent_first() -> None:
    assert [(call.urgency, call.act) for call in sheet(plans.apixaban()).calls] == [
        ("emergency", "Call 911 or your local emergency number now. Do not drive yourself."),
        ("same-day", "Call us the same day, at any hour. No answer? Go to the emergency room."),
        ("next-day", "Call us within 24 hours."),
    ]


EMERGENCY = (
    "arm or leg is newly weak or numb", "seat is numb", "new, very bad back pain", "cannot pass or hold urine or stool",
    "cannot speak or see", "one side of your face or body", "headache changes",
)  # fmt: skip
CLOT = ("chest hurts", "short of breath", "One leg swells up", "face droops")
SAME_DAY = ("fever", "chills", "wound or needle site is red", "neck is stiff", "confused", "back hurts more and more")
STEROID = ("you have diabetes, and your sugar stays very high", "very thirsty", "very weak all over", "dizzy")


@EVERY
def test_the_dangers_of_a_needle_at_the_spine_are_on_every_sheet_of_one(name: str) -> None:
    plan = plans.PLANS[name]()
    urgent, today = " ".join(told(plan, "emergency").values()), " ".join(told(plan, "same-day").values())
    spinal = [words for words in EMERGENCY if words != "headache changes" or plan.request.therapy != BLOCK.therapy]
    assert [words for words in (*spinal, *CLOT) if words not in urgent] == []
    assert [words for words in SAME_DAY if words not in today] == []


def test_a_sign_of_a_bleed_counts_longer_with_a_blood_thinner_or_an_unknown_list() -> None:
    sign = LISTS.red_flags["hematoma"].patient
    assert sign == LISTS.red_flags["hematoma-on-antithrombotics"].patient
    assert told(without_drugs(LUMBAR), "emergency")["For 72 hours after your visit"] == sign
    for plan in (
        knowing(plans.apixaban(), frozenset()),
        knowing(without_drugs(LUMBAR), frozenset({"p2y12-inhibitor"}), request=LUMBAR),
        knowing(without_drugs(LUMBAR), None, request=LUMBAR),
        replace(without_drugs(LUMBAR), after=None),
    ):
        assert told(plan, "emergency")["For 7 days after your visit"] == sign
        assert text(sheet(plan)).count("seat is numb") == 1


def test_a_clot_is_looked_for_while_a_drug_is_or_may_be_held() -> None:
    window = "While a blood thinner is stopped, and for 30 days after you start it again"
    for plan in (knowing(plans.apixaban(), frozenset()), knowing(without_drugs(LUMBAR), None)):
        assert all(words in told(plan, "emergency")[window] for words in CLOT)
    assert window not in told(without_drugs(LUMBAR), "emergency")


def test_a_blood_thinner_that_surely_goes_on_has_no_clot_of_a_hold() -> None:
    plan = knowing(with_drug(plans.apixaban(), decision="proceed_no_hold", stop_at=None, last_dose=None), frozenset())
    bleed, clot = "For 7 days after your visit", "While a blood thinner is stopped"
    said = words_of(sheet(plan))
    assert bleed in said
    assert clot not in said
    two = (plan.active.drugs[0], replace(plans.apixaban().active.drugs[0], drug="rivaroxaban"))
    may_be_held = (
        replace(plan, final=False),
        with_drug(plan, final=False),
        with_drug(plan, decision="shared_decision_required"),
        replace(plan, active=replace(plan.active, drugs=two)),
        knowing(plan, frozenset({"p2y12-inhibitor"})),
        knowing(plan, None),
    )
    for other in may_be_held:
        assert clot in words_of(sheet(other))


def test_signs_of_steroid_only_where_it_is_or_may_be_given() -> None:
    with_steroid = told(without_drugs(LUMBAR), "same-day")
    assert with_steroid["For 14 days after your visit"] == LISTS.red_flags["hyperglycemia"].patient
    assert LISTS.red_flags["adrenal-insufficiency"].patient in with_steroid["For 90 days after your visit"]
    assert not flags(without_drugs(BLOCK)) & {"hyperglycemia", "adrenal-insufficiency"}
    assert {"hyperglycemia", "adrenal-insufficiency"} <= flags(without_drugs(replace(BLOCK, agents=())))
    said = " ".join(with_steroid.values()).lower()
    assert [words for words in STEROID if words.lower() not in said] == []


def test_the_headache_of_a_puncture_only_after_a_needle_at_the_dura() -> None:
    assert told(without_drugs(LUMBAR), "next-day") == {
        "For 14 days after your visit": LISTS.red_flags["post-dural-headache"].patient
    }
    assert "when you sit or stand" in LISTS.red_flags["post-dural-headache"].patient
    assert [call.urgency for call in sheet(without_drugs(BLOCK)).calls] == ["emergency", "same-day"]


def test_the_lung_only_after_a_needle_at_the_trunk_or_an_unknown_place() -> None:
    assert "pneumothorax" not in flags(without_drugs(LUMBAR))
    assert "pneumothorax" in flags(without_drugs(replace(LUMBAR, region="thoracic")))
    assert "pneumothorax" in flags(without_drugs(replace(LUMBAR, region=None)))


@pytest.mark.parametrize("therapy", ["pump-refill", "pump-revision"])
def test_a_pump_that_stops_is_an_emergency_at_any_time(therapy: str) -> None:
    urgent = told(without_drugs(Request(id="R-1", therapy=therapy)), "emergency")
    assert "empty or stops, or you feel withdrawal" in urgent["At any time"]
    assert urgent["For 72 hours after your pump is filled"] == LISTS.red_flags["pump-refill"].patient


def test_signs_of_a_device_only_where_there_is_one() -> None:
    assert "hear an alarm" in told(plans.trial(), "same-day")["At any time"]
    for plan in (plans.apixaban(), without_drugs(LUMBAR)):
        assert "hear an alarm" not in words_of(sheet(plan))
    assert "device" in flags(without_drugs(replace(LUMBAR, therapy=None)))
    assert not flags(without_drugs(LUMBAR)) & {"device", "baclofen-withdrawal", "pump-refill"}


def test_no_box_and_no_heading_without_signs() -> None:
    assert sheet(without_drugs(Request(id="R-1", therapy="physical-therapy"))).calls == ()


@pytest.mark.parametrize(
    ("anchor", "unit", "amount", "english", "spanish"),
    [
        ("procedure", "hours", 2, "For 2 hours after your visit", "Durante 2 horas después de su cita"),
        ("procedure", "days", 90, "For 90 days after your visit", "Durante 90 días después de su cita"),
        ("refill", "weeks", 3, "For 3 weeks after your pump is filled", "Durante 3 semanas después de llenar su bomba"),
        ("hold-start", "months", 2, "For 2 months after you stop a blood thinner", "Durante 2 meses después de dejar"),
        ("restart", "days", 30, "and for 30 days after you start it again", "durante 30 días después de volver"),
    ],
)
def test_windows_in_words(anchor: Any, unit: Any, amount: int, english: str, spanish: str) -> None:
    window = Window(
        start=Moment(anchor="procedure", offset=Duration(Decimal(1), "days")),
        end=Moment(anchor=anchor, offset=Duration(Decimal(amount), unit)),
    )
    assert english in window_words(window, EN)
    assert spanish in window_words(window, ES)


@TOLD
def test_every_window_of_the_list_can_be_said(id: str) -> None:
    found = {flag.id: window_words(flag.window, language(id)) for flag in LISTS.red_flags.values()}
    any_time = {"en": "At any time", "es": "En cualquier momento"}[id]
    assert {flag for flag, words in found.items() if words == any_time} == {"device", "baclofen-withdrawal"}
    lengths = [flag.window.end.offset for flag in LISTS.red_flags.values() if flag.window.end is not None]
    assert all(length is not None and length.amount > 1 for length in lengths), "one day would be said as `1 days`"


def test_same_words_of_other_anchors_or_urgencies_stay_apart() -> None:
    first, pump = LISTS.red_flags["hematoma"], LISTS.red_flags["pump-refill"]
    same = replace(EN, checklists={**EN.checklists, "red_flags.pump-refill.patient": first.patient})
    assert [len(call.watches) for call in calls((first, pump), same)] == [2]
    apart = replace(pump, urgency="same-day")
    assert [call.urgency for call in calls((first, apart), same)] == ["emergency", "same-day"]
    longer = LISTS.red_flags["hematoma-on-antithrombotics"]
    assert calls((first, longer), EN) == calls((longer, first), EN)


def day(plan: Plan) -> tuple[str, ...]:
    made = sheet(plan).day
    assert made is not None
    return made.sentences


def asks(*ids: str) -> tuple[str, ...]:
    return tuple(LISTS.questions[id].ask for id in ids)


def test_the_questions_of_the_day_are_those_of_the_list_in_its_order() -> None:
    always = ("infection", "fever", "antibiotics", "pregnancy")
    assert day(knowing(plans.apixaban(), frozenset(), request=LUMBAR)) == asks(
        *always, "last-dose", "glucose-today", "blood-pressure-today", "driver", "consent"
    )
    assert day(without_drugs(BLOCK)) == asks(*always, "blood-pressure-today", "driver", "consent")
    assert day(replace(without_drugs(BLOCK), after=None)) == asks(
        *always, "last-dose", "blood-pressure-today", "driver", "consent"
    )
    assert asks("fasting")[0] in day(without_drugs(replace(BLOCK, sedation=None)))
    assert "Bring this sheet and all your medicines, also new ones." in words_of(sheet(plans.apixaban()))


def test_once_it_is_done_nothing_is_asked_for_the_day() -> None:
    made = sheet(replace(plans.apixaban(), done=True))
    assert made.day is None
    said = words_of(made)
    assert "On the day" not in said
    assert "Bring this sheet" not in said
    assert "Call 911" in said


def test_the_sources_of_what_is_shown_stand_at_the_foot() -> None:
    foot = sheet(without_drugs(BLOCK)).foot[-1]
    assert foot == "Sources of the signs: ESI-DEFICIT-2012, FDA-DSC-2014, NECC-2015."


def test_a_translation_holds_every_sentence_that_a_sheet_can_show() -> None:
    every = patient_texts(LISTS)
    assert EN.checklists == sheet_texts(LISTS)
    assert EN.checklists.items() <= every.items()
    assert ES.checklists.keys() == EN.checklists.keys()
    assert len(ES.checklists) == 13 + 3 + 10
    untranslated = [key for key, said in ES.checklists.items() if said == EN.checklists[key]]
    assert untranslated == []
    for key, said in ES.checklists.items():
        assert re.findall(r"[0-9.]+[0-9]|[0-9]", said) == re.findall(r"[0-9.]+[0-9]|[0-9]", EN.checklists[key]), key


def test_the_original_has_the_sentences_of_the_checklists_and_none_of_its_own() -> None:
    with pytest.raises(KnowledgeError, match="'checklists' is not known here"):
        load_language(written("en", "version: 1", "version: 1\nchecklists: {red_flags.acts.next-day: Wait.}"))


@TOLD
def test_what_the_needle_bled_is_said_once_in_every_language(id: str) -> None:
    said = language(id).checklists
    assert said["red_flags.hematoma.patient"] == said["red_flags.hematoma-on-antithrombotics.patient"]
