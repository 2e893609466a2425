"""A second, independent reading of the periprocedural plan: tables and a few ifs, on a chart as plain data.

Written from the safety dossier and docs/adr/0007 alone. It answers what the plan of the product must answer for the
same chart; where both differ one of them is wrong, or the source says two things (explained.yaml).
`answer(chart, profile)` gives the class of the procedure and, per medication, the decision and the datetimes (UTC).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import tables as t

from levamen.text.strict_yaml import read_mapping
from levamen.text.tree import plain_data

Chart = dict[str, Any]
WORST = (  # ADR 18, from the worst
    *("hard_stop_change_plan", "defer", "do_not_hold_without_prescriber", "lab_required_no_datetime"),
    *("shared_decision_required", "hold_with_plan", "proceed_no_hold"),
)
CLASS_ORDER = ("low", "low-intermediate", "intermediate", "neuraxial", "intermediate-high", "high")
ESCALATES = {"low": "intermediate", "intermediate": "high", "high": "high"}
LETTER = {"low": "L", "intermediate": "I", "high": "H", "neuraxial": "N"}
TIER = {"low": "1", "low-intermediate": "2", "intermediate-high": "3"}  # IPSIS


SAFETY = ("clear", "caution", "unknown", "defer", "contraindicated")


def least_safety(decision: str, unverified: bool, agreed: bool, *, to_agree: bool = True) -> str:
    """ADR 19: what one drug does to safety, of itself. `to_agree`: its hold needs the prescriber (17)."""
    if decision == "hold_with_plan" and not to_agree:
        return "caution"
    if decision == "hold_with_plan":
        return ("caution" if agreed else "unknown") if unverified else ("clear" if agreed else "caution")
    if decision == "shared_decision_required":
        return "caution" if agreed else "unknown"
    if decision == "proceed_no_hold":
        return "caution" if unverified else "clear"
    if decision == "lab_required_no_datetime":
        return "unknown"
    return "contraindicated" if decision == "hard_stop_change_plan" else "defer"


def worst(decisions: list[str]) -> str:
    return min(decisions, key=WORST.index, default="proceed_no_hold")


# ------------------------------------------------------------------------------------------------------------- clocks


def zone(chart: Chart) -> ZoneInfo:
    return ZoneInfo(chart["zone"])


def instant(text: str, where: ZoneInfo, *, end: bool = False) -> datetime:
    """An instant in UTC. A day stands for its first moment, or for the moment it is over."""
    if "T" in text:
        return datetime.fromisoformat(text).replace(tzinfo=where).astimezone(UTC)
    day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
    return datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)


def day_of(text: str) -> date:
    return date.fromisoformat(text[:10])


def months_after(day: date, months: int) -> date:
    """Calendar months; a day that the later month does not have is its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


# --------------------------------------------------------------------------------------------------- class (ADR 2, 3)


@cache
def vocabulary() -> dict[str, Any]:
    text = files("levamen.record").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = plain_data(read_mapping(text, "vocabulary.yaml"))
    return data


def _contradicts(request: Chart, row: dict[str, Any]) -> bool:
    """Whether a field of the request shows that it is another procedure."""
    if request.get("therapy") != row["therapy"]:
        return True
    for key in ("approach", "region", "lead", "component", "route", "purpose"):
        if key in row and key in request and request[key] != row[key]:
            return True
    said = {**request, "roots": request.get("roots") or _roots(request)}
    for key in ("nerves", "muscles", "interspaces", "roots"):
        if key in row and said.get(key) and not set(row[key]) & set(said[key]):
            return True
    if "agents" in row and request.get("agents"):
        return not {agent["drug"] for agent in request["agents"]} & set(row["agents"])
    if "needs" in row and request.get("nerves"):
        depth = row["needs"].rsplit(" ", 1)[1]
        return all(vocabulary()["nerves"][nerve].get("depth") != depth for nerve in request["nerves"])
    return False


def _roots(request: Chart) -> list[str]:
    """The roots that leave by the foramina treated."""
    return [vocabulary()["foramina"][name]["root"] for name in request.get("foramina", ())]


def procedures_of(request: Chart) -> list[str]:
    """Every dossier procedure whose fields the request cannot be shown to contradict (an absent field never does)."""
    listed = vocabulary()["dossier_procedures"]
    return [name for name, rows in listed.items() if any(not _contradicts(request, row) for row in rows)]


