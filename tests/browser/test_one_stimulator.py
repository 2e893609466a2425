"""One stimulator, from its trial to an effect that was lost: flow i, in one browser, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from desk import ASKED, Clinic, consider, the_operator_signs, the_room
from keyboard import choose, follow, keys, pick, press, write
from playwright.sync_api import Page
from procedure_room import answer
from running_clinic import Running

QUIROGA = "QUIROGA, Tomás"


def test_one_stimulator_from_its_trial_to_a_lost_effect(
    page: Page, running: Running, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    """Flow i. Tomás Quiroga, 61, burning left leg after two operations: a trial, its diary, an implant, and after.

    He is a patient of the sample clinic whose trial lead is placed tomorrow. Medicare asks that the pain falls.
    """
    clinic = Clinic(page, running, accessible, QUIROGA, "tkim")
    clinic.day("2026-03-10T11:00")
    the_trial_begins(clinic)
    clinic.day("2026-03-17T09:00")
    the_trial_is_told_and_ended(clinic)
    the_implant_is_planned(clinic)
    clinic.day("2026-04-14T12:00")
    too_early_is_refused_in_words(clinic)
    the_system_is_implanted(clinic)
    clinic.day("2026-09-01T09:00")
    the_effect_is_lost_and_looked_into(clinic)


def the_trial_begins(clinic: Clinic) -> None:
    """The record of the room starts the trial, and does not end it."""
    page = clinic.page
    the_room(clinic, "03022026", "mferrara", "midline")
    note = the_operator_signs(clinic)
    assert "PROCEDURE: Spinal cord stimulation trial" in note
    clinic.tab("Devices")
    assert "Trial running, day 1" in clinic.said()
    assert "the day the lead comes out is not recorded" in clinic.said()
    clinic.accessible()
    assert page.get_by_text("No diary").count(), "nobody asked him yet"


def the_trial_is_told_and_ended(clinic: Clinic) -> None:
    """The nurse types what he told day by day; the lead comes out, and each policy judges by its own clause."""
    page = clinic.page
    clinic.opens("tkim", "Devices")
    keys(page, "d")
    page.wait_for_url("**/diary")
    clinic.accessible()
    assert clinic.field("Pain before the trial").input_value() == "8", "what is known is filled in, to be confirmed"
    for line, pain in enumerate(("7", "5", "4", "3", "3", "3", "3"), start=1):
        write(page, clinic.field(f"Pain, line {line}"), pain)
    write(page, page.locator("[id='function.odi']"), "34")
    for name, word in (
        ("coverage_adequate", "Yes"),
        ("repositioned", "No"),
        ("activity_test", "Yes"),
        ("satisfied", "Yes"),
    ):
        pick(page, page.locator(f"#{name}"), word)
    clinic.saves()
    assert "Saved: 12 answers." in clinic.status()
    assert "A trial is judged when it is over." in clinic.said()
    takes(clinic, "Trial lead out")
    assert "Trial passed." in clinic.said()
    assert "62.5 % less pain" in clinic.said(), "8 before; 3, 3 and 3 on the last three full days"
    assert "function improved" in clinic.said()
    policies = page.get_by_role("region", name="The trial under each policy")
    assert "Passed" in policies.get_by_role("row").filter(has_text="Medicare NCD 160.7").inner_text()
    assert "Cannot tell" in policies.get_by_role("row").filter(has_text="Practice parameters 2007").inner_text()
    clinic.accessible()


def takes(clinic: Clinic, step: str) -> None:
    """A step of the stimulator's way, from its page."""
    page = clinic.page
    keys(page, "s")
    page.wait_for_url("**/step")
    choose(page, page.get_by_label(step, exact=True))
    clinic.saves()


def passes_authorization_by(clinic: Clinic) -> None:
    """The physician says why the payer is not asked; the name stays with it."""
    page = clinic.page
    assert "no authorization on file" in page.locator(".summary").inner_text()
    clinic.accessible()
    write(page, page.locator("#pass-authorization"), "In a surgery center Medicare asks for none beforehand")
    clinic.saves()
    assert "Recorded. It now stands at" in clinic.status()


def the_implant_is_planned(clinic: Clinic) -> None:
    """What the record does not show is said; what may be passed by is passed by with a name and a reason."""
    clinic.opens("mferrara", "Devices")
    takes(clinic, "Implant planned")
    passes_authorization_by(clinic)
    assert "Implant planned." in clinic.said()
    assert "Passed by on their word" in clinic.said()


def too_early_is_refused_in_words(clinic: Clinic) -> None:
    """Without an appointment nobody knows whether his naproxen was held: nobody may pass that by."""
    page = clinic.page
    clinic.opens("mferrara", "Devices")
    takes(clinic, "System implanted")
    refused = page.locator(".summary").inner_text()
    assert "this step does not follow yet" in refused
    assert "naproxen is held 4 days" in refused
    assert "Nobody may pass this by: settle it first." in refused


def the_system_is_implanted(clinic: Clinic) -> None:
    """An appointment, the questions of the day, and the step follows: the chart has the procedure and the device."""
    page = clinic.page
    consider(clinic, "Spinal cord stimulation imp", "Spinal cord stimulation implant")
    follow(page, "Plan it")
    keys(page, "s")
    page.wait_for_url("**/slot")
    keys(page, "Space")
    clinic.saves()
    assert "Booked" in clinic.status()
    clinic.opens("tkim", "Day and record")
    follow(page, "Checklist")
    for item in [str(row.get_attribute("data-item")) for row in page.locator(".item[data-open]").all()]:
        if item.startswith("last-dose"):
            clinic.moment(page.locator(f'.item[data-item="{item}"] input[name=said]'), "03022026", "0600AM")
            answer(page, item, "Record")
        else:
            answer(page, item, *ASKED[item])
    clinic.opens("mferrara", "Devices")
    takes(clinic, "System implanted")
    passes_authorization_by(clinic)
    assert "Implanted, day 30 not reached or not known." in clinic.said()
    assert "Fri 24 Apr 2026 to Tue 28 Apr 2026" in clinic.said(), "the wound is looked at ten to fourteen days after"
    assert "Spinal cord stimulator" in clinic.said()
    clinic.accessible()
    clinic.tab("Record")
    assert "Spinal cord stimulation implant" in page.locator("#procedures").inner_text()
    assert "Spinal cord stimulator" in page.locator("#devices").inner_text()


def the_effect_is_lost_and_looked_into(clinic: Clinic) -> None:
    """In September it helps no more: the work-up in its order, programming first, and the effect still awaited."""
    page = clinic.page
    clinic.opens("mferrara", "Devices")
    assert "In use." in clinic.said(), "day 30 has passed by itself"
    takes(clinic, "The effect was lost")
    assert "Effect lost: look in this order" in clinic.said()
    clinic.accessible()
    press(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Devices", exact=True))
    assert "Effect lost" in page.get_by_role("row").filter(has_text=QUIROGA).first.inner_text()
    clinic.opens("tkim", "Devices")
    keys(page, "s")
    page.wait_for_url("**/step")
    choose(page, page.get_by_label("Reprogrammed", exact=True))
    write(page, clinic.field("Reason, in words"), "Two contacts lower, 60 Hz; leg covered again")
    clinic.saves()
    assert "reprogrammed, effect awaited" in clinic.said().lower()
    assert "Two contacts lower" in page.get_by_role("region", name="Programming log").inner_text()
    clinic.accessible()
