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
    "team.looked": "looked at the team and its tasks",
    "team.form": "opened a form of the team",
    "referral.sent": "sent {about}",
    "referral.booked": "wrote down the first visit of {about}",
    "referral.answered": "wrote down the answer to {about}",
    "referral.withdrawn": "withdrew {about}",
    "devices.looked": "looked at the devices",
    "devices.form": "opened a form of a device",
    "way.stepped": "recorded of a stimulator: {about}",
    "device.logged": "wrote into the log of {about}",
}


def sentence(event: Event) -> str:
    """`Dr Anjali Patel changed procedures P-3`. An unknown verb is shown as it stands."""
    who = str(event.who) if event.who is not None else "The clinic’s worker"
    return f"{who} {WORDS.get(event.verb, event.verb).format(about=event.about)}"
