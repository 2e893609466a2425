"""One patient, from the letter of his doctor to relief: every flow of the clinic, in one browser, by keyboard alone.

Ruben Castellano, 68, carried mail for thirty-four years. His right low back has hurt since June 2025, worst when he
stands and sorts. He has Medicare, takes apixaban, and wants to walk his old route again. Nothing here is pointed at or
clicked: each control is reached with Tab, or by a key that its page says.
"""

from __future__ import annotations

from collections.abc import Callable

from desk import Clinic, consider, the_operator_signs, the_room
from keyboard import choose, follow, keys, pick, press, send, tab_to, tick, write
from playwright.sync_api import Page, expect
from procedure_room import answer
from running_clinic import Running

PATIENT = "CASTELLANO, Ruben"
BLOCK = "Medial branch block L4-5, L5-S1 right"
ABLATION = "Medial branch radiofrequency ablation L4-5, L5-S1 right"


def test_one_patient_from_the_letter_to_relief(
    page: Page, running: Running, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    clinic = Clinic(page, running, accessible, PATIENT, "nalvarez")
    running.manage("worker", "--once")
    he_is_referred(clinic)
    his_history_is_taken(clinic)
    clinic.day("2026-03-16T09:00")
    what_could_be_done(clinic)
    they_decide_together(clinic)
    a_second_physician_signs(clinic)
    medicare_is_asked(clinic)
    a_slot_is_found(clinic)
    clinic.day("2026-03-18T09:00")
    his_cardiologist_answers(clinic)
    clinic.day("2026-03-23T09:00")
    he_is_prepared(clinic)
    clinic.day("2026-03-24T07:30")
    the_block_is_done(clinic)
    clinic.day("2026-03-24T15:00")
    the_test_was_positive(clinic, "03242026", (("0830AM", "1"), ("0915AM", "1"), ("1130AM", "5")))
    clinic.day("2026-03-25T10:00")
    nothing_dangerous(clinic)
    a_second_block(clinic)
    clinic.day("2026-03-31T10:00")
    nothing_dangerous(clinic)
    clinic.day("2026-04-07T09:00")
    two_weeks_have_passed(clinic)
    the_second_block_is_planned(clinic)
    clinic.day("2026-04-14T07:30")
    the_second_block_is_done(clinic)
    clinic.day("2026-04-14T17:00")
    the_test_was_positive(clinic, "04142026", (("0830AM", "1"), ("1230PM", "1"), ("0430PM", "4")))
    clinic.day("2026-04-15T10:00")
    nothing_dangerous(clinic)
    the_ablation_is_met(clinic)
    clinic.day("2026-04-28T07:30")
    the_ablation_is_done(clinic)
    clinic.day("2026-05-05T10:00")
    nothing_dangerous(clinic)
    clinic.day("2026-05-12T10:00")
    two_weeks_after(clinic)
    he_is_sent_to_physical_therapy(clinic)


def he_is_referred(clinic: Clinic) -> None:
    """Flow a. A letter is typed, warning signs are asked about, Dr Patel decides, and the letter back says why."""
    page = clinic.page
    clinic.sign_in("lbauer")
    follow(page, "Referrals", exact=True)
    clinic.accessible()
    follow(page, "Write a referral down")
    clinic.accessible()
    for label, text in (
        ("Family name", "Castellano"), ("Given names", "Ruben"), ("Record number (MRN)", "004 118 7301"),
        ("Born if known", "1957-11-02"), ("Telephone", "555-0173"),
        ("Who refers", "Dr Helen Marsh, family medicine"),
        ("What is asked", "Right low back pain since June, worse on standing. Would a block help?"),
        ("Letter’s date", "2026-03-05"),
    ):  # fmt: skip
        write(page, clinic.field(label), text)
    pick(page, clinic.field("Sex if known"), "Male")
    pick(page, clinic.field("Kind of payer"), "Original")
    pick(page, clinic.field("Urgency by the letter"), "Routine")
    pick(page, clinic.field("Who decides on it"), "Dr Anj")
    send(page, "Write it down")
    assert "nobody asked about them. Not asked is not no." in clinic.said()
    clinic.accessible()
    send(page, "None of them")
    assert "No warning sign: they were asked about." in clinic.said()

    clinic.sign_in("apatel")
    follow(page, "Referrals", exact=True)
    follow(page, PATIENT)
    choose(page, clinic.field("Accept", exact=True))
    write(page, clinic.field("Why"), "Nine months of axial pain after physical therapy: we see him for facet pain.")
    for label, name in (("Physician if", "Dr Anj"), ("Nurse if", "Nora"), ("Coordinator if", "Leah")):
        pick(page, clinic.field(label), name)
    write(page, clinic.field("Next step if known"), "first visit")
    write(page, clinic.field("By if known"), "03162026")
    send(page, "Decide, and make the letter back")
    letter = page.locator("article").inner_text()
    assert "5 Mar 2026" in letter.split("Your letter of", 1)[1].split("Ruben", 1)[0], "his doctor’s own date"
    assert "Why: Nine months of axial pain" in letter
    assert "First visit" in letter
    clinic.accessible()


def his_history_is_taken(clinic: Clinic) -> None:
    """Flow b. History, what was tried, body map, medicines, barriers, a goal; a measure scored as it is entered."""
    page = clinic.page
    clinic.opens("nalvarez", "Intake")
    assert "2 of" in clinic.said()
    clinic.accessible()

    follow(page, "Go on with: Where")
    pick(page, page.locator("[name='a.pain-site']"), "Low back")
    choose(page, page.get_by_role("group", name="The side").get_by_label("Right", exact=True))
    tick(page, page.locator("#choice-back-right-low-back"))
    expect(page.get_by_text("Marked: Right side of the low back.")).to_be_visible()
    send(page, "Save, and the next page")
    write(page, clinic.field("Since when"), "2025-06")
    for name, word in (("pain-course.PN-1", "constant"), ("pain-most-days.PN-1", "yes")):
        choose(page, page.locator(f"[name='a.{name}'][value='{word}']"))
    send(page, "Save, and the next page")
    follow(page, "Leave without saving")
    follow(page, "How strong", exact=True)
    for label, score in (("Worst pain", "9"), ("Average pain", "7"), ("Pain now", "7")):
        write(page, clinic.field(f"{label} in 7 days" if label != "Pain now" else label), score)
    send(page, "Save, and the next page")
    follow(page, "Leave without saving")
    follow(page, "Safety", exact=True)
    clinic.accessible()
    for name in ("self-harm", "contrast-allergy", "latex-allergy", "implants", "diabetes", "infection-now",
                 "bleeding-risk"):  # fmt: skip
        choose(page, page.locator(f"[name='a.{name}'][value='no']"))
    send(page, "Save, and the next page")
    write(page, clinic.field("The most important activity goal"), "Walk his old mail route again, 40 minutes")
    send(page, "Save, and the next page")
    choose(page, page.locator("[name='a.has-barriers'][value='yes']"))
    press(page, page.locator("main details").filter(has=page.locator("[value=transport]")).locator("summary"))
    tick(page, page.locator("[value=transport]"))
    send(page, "Save, and the next page")

    clinic.notes(
        "problems", "Facet joint arthropathy or facet-mediated pain", region="Lumbar", side="Right", since="2025-09-03",
        status="Active", verification="Confirmed",
    )  # fmt: skip
    clinic.notes(
        "problems", "Atrial fibrillation or flutter", since="2021", status="Active", verification="Confirmed",
        **{"attributes-cha2ds2_vasc": "2", "attributes-rheumatic_valve": "No"},
    )  # fmt: skip
    clinic.accessible()
    clinic.notes(
        "findings", concept="Facet loading positive", method="Physical", date="2026-03-09", region="Lumbar",
        side="Right", present="Yes",
    )  # fmt: skip
    clinic.notes(
        "findings", concept="Nerve root compression", method="MRI", date="2025-12-04", region="Lumbar", present="No"
    )
    clinic.notes(
        "care", therapy="Physical therapy", start="2025-09-08", end="2025-11-21", sessions="12", response="Some"
    )
    clinic.notes("medications", drug="acetaminophen", dose="1000 mg", every="8 h", start="2025-07-01", response="Some")
    clinic.notes(
        "medications", drug="apixaban", dose="5 mg", every="12 h", start="2021-05-01",
        indication="atrial fibrillation", prescriber="Dr Mei Thornton, cardiology",
    )  # fmt: skip
    banner = page.get_by_role("region", name="Patient", exact=True).inner_text()
    assert "Apixaban 5 mg every 12 h" in banner
    follow(page, "Intake", exact=True)
    for name in ("Medicines", "Allergies", "Conditions", "Devices"):
        send(page, f"Reviewed today : {name}")
    press(page, page.locator("summary").filter(has_text="Fill in another"))
    follow(page, "Oswestry")
    for number in range(10):
        choose(page, page.locator("fieldset.question").nth(number).get_by_label("2", exact=True))
    expect(page.locator("#scored")).to_contain_text("Score 40.")
    clinic.accessible()
    send(page, "Save")
    assert "Score 40" in clinic.status()
    everything_is_here(clinic)


def everything_is_here(clinic: Clinic) -> None:
    """He says that nothing else was done, here or elsewhere: until the next day this closes the record."""
    follow(clinic.page, "Intake", exact=True)
    for kind, since in (("proc", "2015-01-01"), ("cons", "2024-01-01")):
        pick(clinic.page, clinic.page.locator("#complete-kind"), kind)
        write(clinic.page, clinic.page.locator("#complete-from"), since)
        send(clinic.page, "is here")
        assert "everything since then is here" in clinic.status()


def what_could_be_done(clinic: Clinic) -> None:
    """Flow c. Two options cannot be judged; what is asked settles them; the ablation waits for its blocks."""
    page = clinic.page
    clinic.opens("apatel", "Overview")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Find out first: epidural steroid injection")
    clinic.accessible()
    tab_to(page, page.get_by_role("link", name="Pattern of the pain in the low back"))
    with page.expect_navigation():
        keys(page, "Enter")
    assert page.url.endswith("/record/pain/PN-1/edit"), "the pain that lacks it, not another one"
    clinic.fills(pattern="Axial", mechanism="Nocic")
    clinic.saves()
    everything_is_here(clinic)
    follow(page, "Overview", exact=True)
    board = page.get_by_role("region", name="Options board").inner_text()
    assert "Epidural steroid injection" not in board, "axial pain does not ask for an epidural"
    contractor = page.locator("a").filter(has_text="The Medicare contractor, or the state")
    if not contractor.is_visible():
        press(page, page.locator("main details").filter(has=contractor).locator("summary"))
    tab_to(page, contractor)
    with page.expect_navigation():
        keys(page, "Enter")
    assert page.url.endswith("/record/payer/PY-1/edit")
    clinic.fills(state="OH")
    clinic.saves()

    consider(clinic, "Medial branch block", "Medial branch block")
    assert "Unknown under US Medicare local coverage" in clinic.said()
    clinic.accessible()
    follow(page, "Say more exactly what is thought of")
    clinic.accessible()
    write(page, clinic.field("Joints 1"), "L4-5")
    write(page, clinic.field("Joints 2"), "L5-S1")
    clinic.fills(
        purpose="To find", guidance="Fluoro", setting="Hospital outp", sedation="None",
        **{"agents-0-drug": "lidocaine", "agents-0-concentration": "2 %", "agents-0-volume": "0.5 mL"},
    )  # fmt: skip
    clinic.saves()
    clinic.notes(
        "evaluations", kind="Recorded", date="2026-03-16", by="Pain physician", conclusion="Suitable",
        note="Moderate to severe, cannot stand to sort; no other cause; ablation follows two positive blocks",
    )  # fmt: skip
    follow(page, "Options", exact=True)
    row = clinic.reads(BLOCK)
    assert "Met" in row
    assert "Unknown: stop and ask" in row, "coverage never hides that safety is open"
    assert "Prior authorization" in row

    consider(clinic, "Medial branch radio", BLOCK)
    follow(page, "Options board")
    row = clinic.reads(ABLATION)
    assert "Not yet" in row
    assert "Advises against, strong" in row, "the dissent stands beside the verdict"
    assert "Needs medial branch block" in row
    clinic.accessible()
    send(page, "Compare")
    assert page.locator("table.compare tbody tr").count() >= 9
    clinic.accessible()

    follow(page, "Options", exact=True)
    write(page, clinic.field("As it was known on"), "03102026")
    send(page, "Replay")
    assert "Nothing can be decided from here." in clinic.said()
    assert "Epidural steroid injection" in clinic.said(), "on the 10th nobody had said yet that the pain is axial"
    clinic.accessible()


def they_decide_together(clinic: Clinic) -> None:
    """Flow d. Options, his own words, consent. Safety is open, so the page stops and asks for a reason."""
    page = clinic.page
    follow(page, "Options", exact=True)
    follow(page, BLOCK)
    keys(page, "d")
    page.wait_for_url("**/decide")
    assert page.locator("main input:checked").count() == 0, "nothing is ticked beforehand"
    clinic.accessible()
    for option in ("Medial branch block", "Physical therapy", "None of these: wait and see"):
        tick(page, clinic.field(option, exact=True))
    write(page, clinic.field("What matters to this person?"), "To walk his route; a test that helps for hours is fine")
    tick(page, clinic.field("The numbers on benefit and harm were shown"))
    choose(page, clinic.field("Go ahead with it"))
    write(page, clinic.field("Who was there?"), "patient and wife")
    choose(page, clinic.field("Yes", exact=True))
    write(page, clinic.field("Consent document and its version"), "Consent for spinal injections, version 4")
    tick(page, clinic.field("Signed now, after the talk"))
    keys(page, "Control+Enter")
    stop = page.get_by_role("dialog")
    expect(stop).to_contain_text("whether apixaban is held is decided with the prescriber")
    expect(stop.get_by_role("button", name="Go back and decide otherwise")).to_be_focused()
    clinic.accessible()
    write(
        page, stop.get_by_label("Why?"), "Apixaban goes on: a low-risk block; his cardiologist answers before the day."
    )
    pick(page, stop.get_by_label("Kind of reason"), "The benefit")
    pick(page, stop.get_by_label("Which authority"), "My own")
    send(page, "Go ahead against the stop")
    assert "It waits for the second signature." in clinic.said()
    assert "The same inputs still give the same verdicts." in clinic.said()
    clinic.accessible()


def a_second_physician_signs(clinic: Clinic) -> None:
    """The coordinator puts a second physician into the team; her list leads her to what she signs."""
    page = clinic.page
    clinic.opens("lbauer", "Team and tasks")
    follow(page, "Put somebody in")
    pick(page, page.locator("#id_member"), "Dr Fol")
    send(page, "Put into the team")
    clinic.sign_in("fadeyemi")
    follow(page, "Tasks", exact=True)
    clinic.accessible()
    follow(page, "Second signature: go ahead against a stop, Medial branch block")
    clinic.accessible()
    assert page.get_by_role("button", name="Close the task").count() == 0, "it is signed, not put away"
    follow(page, "Read it and sign")
    send(page, "Sign as the second person")
    assert "Not yet" not in clinic.said().split("Second signature", 1)[1].split("What it rested on", 1)[0]
    follow(page, "Team and tasks", exact=True)
    assert "No task is open." in clinic.said()


def medicare_is_asked(clinic: Clinic) -> None:
    """Flow e. In a hospital Medicare wants to be asked before; the packet goes out and is approved."""
    page = clinic.page
    clinic.opens("lbauer", "Authorization")
    assert "Authorization is needed. Packet complete." in clinic.said()
    clinic.accessible()
    with page.expect_download() as held:
        press(page, page.get_by_role("link", name="PDF", exact=True))
    assert held.value.path().read_bytes().startswith(b"%PDF-")
    write(page, clinic.field("CPT or HCPCS numbers"), "64493, 64494")
    send(page, "Prepare the packet")
    write(page, clinic.field("By which way?"), "portal of the contractor")
    send(page, "Write down that it was submitted")
    assert "Submitted; the payer has not answered." in clinic.said()
    write(page, clinic.field("Number of the authorization"), "CGS-26-4410")
    write(page, clinic.field("First day it covers"), "03232026")
    write(page, clinic.field("Last day it covers"), "07202026")
    send(page, "Write down the approval")
    assert "Approved to 20 Jul 2026, number CGS-26-4410." in clinic.said()
    clinic.accessible()


def a_slot_is_found(clinic: Clinic) -> None:
    """Flow f. A free slot with somebody who may do it; the plan asks the cardiologist and stops nothing meanwhile."""
    page = clinic.page
    follow(page, "Options", exact=True)
    follow(page, BLOCK)
    follow(page, "Plan it")
    clinic.accessible()
    book(clinic, "03242026", "2026-03-24T08:00")
    assert "Tue 24 Mar 2026, 08:00, 30 min, Hospital 3, Dr Anjali Patel" in clinic.said()
    assert "nobody stops a drug on it" in clinic.said()
    clinic.accessible()
    clinic.opens("nalvarez", "Plan and holds")
    clinic.accessible()
    follow(page, "Medial branch block")
    keys(page, "p")
    page.wait_for_url("**/sheet")
    assert "locked until the prescriber agrees" in page.get_by_role("heading", level=1).inner_text()
    page.go_back()
    page.wait_for_url("**/plans/R-1")
    follow(page, "Letter to ask")
    assert "We stop nothing, and tell the patient to stop nothing, before your answer." in clinic.said()
    clinic.accessible()
    send(page, "Note as sent today")
    assert "Noted as sent" in clinic.status()


def book(clinic: Clinic, day: str, slot: str) -> None:
    """The first free slot of a day is taken; the focus stands on it."""
    page = clinic.page
    keys(page, "s")
    page.wait_for_url("**/slot")
    assert "no privilege for this" in page.get_by_label("Operator").inner_text()
    clinic.accessible()
    write(page, clinic.field("From", exact=True), day)
    with page.expect_navigation():
        keys(page, "Enter")
    assert page.evaluate("document.activeElement.value").startswith(slot)
    keys(page, "Space")
    clinic.saves()
    assert "Booked" in clinic.status()


def his_cardiologist_answers(clinic: Clinic) -> None:
    """Keep taking it. What safety says changes with the answer, and the sheet opens."""
    page = clinic.page
    clinic.opens("nalvarez", "Plan and holds")
    assert "Answer awaited" in clinic.said()
    follow(page, "Medial branch block")
    keys(page, "r", "ArrowDown")
    assert page.evaluate("document.activeElement.value") == "continue"
    clinic.saves()
    assert "Must not be stopped: keep taking it" in clinic.status()
    assert "Safety: Caution." in clinic.said()
    assert "the prescriber's answer is on file: to go on with it" in clinic.said()
    keys(page, "p")
    page.wait_for_url("**/sheet")
    assert "Do not stop any medicine on your own." in clinic.said()
    assert "L4-5, L5-S1, right side" in clinic.said()
    clinic.accessible()
    keys(page, "g")
    expect(page.get_by_text("is noted as given.")).to_be_visible()


def he_is_prepared(clinic: Clinic) -> None:
    """The day before. A week has passed: whether anything was done elsewhere is asked again, and the calendar sent."""
    page = clinic.page
    clinic.opens("nalvarez", "Options")
    assert "Unknown" in clinic.reads(BLOCK), "what was complete a week ago is not known to be complete today"
    everything_is_here(clinic)
    follow(page, "Options", exact=True)
    assert "Met" in clinic.reads(BLOCK)
    follow(page, "Plan and holds", exact=True)
    follow(page, "Medial branch block")
    press(page, page.locator("summary").filter(has_text="Record the preparation call"))
    for name, word in (("driver", "yes"), ("new_medicines", "no"), ("infection", "no"), ("last_dose", "nothing held")):
        choose(page, page.locator(f"[name={name}][value='{word}']"))
    clinic.saves()
    assert "The call is recorded." in clinic.status()
    with page.expect_download() as held:
        press(page, page.get_by_role("link", name="Calendar file"))
    calendar = held.value.path().read_text()
    assert "DTSTART:20260324T120000Z" in calendar, "eight in the morning in Ohio"
    assert "Castellano" not in calendar


def the_block_is_done(clinic: Clinic) -> None:
    """Flow g. The right side is read aloud, two people hold the pause, the operator signs, he goes home."""
    the_room(clinic, "03242026", "apatel")
    note = the_operator_signs(clinic)
    assert "LEVELS AND SIDE: L4-5 and L5-S1, right" in note
    assert "Lidocaine 2 % × 0.5 mL = 10 mg" in note
    clinic.day("2026-03-24T09:30")
    he_goes_home(clinic)
    follow(clinic.page, "Follow-up", exact=True)
    assert "24-hour call" in clinic.said()
    assert "Wed 25 Mar 2026" in clinic.said(), "the call is on somebody’s list before he is out of the door"
    assert "Relief was not measured yet." in clinic.said()


def he_goes_home(clinic: Clinic) -> None:
    """Every criterion is asked of him; the last is that the observation time is over."""
    page = clinic.page
    clinic.opens("nalvarez", "Day and record")
    follow(page, "Recovery")
    assert "Not yet" in clinic.said()
    clinic.accessible()
    for item in [row.get_attribute("data-item") for row in page.locator(".item[data-open]").all()]:
        row = page.locator(f'.item[data-item="{item}"]')
        answer(page, str(item), "Holds", "as before" if row.locator("input[name=said]").count() else "")
    send(page, "Goes home")
    assert "went home" in clinic.status()
    clinic.accessible()


def the_test_was_positive(clinic: Clinic, day: str, told: tuple[tuple[str, str], ...]) -> None:
    """Flow h. His diary by telephone, and each authority's own answer."""
    page = clinic.page
    clinic.opens("nalvarez", "Follow-up")
    clinic.accessible()
    follow(page, "Block diary")
    clinic.accessible()
    choose(page, clinic.field("Told by telephone now"))
    for line, (hour, pain) in enumerate(told, start=1):
        clinic.moment(clinic.field(f"When, line {line}"), day, hour)
        write(page, clinic.field(f"Pain, line {line}"), pain)
    clinic.saves()
    assert "Saved: 3 answers." in clinic.status()
    assert "Best relief 85.71 %" in clinic.said(), "from 7 to 1"
    rules = page.get_by_role("region", name="By whose rule")
    assert "Met" in rules.get_by_role("row").filter(has_text="US Medicare local coverage").inner_text()
    open_ = rules.get_by_role("row").filter(has_text="Consensus practice guidelines").inner_text()
    assert "Unknown" in open_, "a value that awaits confirmation permits nothing"


def nothing_dangerous(clinic: Clinic) -> None:
    """Every call that is due, by its own keys: no sign, pain as it is now, and what is next."""
    page = clinic.page
    clinic.opens("nalvarez", "Follow-up")
    assert page.locator("[data-key=c]").count(), "a call is due"
    while page.locator("[data-key=c]").count():
        keys(page, "c")
        page.wait_for_url("**/call/*")
        page.wait_for_load_state("networkidle")
        clinic.accessible()
        questions = page.locator("[data-question]")
        for kind in [questions.nth(place).get_attribute("data-question") for place in range(questions.count())]:
            keys(page, {"scale": "3", "next": "y", "restart": "s"}.get(str(kind), "n"))
        page.get_by_text("Kept").wait_for()
        keys(page, "Control+Enter")
        page.wait_for_url("**/follow-up")
        assert "is finished" in clinic.status()


def a_second_block(clinic: Clinic) -> None:
    """The day after the first: two weeks must pass, and the board says until when. Then it is met."""
    page = clinic.page
    clinic.opens("apatel")
    everything_is_here(clinic)
    follow(page, "Options", exact=True)
    assert "Needs medial branch block" in clinic.reads(ABLATION), "one block is not two"
    consider(clinic, "Medial branch block", ABLATION)
    follow(page, "Say more exactly what is thought of")
    clinic.fills(
        purpose="To find", guidance="Fluoro", setting="Hospital outp", sedation="None",
        **{"agents-0-drug": "bupivacaine", "agents-0-concentration": "0.5 %", "agents-0-volume": "0.5 mL"},
    )  # fmt: skip
    clinic.saves()
    follow(page, "Options", exact=True)
    row = clinic.reads(BLOCK)
    assert "Not yet" in row
    assert "possible from 7 Apr 2026" in row, "two weeks after Tuesday 24 March"


def two_weeks_have_passed(clinic: Clinic) -> None:
    """The same block, the same rule, another day."""
    page = clinic.page
    clinic.opens("apatel")
    everything_is_here(clinic)
    follow(page, "Options", exact=True)
    row = clinic.reads(BLOCK)
    assert "Met" in row
    assert "Not yet" not in row
    clinic.accessible()


def the_second_block_is_planned(clinic: Clinic) -> None:
    """Another slot is another question to the cardiologist."""
    page = clinic.page
    follow(page, BLOCK)
    follow(page, "Plan it")
    book(clinic, "04142026", "2026-04-14T08:00")
    keep_taking_it(clinic, BLOCK)


def keep_taking_it(clinic: Clinic, what: str) -> None:
    """The cardiologist's answer for one appointment."""
    page = clinic.page
    clinic.opens("nalvarez", "Plan and holds")
    assert "Answer awaited" in clinic.said(), "an answer for another day is not an answer for this one"
    follow(page, what)
    keys(page, "r", "ArrowDown")
    assert page.evaluate("document.activeElement.value") == "continue"
    clinic.saves()
    assert "Must not be stopped: keep taking it" in clinic.status()


def the_second_block_is_done(clinic: Clinic) -> None:
    """The same joints and the same side, with another drug."""
    clinic.opens("nalvarez")
    everything_is_here(clinic)
    the_room(clinic, "04142026", "apatel")
    note = the_operator_signs(clinic)
    assert "LEVELS AND SIDE: L4-5 and L5-S1, right" in note
    assert "Bupivacaine 0.5 %" in note
    clinic.day("2026-04-14T09:30")
    he_goes_home(clinic)


def the_ablation_is_met(clinic: Clinic) -> None:
    """Two blocks in a row: now the ablation is met, and the guideline that advises against it still stands beside it.

    Nobody has the privilege any more: Dr Adeyemi's ran out on 20 March. The clinic lead grants it again.
    """
    page = clinic.page
    clinic.opens("apatel")
    everything_is_here(clinic)
    follow(page, "Options", exact=True)
    assert "Needs medial branch block" not in clinic.reads(ABLATION)
    follow(page, ABLATION)
    follow(page, "Say more exactly what is thought of")
    clinic.fills(purpose="To treat", guidance="Fluoro", setting="Hospital outp", technique="Thermal", sedation="None")
    clinic.saves()
    follow(page, "Options", exact=True)
    row = clinic.reads(ABLATION)
    assert "Met" in row
    assert "Advises against, strong" in row
    follow(page, ABLATION)
    follow(page, "Plan it")
    keys(page, "s")
    page.wait_for_url("**/slot")
    look_for_a_slot(clinic)
    assert "expired on 20 Mar 2026. Dr Helena Wallin may grant it." in clinic.said()
    assert page.get_by_role("radio").count() == 0, "what booking would refuse is not offered"

    clinic.sign_in("hwallin")
    follow(page, "Settings", exact=True)
    follow(page, "Staff and privileges")
    clinic.accessible()
    adeyemi = page.get_by_role("row").filter(has_text="Dr Folake Adeyemi").inner_text()
    assert "Medial branch radiofrequency ablation, Fri 20 Mar 2026" in adeyemi, "what ran out stays in sight"
    follow(page, "Dr Folake Adeyemi")
    clinic.accessible()
    pick(page, page.locator("#id_grant-therapy"), "Medial branch radio")
    write(page, page.locator("#id_grant-granted"), "04142026")
    write(page, page.locator("#id_grant-expires"), "12312027")
    write(page, page.locator("#id_grant-source"), "Credentials committee, minutes of 14 April 2026")
    send(page, "Grant")
    assert "Granted to Dr Folake Adeyemi" in clinic.status()

    clinic.opens("apatel", "Plan and holds")
    tab_to(page, page.locator("a[href$='/plans/R-2/slot']"))
    with page.expect_navigation():
        keys(page, "Enter")
    look_for_a_slot(clinic)
    keys(page, "Space")
    clinic.saves()
    assert "Booked" in clinic.status()
    keep_taking_it(clinic, ABLATION)


def look_for_a_slot(clinic: Clinic) -> None:
    """The slots from Tuesday 28 April on with Dr Adeyemi; the first that is free has the focus."""
    page = clinic.page
    pick(page, page.get_by_label("Operator"), "Dr Fol")
    write(page, clinic.field("From", exact=True), "04282026")
    with page.expect_navigation():
        keys(page, "Enter")


def the_ablation_is_done(clinic: Clinic) -> None:
    """A depot steroid is given at the table: it was not planned, the note says so, and it counts from now on."""
    page = clinic.page
    clinic.opens("nalvarez")
    everything_is_here(clinic)
    assert "0 of 200 mg MPE" in page.get_by_role("region", name="Patient", exact=True).inner_text()
    the_room(clinic, "04282026", "fadeyemi")
    pick(page, page.locator("#agent-0-drug"), "Methylpred")
    write(page, page.locator("#agent-0-concentration"), "40 mg/mL")
    write(page, page.locator("#agent-0-volume"), "1 mL")
    note = the_operator_signs(clinic)
    assert "Differs from the plan: Drugs: planned none; done Methylprednisolone acetate 40 mg/mL × 1 mL = 40 mg" in note
    assert "40 of 200 mg MPE" in page.get_by_role("region", name="Patient", exact=True).inner_text()
    clinic.day("2026-04-28T09:30")
    he_goes_home(clinic)
    clinic.day("2026-04-29T10:00")
    nothing_dangerous(clinic)


def two_weeks_after(clinic: Clinic) -> None:
    """A measure is due at two weeks; what he answers decides the response, and the page says what is next."""
    page = clinic.page
    clinic.opens("nalvarez", "Follow-up")
    clinic.accessible()
    assert "Two weeks after Medial branch radiofrequency ablation" in clinic.said()
    assert "the window closes on Fri 15 May 2026" in clinic.said()
    follow(page, "Measure")
    clinic.accessible()
    choose(page, page.get_by_label("2", exact=True))
    for item in range(1, 11):
        write(page, page.locator(f"[name='odi.q{item}']"), "1")
    write(page, page.locator("[name='pgic.q1']"), "2")
    keys(page, "Tab")
    expect(page.locator("#scored")).to_contain_text("Patient Global Impression")
    clinic.saves()
    page.wait_for_url("**/follow-up/P-*")
    assert "Relief at the last score 71.42 %" in clinic.said(), "from 7 to 2"
    assert "Not yet" in clinic.said(), "two weeks are not six months"
    assert "Cannot be known before 28 Oct 2026" in clinic.said()
    clinic.accessible()
    follow(page, "Follow-up", exact=True)
    assert "One month after Medial branch radiofrequency ablation" in clinic.said()
    assert "Thu 28 May 2026" in clinic.said()


def he_is_sent_to_physical_therapy(clinic: Clinic) -> None:
    """Flow j. The weeks of relief are for moving: a referral, and its answer as a course with its dose."""
    page = clinic.page
    follow(page, "Team and tasks", exact=True)
    keys(page, "r")
    page.wait_for_url("**/team/referral")
    clinic.accessible()
    pick(page, clinic.field("What for?"), "Physical")
    write(page, clinic.field("To whom?"), "Riverside Physical Therapy")
    write(page, clinic.field("What is asked?"), "Six weeks of graded walking and extension work; his route is the goal")
    write(page, clinic.field("Answer expected by"), "06302026")
    clinic.saves()
    page.wait_for_url("**/team/referral/*")
    clinic.accessible()
    clinic.day("2026-06-24T10:00")
    clinic.opens("nalvarez", "Team and tasks")
    follow(page, "Physical therapy", exact=True)
    write(page, page.locator("#id_start"), "2026-05-14")
    write(page, clinic.field("Last visit"), "2026-06-22")
    write(page, clinic.field("Visits so far"), "11")
    pick(page, clinic.field("Result"), "adequate")
    clinic.saves()
    expect(page.get_by_text("The answer is in the record")).to_be_visible()
    follow(page, "Team and tasks", exact=True)
    assert "Answered" in clinic.said()
    assert "11 visits" in clinic.said()
    follow(page, "Record", exact=True)
    assert "Physical therapy, 11 visits" in page.locator("#care").inner_text(), "rules read it as a course"
