"""The letter, and the pages as PDF: one page each, the same bytes, every word of a chart as it was written."""

from __future__ import annotations

import io
import sys
from datetime import date

import plans
import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from test_plan_text import hostile

from levamen.emit.language.pack import language
from levamen.emit.plan.letter import letters, text
from levamen.emit.plan.pdf import clinic_pdf, letter_pdf, sheet_pdf
from levamen.emit.plan.sheet import sheet
from levamen.emit.plan.strip import strip
from levamen.emit.terminal import Look
from levamen.knowledge.checklists import packaged_checklists
from levamen.pathway.checklists import questions_for
from levamen.pathway.periprocedural.answers import Plan
from levamen.record.facts import Request
from levamen.record.timeline import When
from levamen.text.tree import UnusableInput

EVERY = pytest.mark.parametrize("name", plans.PLANS)


def read(data: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(data))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def letter_of(plan: Plan) -> str:
    return " ".join(text(letters(plan, plans.record(plan)), look=Look(80)).split())


# ------------------------------------------------------------------ the letter


def test_the_letter_asks_for_agreement_and_orders_nothing() -> None:
    said = letter_of(plans.warfarin())
    assert "To: Dr Stone, primary care" in said
    assert "Warfarin: do you agree to hold it and to restart it as proposed?" in said
    assert "Last dose: Wed 08 Apr 2026, 18:00" in said
    assert "No dose after: Thu 09 Apr 2026, 08:30" in said
    assert "First dose again: Wed 15 Apr 2026, 18:00" in said
    assert "[ ] I agree to hold and to restart as proposed" in said
    assert "[ ] It must not be stopped" in said
    assert "We stop nothing, and tell the patient to stop nothing, before your answer." in said
    assert "9 serious events, 2 of them deaths, followed 2,296 procedures" in said
    assert "followed 4,766 for which it was continued. ENDRES-2017, abstract." in said
    assert "Patient: synthetic-okafor" in said
    assert "Bleeding class: high." in said


def test_dose_times_and_indication_are_those_of_the_chart() -> None:
    assert "On record: 5 mg, at 08:00 and 20:00 Indication: Atrial fibrillation or flutter" in letter_of(
        plans.apixaban()
    )
    said = letter_of(plans.warfarin())
    assert "none on the medication; on the problem list: Atrial fibrillation or flutter" in said
    assert "Indication: none on record: please tell us" in letter_of(plans.shared())


def test_a_recorded_last_dose_is_told_in_the_patients_time() -> None:
    plan = plans.apixaban()
    chart = plans.record(plan)
    at = plans.local(plans.NEW_YORK, 2026, 3, 9, 20, 0)
    taken = replace(chart, facts=(replace(chart.facts[0], last_dose=When(date(2026, 3, 9), date(2026, 3, 9), at)),))
    said = " ".join(text(letters(plan, taken), look=Look(80)).split())
    assert "last dose recorded Mon 09 Mar 2026, 20:00" in said


def test_other_guidelines_stand_in_the_letter_with_their_sources() -> None:
    said = letter_of(plans.apixaban())
    assert "Another guideline: ASIPP 2024 (class low): hold, 1 day, last dose Mon 23 Mar 2026, 08:00" in said
    assert "PATHWAY-ASIPP, 2024-25, drug table, read in a secondary source" in said


def test_a_shared_decision_and_a_deferral_propose_no_time() -> None:
    said = letter_of(plans.shared())
    assert "Rivaroxaban: is it held or continued?" in said
    assert "[ ] Continue it" in said
    for name in ("shared", "stent", "creatinine"):
        told = letter_of(plans.PLANS[name]())
        assert "No time is proposed" in told
        assert "No dose after:" not in told
        assert "do you agree to hold it and to restart" not in told


def test_what_is_agreed_is_not_asked_again() -> None:
    said = letter_of(plans.apixaban())
    assert "Apixaban: held, as you agreed." in said
    assert "[ ]" not in said
    assert "Signature" not in said


def test_a_dose_too_late_asks_about_a_later_day() -> None:
    plan = plans.warfarin()
    drug = replace(
        plan.active.drugs[0],
        decision="defer",
        stop_at=None,
        last_dose=None,
        first_dose=None,
        restart_from=None,
        earliest_procedure=plans.local(plans.NEW_YORK, 2026, 4, 16, 18, 0),
    )
    said = letter_of(replace(plan, active=replace(plan.active, drugs=(drug,))))
    assert "for one not before Thu 16 Apr 2026, 18:00?" in said