def mapped(request: Chart, profile: str) -> bool:
    """Whether the class comes from rows by analogy alone (1b)."""
    classes, base = t.CLASSES[profile], base_class(request, profile)
    by = [classes[name][1] for name in procedures_of(request) if name in classes and classes[name][0] == base]
    return bool(by) and all(by)


def base_class(request: Chart, profile: str) -> str | None:
    classes = t.CLASSES[profile]
    found = [classes[name][0] for name in procedures_of(request) if name in classes]
    return max(found, key=CLASS_ORDER.index, default=None)


def _acts_on_bleeding(drug: str) -> bool:
    return drug in {*t.ANTICOAGULANT, *t.ANTIPLATELET, *t.THROMBOLYTIC, *t.NSAID, *t.SSRI_SNRI, *t.SUPPLEMENT}


def _problems(chart: Chart) -> list[Chart]:
    return [p for p in chart.get("problems", []) if p.get("status", "active") == "active"]


def _concepts(chart: Chart) -> set[str]:
    return {p["concept"] for p in _problems(chart)}


def escalated(chart: Chart, profile: str) -> bool:
    """ADR 3, one step at most, for profiles whose classes are low, intermediate and high."""
    if profile not in (t.ASRA, t.ASRA_2015, t.ASIPP):
        return False
    if _concepts(chart) & {"bleeding-disorder", "bleeding-history", "cirrhosis", "liver-failure"}:
        return True
    bracket = bracket_of(chart)
    if bracket == "E":
        return True
    request = chart["request"][0]
    region = request.get("region")
    surgery = {"decompression-surgery", "spinal-fusion", "disc-replacement", "other-surgery", "hardware-removal"}
    if any(p["therapy"] in surgery and p.get("region") == region for p in chart.get("procedures", [])):
        return True
    acting = {m["drug"] for m in counted(chart) if _acts_on_bleeding(m["drug"])}
    return len(acting) >= 2 and bool(acting & {*t.ANTICOAGULANT, *t.ANTIPLATELET, *t.THROMBOLYTIC})


# --------------------------------------------------------------------------------- creatinine clearance (ADR 11, 7.3)


def cockcroft_gault(age: int, weight: Fraction, creatinine: Fraction, female: bool) -> Fraction:
    """mL/min, unrounded; creatinine in mg/dL."""
    return (140 - age) * weight * (Fraction(85, 100) if female else 1) / (72 * creatinine)


def age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def bracket_of_clearance(value: Fraction) -> str:
    for letter, (low, high) in t.BRACKETS.items():
        if value >= low and (high is None or value < high):
            return letter
    raise AssertionError(value)


def _number(value: Any) -> Fraction:
    return Fraction(str(value))


def _latest(chart: Chart, test: str) -> Chart | None:
    as_of = day_of(chart["as_of"])
    found = [lab for lab in chart.get("labs", []) if lab["test"] == test and day_of(lab["at"]) <= as_of]
    return max(found, key=lambda lab: lab["at"], default=None)


def clearances(chart: Chart) -> list[Fraction] | None:
    """The clearance under each possible sex; none where a part is missing or stale."""
    as_of, person = day_of(chart["as_of"]), chart.get("person", {})

    def fresh(lab: Chart, values: list[Fraction]) -> bool:
        limit = 7 if any(value < 50 for value in values) else 30
        return (as_of - day_of(lab["at"])).days <= limit

    measured = _latest(chart, "creatinine-clearance")
    if measured is not None and fresh(measured, [_number(measured["value"])]):
        return [_number(measured["value"])]
    creatinine, weight = _latest(chart, "creatinine"), person.get("weight_kg")
    if weight is None and (lab := _latest(chart, "weight")) is not None:
        weight = lab["value"]
    if creatinine is None or weight is None or "birth_date" not in person:
        return None
    milligrams = _number(creatinine["value"]) / (_number("88.4") if creatinine["unit"] == "umol/L" else 1)
    age = age_on(day_of(person["birth_date"]), day_of(chart["request"][0]["start"]))
    sexes = {"female": [True], "male": [False]}.get(person.get("sex", "unknown"), [True, False])
    values = [cockcroft_gault(age, _number(weight), milligrams, female) for female in sexes]
    return values if fresh(creatinine, values) else None


def brackets_of(chart: Chart) -> set[str]:
    """Every bracket that it may be: one, two where the sex decides, all where the clearance is missing or stale."""
    if "dialysis" in _concepts(chart):
        return {"E"}
    return {bracket_of_clearance(value) for value in clearances(chart) or ()} or set(t.BRACKETS)


