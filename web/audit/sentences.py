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
    "referral.made": "wrote down {about}",
    "intake.looked": "opened the intake",
    "question.unsure": "asked about {about}, and the patient was not sure",
    "measure.form": "opened a measure",
    "referral.form": "opened the form of a referral",
    "referral.looked": "looked at a referral",
    "referral.decided": "decided on {about}",
    "letter.looked": "opened the letter back",
    "file.brought": "brought a file into the record",
}


def sentence(event: Event) -> str:
    """`Dr Anjali Patel changed procedures P-3`. An unknown verb is shown as it stands."""
    who = str(event.who) if event.who is not None else "The clinic’s worker"
    return f"{who} {WORDS.get(event.verb, event.verb).format(about=event.about)}"
