"""Real addresses of every route: of the patients, bookings, decisions, devices … that are in the database.

What a route's pattern leaves open is filled with what exists, so that a page is asked about somebody who has something
to show. A route added tomorrow whose part is not known here is named by `unknown_parts`, and a test fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from routes import Route

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
Parts = Mapping[str, Any]
"""What fills the parts of one address, by the part's name; `patient` is the patient's number here."""


class Place(Struct, frozen=True):
    """One address with whose it is; `patient` is None where it is about nobody. `label` tells lists apart; `who` is
    the user name of the one to whom alone it opens, where it is so."""

    url: str
    patient: int | None = None
    label: str = ""
    who: str = ""


def places(route: Route, people: Sequence[int]) -> Iterator[Place]:
    """Every address of a route: those about one of these patients, or about nobody."""
    from records.models import Patient

    handles = dict(Patient.objects.filter(pk__in=people).values_list("pk", "handle"))
    for parts in _fill(route, handles):
        pk = parts.get("patient")
        filled = {**parts, "patient": handles[pk]} if pk is not None else parts
        pattern = _PART.sub(lambda found: str(filled[found[1]]), route.pattern)  # noqa: B023 - used at once
        yield Place("/" + pattern + parts.get("?", ""), pk, parts.get("label", ""), parts.get("who", ""))


def some(held: Sequence[Place], most: int) -> list[Place]:
    """At most so many of some addresses, from first to last, evenly."""
    step = max(1.0, len(held) / most)
    return [held[int(number * step)] for number in range(min(most, len(held)))]


def readers(route: Route, place: Place) -> list[Any]:
    """Who looks: somebody of the patient's team where somebody of it may, else the first of each role it opens to."""
    from people.models import Staff

    assert route.access is not None
    may = list(
        Staff.objects.filter(is_active=True, role__in=[role.value for role in route.access.roles]).order_by("pk")
    )
    if place.who:
        return [one for one in may if one.username == place.who]
    team = Staff.objects.filter(patients__patient=place.patient).values_list("pk", flat=True) if place.patient else ()
    mine = [one for one in may if one.pk in set(team)]
    if mine:
        return mine[:1]
    return list({one.role: one for one in reversed(may)}.values())[:: 1 if place.patient is None else len(may) or 1]


def rarities() -> None:
    """Makes what no sample clinic happens to have, so that its pages have something to show: to be rolled back."""
    from administration.models import Proposal
    from clinic.clock import now
    from intake.models import Upload
    from people.models import Staff
    from people.roles import CARE, Role
    from procedures.models import Booking, ProcedureRecord
    from records.actions import break_glass
    from records.models import Entry
    from team.referrals import send

    lead, nurse = (Staff.objects.filter(role=role).order_by("pk")[0] for role in (Role.LEAD, Role.NURSE))
    booked = list(Booking.objects.filter(status=Booking.Status.BOOKED, start__gt=now()).order_by("start")[:12])
    treated = Entry.objects.filter(section="procedures", struck=False, patient__in=[row.patient_id for row in booked])
    keys = dict(treated.values_list("patient_id", "key"))
    for number, row in enumerate(booked):
        made = {"signed_at": now(), "signed_by": nurse, "key": keys.get(row.patient_id, ""), "note": "A note.\n"}
        ProcedureRecord.objects.create(
            booking=row, started_at=now(), started_by=nurse, **(made if number % 2 and row.patient_id in keys else {})
        )
        Booking.objects.filter(pk=row.pk).update(status=Booking.Status.STARTED)
        break_glass(lead, row.patient, "To see whether this page is quick")
        send(nurse, row.patient, "psychological-evaluation", "Dr. Somebody", "Is she ready?", now().date())
    Proposal.objects.create(
        kind=Proposal.Kind.KNOWLEDGE, body={"hash": "0" * 64}, title="Take it", reason="newer", by=lead, at=now()
    )
    for member in Staff.objects.filter(role__in=[role.value for role in CARE]):
        Upload.objects.create(by=member, at=now(), data=(_CHARTS / "facet-one-block.yaml").read_bytes())


_CHARTS = Path(__file__).parents[2] / "examples" / "charts"


def unknown_parts(route: Route) -> list[str]:
    """What a route's pattern leaves open and nothing here fills."""
    return [] if _source(route) is not None else _PART.findall(route.pattern)