def bracket_of(chart: Chart) -> str | None:
    """One letter, or none where the clearance is missing, stale, or its bracket depends on a sex nobody recorded."""
    found = brackets_of(chart)
    return found.pop() if len(found) == 1 else None


# ----------------------------------------------------------------------------------------------- forms (ADR 10, 7.4)


def _per_dose(medication: Chart) -> tuple[Fraction | None, str]:
    amount, _, unit = str(medication.get("dose", "")).partition(" ")
    return (_number(amount), unit) if amount else (None, "")


def _per_day(medication: Chart) -> Fraction | None:
    if medication.get("times"):
        return Fraction(len(medication["times"]))
    every = str(medication.get("every", ""))
    return Fraction(24, int(every.split()[0])) if every.endswith(" h") else None


def form_of(chart: Chart, medication: Chart) -> str | None:
    """Indication, route or dose band as the tables name it; none where it is not known."""
    drug = medication["drug"]
    dose, unit = _per_dose(medication)
    times = _per_day(medication)
    taken: tuple[Any, Any] = (dose, times)
    if drug == "aspirin":
        return "primary" if medication.get("indication") == "cardiovascular-primary-prevention" else "secondary"
    if drug == "heparin":
        route = medication.get("route")
        if route != "subcutaneous" or dose is None or times is None:
            return route
        if dose == 5000 and times in (2, 3):
            return "subcutaneous-low"
        if 7500 <= dose <= 10000 and times == 2:
            return "subcutaneous-medium"
        return "subcutaneous-high" if dose > 10000 and times == 2 else "subcutaneous"
    if dose is None or times is None:
        return None
    if drug == "apixaban":
        if taken == (5, 2):
            return "high"
        return _small_apixaban(chart) if taken == (Fraction(5, 2), 2) else None
    if drug == "rivaroxaban":
        if taken in ((10, 1), (Fraction(5, 2), 2)):
            return "low"
        return "high" if 15 <= dose <= 20 else None
    if drug == "dabigatran-etexilate":
        if taken == (220, 1):  # 2d: low at CrCl >30 only
            return "high" if bracket_of(chart) in ("D", "E") else "low"
        return "high" if times == 2 and dose in (75, 110, 150) else None
    if drug == "enoxaparin" and unit == "mg":
        return "low" if dose * times <= 40 or taken == (30, 2) else _by_weight(chart, dose, times)
    if drug == "dalteparin":
        return "low" if taken == (5000, 1) else None
    if drug == "fondaparinux":
        return "low" if dose == Fraction(5, 2) else "high" if 5 <= dose <= 10 else None
    if drug == "vitamin-e":
        return "high" if dose * times > 400 else "low"
    return None


def _by_weight(chart: Chart, dose: Fraction, times: Fraction) -> str | None:
    weight = chart.get("person", {}).get("weight_kg")
    if weight is None:
        return None
    taken: tuple[Any, Any] = (dose / _number(weight), times)
    return "high" if taken in ((1, 2), (Fraction(3, 2), 1)) else None


def _small_apixaban(chart: Chart) -> str | None:
    """2.5 mg twice daily is low unless two of: 80 years, 60 kg or less, creatinine of 1.5 mg/dL or more."""
    person, lab = chart.get("person", {}), _latest(chart, "creatinine")
    signs = [
        age_on(day_of(person["birth_date"]), day_of(chart["request"][0]["start"])) >= 80
        if "birth_date" in person
        else None,
        _number(person["weight_kg"]) <= 60 if "weight_kg" in person else None,
        _number(lab["value"]) / (_number("88.4") if lab["unit"] == "umol/L" else 1) >= _number("1.5") if lab else None,
    ]
    if signs.count(True) >= 2:
        return "high"
    return "low" if signs.count(False) >= 2 else None


def _choose(forms: set[str], form: str | None) -> set[str]:
    """The forms to look at: the one that is known, else every one."""
    if "" in forms and len(forms) == 1:
        return forms
    if form in forms:
        return {form}
    if form is not None and form.startswith("subcutaneous"):
        if form == "subcutaneous":
            return {name for name in forms if name.startswith("subcutaneous")}
        return ({"subcutaneous"} & forms) or ({""} & forms)
    return forms if form is None else ({""} & forms)


def _letter(profile: str, cls: str) -> str:
    return TIER[cls] if profile == t.IPSIS else LETTER[cls]