def test_without_an_indication_it_asks_whether_and_proposes_nothing() -> None:
    plan = plans.stent()
    drug = replace(plan.active.drugs[0], decision="do_not_hold_without_prescriber", hold=None)
    said = letter_of(replace(plan, active=replace(plan.active, drugs=(drug,))))
    assert "Clopidogrel: may it be held for this procedure? No time is proposed, and nothing is held without" in said
    assert "No dose after" not in said


def test_a_drug_that_goes_on_is_only_told() -> None:
    plan = plans.shared()
    drug = replace(plan.active.drugs[1], notify_prescriber=True, prescriber="Dr Stone")
    said = letter_of(replace(plan, active=replace(plan.active, drugs=(drug,))))
    assert "Aspirin: for your information" in said
    assert "Aspirin: it is not held for this procedure." in said
    assert "Holding can harm" not in said
    assert "[ ]" not in said


def test_each_prescriber_gets_an_own_letter() -> None:
    plan = plans.stent()
    first, second = plan.active.drugs
    two = replace(plan, active=replace(plan.active, drugs=(first, replace(second, prescriber="Dr Stone"))))
    made = letters(two, plans.record(two))
    assert [letter.to for letter in made] == ["Dr Romero, cardiology", "Dr Stone"]
    assert [[asked.drug for asked in letter.drugs] for letter in made] == [["Clopidogrel"], ["Aspirin"]]
    assert len(read(letter_pdf(made, two))[0].pages) == 2


def test_no_question_no_letter() -> None:
    plan = plans.shared()
    aspirin = replace(plan, active=replace(plan.active, drugs=(plan.active.drugs[1],)))
    with pytest.raises(UnusableInput, match="asks nothing of a prescriber"):
        letters(aspirin, plans.record(aspirin))


# ------------------------------------------------------------------ PDF


def pages(plan: Plan) -> dict[str, bytes]:
    return {
        "clinic": clinic_pdf(plan),
        "letter": letter_pdf(letters(plan, plans.record(plan)), plan),
        "sheet": sheet_pdf(sheet(plan), plan),
        "hoja": sheet_pdf(sheet(plan, language("es")), plan),
    }


@EVERY
def test_each_is_one_tagged_page_in_its_language_and_the_same_bytes(name: str) -> None:
    plan = plans.PLANS[name]()
    again = pages(plans.PLANS[name]())
    for kind, data in pages(plan).items():
        assert data == again[kind], kind
        reader, said = read(data)
        assert len(reader.pages) == 1, kind
        root = reader.trailer["/Root"]
        assert str(root["/MarkInfo"]["/Marked"]) == "True"
        assert root["/Lang"] == ("es" if kind == "hoja" else "en")
        assert b"pdfuaid" in data, kind
        assert plan.patient in said


def test_the_date_in_the_file_is_the_plans() -> None:
    reader, _ = read(clinic_pdf(plans.apixaban()))
    assert reader.metadata is not None
    assert str(reader.metadata["/CreationDate"]).startswith("D:20260310")


def test_the_clinics_page_has_the_times_and_its_sources() -> None:
    _, said = read(clinic_pdf(plans.apixaban()))
    for words in (
        "Sat 21 Mar 2026, 08:00",
        "Sat 21 Mar 2026, 10:00",
        "Wed 25 Mar 2026, 20:00",
        "adopted by the clinic",
    ):
        assert words in said
    assert "Final." in said
    _, unsettled = read(clinic_pdf(plans.warfarin()))
    assert "Not final: nobody stops a drug on it." in unsettled


@pytest.mark.parametrize("name", ["warfarin", "stent", "shared", "creatinine"])
def test_the_sheet_that_is_not_final_has_no_stop(name: str) -> None:
    _, said = read(sheet_pdf(sheet(plans.PLANS[name]()), plans.PLANS[name]()))
    assert "Wait for our call" in said
    assert "Last dose:" not in said
    assert "Start again" not in said


def test_a_translation_has_its_banner_on_the_page() -> None:
    _, said = read(sheet_pdf(sheet(plans.apixaban(), language("es")), plans.apixaban()))
    assert "Traducción no revisada por un clínico" in said
    assert "Translation not reviewed by a clinician" in said


