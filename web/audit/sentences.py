"""Audit events as sentences. A verb without words here fails a test, so that no act goes unspoken."""

from __future__ import annotations

from audit.models import Event

WORDS = {
    "patient.added": "added the patient",
    "team.joined": "put {about} into the care team",
    "team.left": "took {about} out of the care team",
    "entry.added": "wrote {about} into the record",
    "entry.imported": "brought {about} into the record from a file",
    "entry.changed": "changed {about}",
    "entry.struck": "struck {about} through",
    "glass.broken": "opened the record from outside its care team",
    "closed.looked": "came to the closed record",
    "task.made": "made {about}",
    "task.handed-over": "handed over {about}",
    "task.done": "closed {about}",
    "record.looked": "looked at the record",
    "entry.looked": "looked at an entry and its versions",
    "entry.form": "opened a form of the record",
    "record.exported": "exported the record",
    "audit.looked": "looked at who looked",
    "booking.made": "made {about}",
    "night.examined": "examined {about} for tomorrow",
    "file.brought": "brought a file into the record",
    "booking.moved": "moved {about}",
    "booking.cancelled": "cancelled {about}",
    "booking.against-stop": "booked {about} against a contraindication",
    "plan.issued": "issued {about}",
    "prescriber.asked": "asked the prescriber about {about}",
    "prescriber.answered": "recorded the prescriber’s answer about {about}",
    "sheet.given": "gave {about} to the patient",
    "preparation.called": "recorded the preparation call for {about}",
    "room.opened": "opened {about}",
    "room.closed": "closed {about}",
    "plans.looked": "looked at what is planned",
    "plan.looked": "looked at a plan",
    "plan.taken": "took a plan as a file",
    "slot.form": "looked for a slot",
    "letter.looked": "looked at a letter to a prescriber",
    "letter.taken": "took a letter as a file",
    "sheet.looked": "looked at a patient sheet",
    "sheet.taken": "took a patient sheet as a file",
    "calendar.taken": "took the dates of a plan as a calendar file",
    "day.looked": "looked at the day of a procedure",
    "day.answered": "answered an item of {about}",
    "day.overridden": "decided to go on with {about} although safety says stop",
    "day.signed-beside": "signed the time-out of {about} as second person",
    "day.started": "started {about}",
    "record.draft": "looked at a procedure record",
    "record.saved": "saved the procedure record of {about}",
    "record.signed": "signed the procedure record of {about}",
    "record.added-to": "added to the procedure record of {about}",
    "recovery.looked": "looked at a recovery",
    "recovery.discharged": "let the patient of {about} go home",
}


def sentence(event: Event) -> str:
    """`Dr Anjali Patel changed procedures P-3`. An unknown verb is shown as it stands."""
    who = str(event.who) if event.who is not None else "The clinic’s worker"
    return f"{who} {WORDS.get(event.verb, event.verb).format(about=event.about)}"