def rows_for(chart: Chart, medication: Chart, profile: str, cls: str) -> list[t.Row]:
    of_class = [r for r in t.DRUGS[profile] if r[0] == medication["drug"] and _letter(profile, cls) in r[2]]
    form, known = form_of(chart, medication), {row[1] for row in of_class}
    if medication["drug"] == "heparin" and form is None and not known & {"", "intravenous"}:
        return []  # it may be the route of which the profile says nothing
    forms = _choose(known, form)
    return [row for row in of_class if row[1] in forms]


def restarts_for(chart: Chart, medication: Chart, profile: str, cls: str) -> list[t.Restart]:
    of_class = [r for r in t.RESTART[profile] if r[0] == medication["drug"] and _letter(profile, cls) in r[2]]
    forms = _choose({row[1] for row in of_class}, form_of(chart, medication))
    return [row for row in of_class if row[1] in forms]


# ----------------------------------------------------------------------------------------- which medications (ADR 4)


def longest(drug: str) -> int:
    """The longest hold that any profile prints for the drug, in hours."""
    return max((row[6] or 0 for rows in t.DRUGS.values() for row in rows if row[0] == drug), default=0)


def counted(chart: Chart) -> list[Chart]:
    """Taken, or perhaps taken, in the time that counts."""
    where, start = zone(chart), instant(chart["request"][0]["start"], zone(chart))
    found = []
    for medication in chart.get("medications", []):
        if "start" in medication and instant(medication["start"], where) > start:
            continue
        if "end" in medication:
            over = instant(medication["end"], where, end=True)
            if over <= start - hours(longest(medication["drug"])):
                continue
        found.append(medication)
    return found


# ------------------------------------------------------------------------------------- unsafe to hold (2f, ADR 7)


def unsafe(chart: Chart) -> list[tuple[str, tuple[str, ...]]]:
    """Which drugs must not be held, and what the window says: defer, or no automatic hold."""
    on = day_of(chart["request"][0]["start"])
    found: list[tuple[str, tuple[str, ...]]] = []

    def within(problem: Chart, *, months: int = 0, days: int = 0) -> bool:
        if "since" not in problem:
            return False
        since = day_of(problem["since"])
        return on < (months_after(since, months) if months else since + timedelta(days=days))

    ailments = {p["concept"]: p for p in _problems(chart)}
    strokes = [ailments[word] for word in ("stroke", "transient-ischemic-attack") if word in ailments]
    for word, problem in ailments.items():
        said = problem.get("attributes", {})
        if word == "coronary-stent":
            bare = said.get("stent") == "bare-metal"
            window = 6 if said.get("placed_for") == "chronic-coronary-disease" else 12
            if within(problem, days=30) or (not bare and within(problem, months=window)):
                found.append(("defer", t.ANTIPLATELET))
        elif word in ("balloon-angioplasty", "myocardial-infarction"):
            if within(problem, days=14 if word == "balloon-angioplasty" else 60):
                found.append(("defer", t.ANTIPLATELET))
        elif word == "venous-thromboembolism":
            if within(problem, months=3):
                found.append(("defer", t.ANTICOAGULANT))
            elif within(problem, months=12) or "yes" in (said.get("recurrent"), said.get("with_cancer")):
                found.append(("no-auto-hold", t.ANTICOAGULANT))
        elif word in ("stroke", "transient-ischemic-attack") and within(problem, months=3):
            found.append(("defer", (*t.ANTICOAGULANT, *t.ANTIPLATELET)))
        elif word == "atrial-fibrillation":
            high = int(said.get("cha2ds2_vasc", 0)) >= 7 or int(said.get("chads2", 0)) >= 5
            if high or said.get("rheumatic_valve") == "yes":
                found.append(("no-auto-hold", t.ANTICOAGULANT))
        elif word == "mechanical-heart-valve":
            bad = said.get("position") == "mitral" or said.get("valve") in ("caged-ball", "tilting-disc")
            if bad or within(problem, months=3) or any(within(stroke, months=6) for stroke in strokes):
                found.append(("no-auto-hold", t.ANTICOAGULANT))
        elif word == "antiphospholipid-syndrome" or (
            word == "thrombophilia"
            and (said.get("type") in ("protein-c", "protein-s", "antithrombin") or said.get("severe") == "yes")
        ):
            found.append(("no-auto-hold", t.ANTICOAGULANT))
    return found


# --------------------------------------------------------------------------------------------- schedule (ADR 5, 13)


