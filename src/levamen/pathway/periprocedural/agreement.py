"""The prescriber's answer on a drug, and the appointment it was given for (docs/adr/0007, 17 and 26)."""

from __future__ import annotations

from msgspec import Struct

from levamen.knowledge.products import drugs_named
from levamen.pathway.periprocedural.numbering import appointment_words
from levamen.pathway.periprocedural.selection import Setting
from levamen.record.facts import Document
from levamen.record.timeline import When


class Answer(Struct, frozen=True):
    """One answer of the prescriber. `earlier`: the other appointment it was for, in words; then it permits nothing."""

    document: Document
    earlier: str | None = None

    @property
    def agreed(self) -> str | None:
        """Its id, where it was given for this appointment or nothing says that it was not."""
        return self.document.id if self.earlier is None else None

    @property
    def refuses(self) -> bool:
        return self.document.agrees == "continue"

    @property
    def asked_again(self) -> str:
        """Why it is asked again; empty where it counts."""
        if self.earlier is None:
            return ""
        return (
            f"the prescriber's answer on file ({self.document.id}) was given for {self.earlier} "
            "and must be given anew for this one"
        )


def answer_on(drug: str, setting: Setting) -> Answer | None:
    """The latest answer on this drug for this appointment; else the latest for another, which is to be asked again.

    A latest answer that the drug must go on stands whatever appointment it was given for: nothing older permits a hold.
    """
    found = [
        (document.date.last, document.id, Answer(document, _other_appointment(document, document.date, setting)))
        for document in setting.documents
        if document.kind == "prescriber-agreement"
        and document.date is not None
        and document.request in (None, setting.request.id)
        and _is_about(document, drug, setting)
    ]
    answers = [answer for _, _, answer in sorted(found, key=lambda row: row[:2], reverse=True)]
    if not answers or answers[0].refuses:
        return answers[0] if answers else None
    return next((answer for answer in answers if answer.earlier is None), answers[0])


def _is_about(document: Document, drug: str, setting: Setting) -> bool:
    """Whether an agreement is about a drug: by its field, else by the drugs its text names, else as the only one."""
    if document.drug is not None:
        return document.drug == drug
    named = drugs_named(document.text or "")
    return drug in named if named else setting.antithrombotics == 1


def _other_appointment(document: Document, given: When, setting: Setting) -> str | None:
    """The other appointment that an answer was given for: the one it names, else that of a plan issued on its day or
    later, else that of the last plan issued before it. None where nothing ties it to another, and once the procedure
    is done.
    """
    appointment = setting.request.start
    if setting.done:
        return None
    if document.start is not None:
        return None if _same(document.start, appointment) else _words(document.start)
    issued = sorted(
        (plan.number or 0, plan.id, plan.start, plan.date is None or _not_after(given, plan.date))
        for plan in setting.documents
        if plan.kind == "periprocedural-plan" and plan.request in (None, setting.request.id)
    )
    meant = [start for _, _, start, later in issued if later and not _same(start, appointment)]
    before = [start for _, _, start, later in issued if not later]
    if not meant and before and not _same(before[-1], appointment):
        return _words(before[-1])
    return _words(meant[0]) if meant else None


def _words(start: When | None) -> str:
    """An appointment; that of a plan which does not say may be another."""
    return f"the appointment of {appointment_words(start)}" if start is not None else "an appointment that is not named"


def _same(stated: When | None, appointment: When | None) -> bool:
    """Whether a stated appointment is this one: the same instant, or a day alone that is its day."""
    if stated is None or appointment is None:
        return False
    if stated.at is not None:
        return stated.at == appointment.at
    return stated.exact and appointment.exact and stated.first == appointment.first


def _not_after(one: When, other: When) -> bool:
    """Whether one moment is, or may be, at or before another."""
    if one.at is not None and other.at is not None:
        return one.at <= other.at
    return one.first <= other.last