def _fill(route: Route, people: Mapping[int, str]) -> Iterator[Parts]:
    source = _source(route)
    if source is None:
        raise LookupError(f"{route.name}: nothing fills {', '.join(_PART.findall(route.pattern))}")
    yield from source(people)


Source = Callable[[Mapping[int, str]], Iterator[Parts]]


def _source(route: Route) -> Source | None:
    if route.name in BY_NAME:
        return BY_NAME[route.name]
    open_ = frozenset(_PART.findall(route.pattern))
    if not open_:
        return lambda people: iter(({},))
    return BY_PARTS.get(open_)


def _entries(section: str, name: str = "key") -> Source:
    def found(people: Mapping[int, str]) -> Iterator[Parts]:
        from records.models import Entry

        rows = Entry.objects.filter(patient__in=people, section=section, struck=False).order_by("patient", "pk")
        for patient, key in rows.values_list("patient_id", "key"):
            yield {"patient": patient, name: key}

    return found


def _each(base: Source, **more: Callable[[], Sequence[str]]) -> Source:
    """Each of `base` with each of some words."""

    def found(people: Mapping[int, str]) -> Iterator[Parts]:
        for parts in base(people):
            for name, words in more.items():
                for word in words():
                    yield {**parts, name: word}

    return found


def _of_patients(people: Mapping[int, str]) -> Iterator[Parts]:
    for pk in people:
        yield {"patient": pk}


def _rows(path: str, **names: str) -> Source:
    """The rows of a model that belong to a patient: by the part's name the column that fills it."""

    def found(people: Mapping[int, str]) -> Iterator[Parts]:
        from django.apps import apps

        model, _, patient = path.partition(":")
        rows = apps.get_model(model).objects.filter(**{f"{patient or 'patient'}__in": list(people)}).order_by("pk")
        for values in rows.values(f"{patient or 'patient'}_id", *names.values()):
            yield {"patient": values[f"{patient or 'patient'}_id"]} | {
                part: values[column] for part, column in names.items()
            }

    return found


def _all_of(path: str, part: str, column: str) -> Source:
    """The rows of a model that is about no single patient."""

    def found(people: Mapping[int, str]) -> Iterator[Parts]:
        from django.apps import apps

        for value in apps.get_model(path).objects.order_by("pk").values_list(column, flat=True)[:200]:
            yield {part: value}

    return found


def _words(part: str, words: Callable[[], Sequence[str]]) -> Source:
    return lambda people: ({part: word, "label": word} for word in words())


def _sections() -> Sequence[str]:
    from levamen.adapters.chart_sections import TABLES

    return tuple(TABLES)


def _lists() -> Sequence[str]:
    from worklists.lists import lists

    return tuple(lists())


def _groups() -> Sequence[str]:
    from levamen.knowledge.intake import packaged_form

    return tuple(group.id for group in packaged_form().groups)


def _instruments() -> Sequence[str]:
    from levamen.knowledge.instruments import instrument_ids

    return tuple(instrument_ids())


def _visits() -> Sequence[str]:
    from levamen.knowledge.response_tables import packaged_response

    return tuple(row.id for row in packaged_response().visits)


def _ways(people: Mapping[int, str]) -> Iterator[Parts]:
    from devices import stimulator_views, ways
    from records.models import Entry, Patient

    held = Entry.objects.filter(section__in=("devices", "request"), struck=False, patient__in=people).values("patient")
    for patient in Patient.objects.filter(pk__in=held).order_by("pk")[:100]:
        for way in ways.review(patient).ways:
            yield {"patient": patient.pk, "way": stimulator_views.slug_of(way)}


def _uploads(people: Mapping[int, str]) -> Iterator[Parts]:
    from intake.models import Upload

    for handle, who in Upload.objects.order_by("pk").values_list("handle", "by__username"):
        yield {"upload": handle, "who": who}


def _asked_of_results(people: Mapping[int, str]) -> Iterator[Parts]:
    from results.models import Row

    done = Row.objects.order_by("therapy", "region").values_list("therapy", "region").distinct()
    for therapy, region in done[:20]:
        yield {"?": f"?procedure={therapy}.{region}"}