def doses(medication: Chart, around: datetime, where: ZoneInfo) -> list[datetime]:
    """Scheduled doses in the days around a moment; none where the schedule is not known."""
    if medication.get("as_needed"):
        return []
    if medication.get("times"):
        middle = around.astimezone(where).date()
        days = [middle + timedelta(days=shift) for shift in range(-3, 4)]
        return sorted(instant(f"{day}T{clock}", where) for day in days for clock in medication["times"])
    every, last = str(medication.get("every", "")), str(medication.get("last_dose", ""))
    if every.endswith(" h") and "T" in last:
        begin, step = instant(last, where), hours(int(every.split()[0]))
        count = (around - begin) // step
        return [begin + step * number for number in range(count - 2, count + 3)]
    return []


def _indicated(chart: Chart, medication: Chart) -> bool:
    if "indication" in medication:
        return True
    group = {k for k, v in vocabulary()["conditions"].items() if v.get("group") == "antithrombotic-indication"}
    return bool(_concepts(chart) & group)


def _taken_until(chart: Chart, medication: Chart, stop_at: datetime) -> datetime:
    """ADR 14: the last moment at which a dose was, or must be counted as, taken."""
    where = zone(chart)
    if "end" in medication:
        return instant(medication["last_dose" if "last_dose" in medication else "end"], where, end=True)
    as_of = instant(chart["as_of"], where, end=True)
    if as_of <= stop_at:
        return as_of  # still to be stopped in time
    said = medication.get("recorded")
    if "last_dose" in medication and said is not None and instant(said, where) > stop_at:
        return instant(medication["last_dose"], where, end=True)
    return as_of


def agreed(chart: Chart, medication: Chart) -> bool:
    """ADR 17: a document that names the drug, or no drug where only one such drug is taken, dated by `as_of`."""
    takes = [m["drug"] for m in counted(chart) if m["drug"] in (*t.ANTICOAGULANT, *t.ANTIPLATELET)]
    for document in chart.get("documents", []):
        if document["kind"] != "prescriber-agreement" or day_of(document["date"]) > day_of(chart["as_of"]):
            continue
        text = document.get("text", "").lower()
        named = [drug for drug in (*t.ANTICOAGULANT, *t.ANTIPLATELET) if drug in text]
        if medication["drug"] in named or (not named and takes == [medication["drug"]]):
            return True
    return False


# ------------------------------------------------------------------------------------------------------- one drug


def _times(chart: Chart, medication: Chart, rows: list[t.Row], profile: str, cls: str) -> dict[str, Any]:
    """The datetimes of a hold (ADR 13 to 15)."""
    where, request = zone(chart), chart["request"][0]
    start = instant(request["start"], where)
    longer = max(row[6] or 0 for row in rows)
    (decider,) = {(row[5], row[6]) for row in rows if row[6] == longer}
    shorter = decider[0] or longer
    stop_at = start - hours(longer)
    taken = _taken_until(chart, medication, stop_at)
    if taken > stop_at:
        return {"decision": "defer", "why": "taken too late", "earliest_procedure": taken + hours(longer)}
    out: dict[str, Any] = {"decision": "hold_with_plan", "why": "hold", "stop_at": stop_at}
    if shorter != longer:
        out["stop_latest"] = start - hours(shorter)
    before = [dose for dose in doses(medication, stop_at, where) if dose <= stop_at]
    if before:
        out["last_dose"] = max(before)
    left_in_place = request["therapy"].endswith("-stimulation-trial") or request["therapy"] == "intrathecal-trial"
    if left_in_place and "end" not in request:
        return out
    return {**out, **restart_of(chart, medication, profile, cls, tap="bloody-tap" in request.get("complications", ()))}


def restart_of(chart: Chart, medication: Chart, profile: str, cls: str, *, tap: bool) -> dict[str, Any]:
    """When it may be taken again (ADR 15), and the first scheduled dose from then."""
    where, request, out = zone(chart), chart["request"][0], dict[str, Any]()
    restarts = restarts_for(chart, medication, profile, cls)
    if not restarts:
        return out
    late = max(row[4] for row in restarts)
    early = max(row[3] for row in restarts if row[4] == late)
    if tap and cls in ("intermediate", "high"):
        floor = t.BLOODY_TAP.get(medication["drug"], t.BLOODY_TAP_ANY)
        late, early = max(late, floor), max(early, floor)
    kept_off = (*t.ANTICOAGULANT, *t.ANTIPLATELET, *t.THROMBOLYTIC)
    if profile == t.ASRA and cls == "high" and request["therapy"] in t.TRIALS and medication["drug"] in kept_off:
        late, early = max(late, t.AFTER_THE_LEADS), max(early, t.AFTER_THE_LEADS)
    done = instant(request["end" if "end" in request else "start"], where)
    out["restart_from"] = done + hours(late)
    if early != late:
        out["restart_earliest"] = done + hours(early)
    after = [dose for dose in doses(medication, out["restart_from"], where) if dose >= out["restart_from"]]
    if after:
        out["first_dose"] = min(after)
    return out