def test_many_drugs_still_fit_one_sheet() -> None:
    plan = plans.apixaban()
    drugs = tuple(
        replace(plan.active.drugs[0], drug=name, medication=f"med-{name}")
        for name in ("apixaban", "aspirin", "naproxen", "sertraline", "fish-oil", "garlic")
    )
    many = replace(plan, active=replace(plan.active, drugs=drugs))
    for id in ("en", "es"):
        reader, said = read(sheet_pdf(sheet(many, language(id)), many))
        assert len(reader.pages) == 1
        assert "Naproxen" in said


@pytest.mark.parametrize("id", ["en", "es"])
@pytest.mark.parametrize("kind", ["nothing known", "pump", "done", "deferred"])
def test_every_red_flag_and_question_still_fits_one_sheet(kind: str, id: str) -> None:
    plan = {
        "nothing known": replace(plans.warfarin(), request=Request(id="R-1")),
        "pump": replace(plans.stent(), request=Request(id="R-1", therapy="pump-revision", region="thoracic")),
        "done": replace(plans.trial(), done=True),
        "deferred": plans.stent(),
    }[kind]
    made = sheet(plan, language(id))
    if kind == "nothing known":
        flags, asked = packaged_checklists().red_flags, questions_for(plan.request, due="day")
        assert sum(len(watch.signs) for call in made.calls for watch in call.watches) == len(flags) - 1
        assert made.day is not None
        assert len(made.day.sentences) == len(asked) == 10
    reader, said = read(sheet_pdf(made, plan))
    assert len(reader.pages) == 1
    for call in made.calls:
        assert call.act in said
        for watch in call.watches:
            assert f"{watch.window}:" in said
            assert all(sign in said for sign in watch.signs)
    assert (made.bring in said) == (kind != "done")


def test_a_crowded_plan_is_brief_and_still_one_page() -> None:
    """Five drugs, three profiles, thirty hazards of which nobody knows: titles stay, what they would mean does not."""
    plan = plans.apixaban()
    names = ("apixaban", "aspirin", "naproxen", "sertraline", "fish-oil")
    drugs = tuple(replace(plan.active.drugs[0], drug=name, medication=f"med-{name}") for name in names)
    other = replace(plan.others[0], drugs=drugs)
    unknown = tuple(
        plans.guard(f"guard-{index}", f"Hazard {index}", "choose another way, " * 6, fires=False, verdict="unknown")
        for index in range(30)
    )
    crowded = replace(
        plan, active=replace(plan.active, drugs=drugs), others=(other, other, other), guards=unknown, final=False
    )
    reader, said = read(clinic_pdf(crowded))
    assert len(reader.pages) == 1
    assert "This page is in brief" in said
    assert "Hazard 29" in said
    assert "choose another way" not in said
    _, roomy = read(clinic_pdf(plan))
    assert "in brief" not in roomy


def test_what_does_not_fit_goes_on_to_a_second_page_and_is_not_lost() -> None:
    plan = plans.apixaban()
    notes = tuple(f"note {index} " + "that is long " * 12 for index in range(80))
    reader, said = read(clinic_pdf(replace(plan, notes=notes)))
    assert len(reader.pages) > 1
    assert "Note 79" in said


def test_a_hostile_note_is_set_as_it_is_written() -> None:
    plan = hostile(plans.apixaban())
    for data in (clinic_pdf(plan), letter_pdf(letters(plan, plans.record(plan)), plan), sheet_pdf(sheet(plan), plan)):
        reader, said = read(data)
        assert len(reader.pages) == 1
        assert '#eval("1") *b* $x$ \\ [c] `d` @e <f>' in said


def test_the_strip_counts_elapsed_time() -> None:
    """Sat to Wed with the night the clocks go back is 121 hours; the hold is 72 of them, the bar from 11:00."""
    drawn = strip(plans.superseding())
    assert drawn is not None
    assert [day.label for day in drawn.days] == ["Sat 31", "Sun 01", "Mon 02", "Tue 03", "Wed 04"]
    hold = drawn.rows[0].bars[0]
    assert hold.start == round(11 / 121, 5)
    assert hold.end == drawn.start == round(83 / 121, 5)
    assert strip(plans.stent()) is None


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UnusableInput, match=r"levamen\[pdf\]"):
        clinic_pdf(plans.apixaban())
