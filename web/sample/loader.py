"""The synthetic sample clinic: people from files, and what the clinic did so far, done again through its own actions.

Each app of the clinic that has something to do in the sample says so in a module `sample` with `ACTIONS`: by the word
of the file, a function that is given who acts, the patient, what the file says and the staff by user name.
"""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.apps import apps
from django.db import transaction

from administration import knowledge
from administration.models import Clinic
from administration.setting_up import BY_SETTING_UP
from clinic import clock
from people.models import Privilege, Staff
from records import actions, files
from records.models import Patient

FOLDER = Path(__file__).parent
AS_OF = "2026-03-09T08:10"
"""The moment at which the sample's people stand: a Monday morning."""
Action = Callable[[Staff, Patient, Mapping[str, Any], Mapping[str, Staff]], object]


def load(password: str, tell: Callable[[str], None]) -> None:
    """Fills an empty database. All of it or nothing."""
    said = _read(FOLDER / "clinic.yaml")
    zone = ZoneInfo(said["zone"])
    people = sorted((FOLDER / "patients").glob("*.yaml"))
    with transaction.atomic():
        clinic = _clinic(said)
        with clock.standing_at(_local(said["taken"], zone)):
            knowledge.take(BY_SETTING_UP)
        knowledge.remember()
        clinic.refresh_from_db()
        staff = {row["username"]: _member(row, password) for row in said["staff"]}
        done: list[tuple[datetime, int, Patient, Mapping[str, Any]]] = []
        for number, path in enumerate(people, start=1):
            tell(f"\rSynthetic patients: {number} of {len(people)}")
            row = _read(path)
            steps = [_moments(step, zone) for step in row.get("clinic") or ()]
            first = min((step["at"] for step in steps), default=_local(AS_OF, zone))
            with clock.standing_at(first):
                patient = _patient(row, staff, path, clinic)
            done += [(step["at"], len(done) + place, patient, step) for place, step in enumerate(steps)]
        tell("\n")
        known = _actions()
        left: Counter[str] = Counter()
        for at, _, patient, step in sorted(done, key=lambda item: item[:2]):
            if step["action"] not in known:
                left[step["action"]] += 1
                continue
            with clock.standing_at(at):
                known[step["action"]](staff[step["by"]], patient, step, staff)
        if left:
            tell(f"Left out, because no part of the clinic does it: {dict(left)}\n")


def _clinic(said: Mapping[str, Any]) -> Clinic:
    governing = said.get("governing", {})
    return Clinic.objects.create(
        pk=1,
        name=said["name"],
        zone_name=said["zone"],
        state=said["state"],
        phone=said.get("phone", ""),
        guidelines=[governing["guideline"]] if "guideline" in governing else [],
        payers=dict(governing.get("payers", {})),
        rooms=list(said.get("rooms", ())),
        hold_profile=governing.get("hold_profile", Clinic.hold_profile.field.default),
        synthetic=True,
    )


def _member(row: Mapping[str, Any], password: str) -> Staff:
    member = Staff.objects.create_user(
        row["username"], password=password, role=row["role"], name=row["name"], credentials=row.get("credentials", "")
    )
    for held in row.get("privileges", ()):
        Privilege.objects.create(
            staff=member,
            therapy=held["therapy"],
            region=held.get("region", ""),
            granted=date.fromisoformat(str(held.get("from", "2025-01-01"))),
            expires=date.fromisoformat(str(held["until"])),
            source=_granted_by(held),
        )
    return member


def _granted_by(held: Mapping[str, Any]) -> str:
    """Where the privilege is written; `per_year` is what the operator did in the year before, not what is asked."""
    done = f"; {held['per_year']} done in the year before" if "per_year" in held else ""
    return f"{held.get('source', 'Privileges of the synthetic clinic')}{done}"


def _patient(row: Mapping[str, Any], staff: Mapping[str, Staff], path: Path, clinic: Clinic) -> Patient:
    chart = {key: value for key, value in row["chart"].items() if key not in ("expect", "as_of")}
    team = [staff[name] for name in dict.fromkeys((row.get("team") or {}).values()) if name]
    identity = actions.Identity(
        family=row["name"]["family"],
        given=row["name"]["given"],
        mrn=row["mrn"],
        phone=row.get("phone", ""),
        language=row.get("language", ""),
    )
    patient = actions.add_patient(None, identity, synthetic=True, team=team, zone=chart.get("zone", clinic.zone_name))
    text = yaml.safe_dump(chart, sort_keys=False, allow_unicode=True)
    reading = files.bring(None, patient, text.encode(), path.name)
    if reading.balance.rejected:
        raise ValueError(
            f"{path.name}: {'; '.join(f'{issue.where}: {issue.what}' for issue in reading.balance.issues)}"
        )
    patient.refresh_from_db()
    return patient


def _actions() -> dict[str, Action]:
    found: dict[str, Action] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.sample"
        if config.name != "sample" and "." not in config.name and importlib.util.find_spec(name) is not None:
            found.update(import_module(name).ACTIONS)
    return found


def _moments(step: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """The step with its times as moments in the clinic's zone."""
    return {key: _local(value, zone) if key in ("at", "start", "due", "done") else value for key, value in step.items()}


def _local(value: Any, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time(17))
    else:
        found = datetime.fromisoformat(str(value))
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Words)  # noqa: S506 - a SafeLoader
    return found


class _Words(yaml.SafeLoader):
    """YAML by the 1.2 core rules: dates and yes/no stay text, and the chart reader gives them their types."""


_Words.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in rows if not tag.endswith((":timestamp", ":bool"))]
    for letter, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Words.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def stages() -> Iterator[tuple[str, str, str]]:
    """Of each synthetic patient: record number, where they stand, and what a fellow may argue with."""
    for path in sorted((FOLDER / "patients").glob("*.yaml")):
        row = _read(path)
        yield row["mrn"], row["stage"], " ".join(row["argue"].split())