def drug_answer(chart: Chart, medication: Chart, profile: str, cls: str | None) -> dict[str, Any]:
    drug = medication["drug"]
    rows = rows_for(chart, medication, profile, cls) if cls else []
    if not rows:  # ADR 24
        silent = cls is None or drug in (*t.ANTICOAGULANT, *t.ANTIPLATELET, *t.THROMBOLYTIC)
        word = "do_not_hold_without_prescriber" if silent else "proceed_no_hold"
        return {"decision": word, "why": "no row", "labs": [], "mark": None}
    may_be = brackets_of(chart)
    rows = [row for row in rows if not row[3] or may_be & set(row[3])]
    held = [row for row in rows if row[4] in ("hold", "level", "do-not-proceed")]
    said: list[dict[str, Any]] = []
    if held and drug in (*t.ANTICOAGULANT, *t.ANTIPLATELET) and drug != "aspirin" and not _indicated(chart, medication):
        said.append({"decision": "do_not_hold_without_prescriber", "why": "no indication"})
    if held:
        for effect, drugs in unsafe(chart):
            if drug in drugs:
                word = "defer" if effect == "defer" else "do_not_hold_without_prescriber"
                said.append({"decision": word, "why": "unsafe to hold"})
    if held and drug in t.RENAL and len(may_be) > 1:
        said.append({"decision": "lab_required_no_datetime", "why": "clearance", "labs": [t.one("creatinine")]})
    elif not rows:
        said.append({"decision": "lab_required_no_datetime", "why": "no row of this bracket"})
    else:
        said.append(_by_mode(chart, medication, rows, profile, cls or ""))
    word = worst([answer["decision"] for answer in said])
    chosen = dict(next(answer for answer in said if answer["decision"] == word))
    if word == "defer" and any(a["decision"] == "defer" and a["why"] == "unsafe to hold" for a in said):
        chosen = {"decision": "defer", "why": "unsafe to hold"}
    if word in ("hold_with_plan", "shared_decision_required") and drug in (*t.ANTICOAGULANT, *t.ANTIPLATELET):
        chosen["agreed"] = agreed(chart, medication)
    chosen["labs"] = list(chosen.get("labs", []))
    chosen["mark"] = "unverified" if all(row[8] in ("V2b", "unverified") for row in rows) and rows else None
    return chosen


def _by_mode(chart: Chart, medication: Chart, rows: list[t.Row], profile: str, cls: str) -> dict[str, Any]:
    modes = {row[4] for row in rows}
    labs = [lab for row in rows for lab in row[7]]
    if "do-not-proceed" in modes:
        return {"decision": "hard_stop_change_plan", "why": "do not proceed"}
    if "level" in modes:
        return {"decision": "lab_required_no_datetime", "why": "level", "labs": labs}
    if modes & {"shared", "continue-or-3-d", "no-number"}:
        return {"decision": "shared_decision_required", "why": "shared"}
    if modes <= {"none", "notify"}:
        return {"decision": "proceed_no_hold", "why": "none", "labs": labs}
    answer = _times(chart, medication, [row for row in rows if row[4] == "hold"], profile, cls)
    if medication["drug"] == "heparin" and medication.get("route") != "intravenous" and "start" in medication:
        begun, on = day_of(medication["start"]), day_of(chart["request"][0]["start"])
        if (on - begun).days > t.HEPARIN_LONG_DAYS:
            labs = [*labs, *t.HEPARIN_LABS]
    return {**answer, "labs": labs if answer["decision"] == "hold_with_plan" else []}


def answer(chart: Chart, profile: str = t.ASRA) -> dict[str, Any]:
    """The class and every drug of the first request of a chart, under one profile."""
    base = base_class(chart["request"][0], profile)
    cls = ESCALATES[base] if base in ESCALATES and escalated(chart, profile) else base
    drugs = {m["id"]: drug_answer(chart, m, profile, cls) for m in counted(chart)}
    return {
        "class": cls,
        "base": base,
        "mapped": mapped(chart["request"][0], profile),
        "drugs": drugs,
        "decision": worst([drug["decision"] for drug in drugs.values()]),
    }