def _assigners(people: Mapping[int, str]) -> Iterator[Parts]:
    """Each member of a team, for the coordinator who may put people in and take them out."""
    from records.models import CareTeam

    rows = CareTeam.objects.filter(patient__in=people, staff__role="coordinator").order_by("patient")
    for patient, username in rows.values_list("patient_id", "staff__username"):
        yield {"patient": patient, "username": username, "who": username}


def _also(base: Source, *questions: str) -> Source:
    """The same addresses, then the same with each of some questions after them."""

    def found(people: Mapping[int, str]) -> Iterator[Parts]:
        for question in ("", *questions):
            for parts in base(people):
                yield {**parts, "?": question}

    return found


def _options_compared(people: Mapping[int, str]) -> Iterator[Parts]:
    held: dict[int, list[str]] = {}
    for parts in _entries("request")(people):
        held.setdefault(parts["patient"], []).append(parts["key"])
    for patient, keys in held.items():
        yield {"patient": patient, "?": f"?one={keys[0]}&other={keys[-1]}"}


_REQUESTS = _entries("request", "request_key")
_FORMS = ("pdf", "text", "fhir")
BY_PARTS: Mapping[frozenset[str], Source] = {
    frozenset({"patient"}): _of_patients,
    frozenset({"patient", "section", "key"}): _rows("records.Entry", section="section", key="key"),
    frozenset({"patient", "section"}): _each(_of_patients, section=_sections),
    frozenset({"patient", "request_key"}): _REQUESTS,
    frozenset({"patient", "question"}): _entries("request", "question"),
    frozenset({"patient", "decision"}): _rows("options.Decision", decision="pk"),
    frozenset({"patient", "booking"}): _rows("procedures.Booking", booking="pk"),
    frozenset({"patient", "task"}): _rows("team.Task", task="pk"),
    frozenset({"patient", "number"}): _rows("intake.Referral", number="pk"),
    frozenset({"patient", "referral"}): _rows("team.Referral", referral="pk"),
    frozenset({"patient", "username"}): _rows("records.CareTeam", username="staff__username"),
    frozenset({"patient", "group"}): _each(_of_patients, group=_groups),
    frozenset({"patient", "instrument"}): _each(_of_patients, instrument=_instruments),
    frozenset({"patient", "way"}): _ways,
    frozenset({"patient", "request_key", "form"}): _each(_REQUESTS, form=lambda: _FORMS),
    frozenset({"patient", "sent", "form"}): _rows(
        "authorizations.SentFile:sent__authorization__patient", sent="sent_id", form="form"
    ),
    frozenset({"patient", "key", "script"}): _each(_entries("procedures"), script=lambda: ("day-1", "week-1")),
    frozenset({"patient", "key", "visit"}): _each(_entries("procedures"), visit=_visits),
    frozenset({"which"}): _words("which", lambda: ("today", "next")),
    frozenset({"name"}): _words("name", _lists),
    frozenset({"username"}): _all_of("people.Staff", "username", "username"),
    frozenset({"upload"}): _uploads,
}
"""By what a pattern leaves open."""
_PLANS = (
    "plan", "slot", "cancel_booking", "prescriber_answer", "issue_plan", "prepare", "plan_letter", "letter_pdf",
    "plan_sheet", "sheet_pdf", "plan_pdf", "plan_calendar",
)  # fmt: skip
BY_NAME: Mapping[str, Source] = {
    **{name: _entries("request") for name in _PLANS},
    **{name: _entries("procedures") for name in ("response", "block_diary", "complication")},
    **{name: _entries("devices") for name in ("interrogation", "refill", "alarm", "programming")},
    "medicine_stopped": _entries("medications"),
    "compare": _options_compared,
    "join_team": _assigners,
    "leave_team": _assigners,
    "results": lambda people: iter(({}, *_asked_of_results(people))),
    "results_file": _asked_of_results,
    "overview": _also(_of_patients, "?months=36"),
    "options": _also(_of_patients, "?all=R-1", "?as_of=2026-01-15"),
    "schedule": _also(lambda people: iter(({},)), "?day=2026-03-10", "?day=2026-03-10&view=week"),
    "patient_devices": _also(_of_patients, "?also=cms-ncd-160-7"),
    "proposal": _all_of("administration.Proposal", "number", "pk"),
    "review_glass": _all_of("records.BrokenGlass", "number", "pk"),
}
"""Where the same part means something of its own."""
