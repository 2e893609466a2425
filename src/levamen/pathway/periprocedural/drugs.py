"""One drug under one profile: the decision and its times, guards before arithmetic (docs/adr/0007, 7 to 17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from levamen.criteria.nodes import Cite, weakest
from levamen.criteria.outcome import Missing
from levamen.derive.dose_band import dose_in_doubt
from levamen.derive.dosing import Schedule, first_moment, last_moment, schedule
from levamen.knowledge.holds import Length
from levamen.pathway.periprocedural.agreement import answer_on
from levamen.pathway.periprocedural.answers import (
    BleedingClass,
    Decision,
    DrugAnswer,
    GuardAnswer,
    LabDue,
    worst_decision,
)
from levamen.pathway.periprocedural.labs import lab_due
from levamen.pathway.periprocedural.selection import ANTITHROMBOTIC, TRIALS_WITH_A_LEAD, Selected, Setting
from levamen.record import codes


class Taken(Struct, frozen=True):
    """The last dose as far as it is known: the latest instant it can have been. Absent: there is still time to stop.

    Not `known`: nobody recorded it, and it counts as taken now. `stopped`: the drug is no longer taken.
    """

    at: datetime | None = None
    known: bool = True
    stopped: bool = False


def answer(chosen: Selected, found: BleedingClass, setting: Setting, guards: Sequence[GuardAnswer]) -> DrugAnswer:
    """What the profile says of one drug, with what guards, agreements and missing facts make of it."""
    medication, drug = chosen.medication, chosen.drug
    classes = codes.classes_of(drug)
    prescribed = bool(classes & ANTITHROMBOTIC)
    row, name = chosen.row, codes.title(drug)
    base = DrugAnswer(
        profile=found.profile,
        medication=medication.id,
        drug=drug,
        decision="proceed_no_hold",
        why="",
        prescribed=prescribed,
        prescriber=medication.prescriber,
        notify_prescriber=row is not None and row.notify and (prescribed or medication.prescriber is not None),
        notes=tuple(_notes(chosen, setting)),
        missing=chosen.missing,
        cites=(*(row.cites if row is not None else ()), *found.cites),
        also=row.also if row is not None else (),
    )
    if found.word is None:
        return _nothing_known(
            base, f"this profile has no bleeding-risk class for this procedure, so nothing is said of {name}"
        )
    if row is None or row.mode == "no_source":
        if not prescribed:
            why = f"no source found on {name} in class {found.word}: nothing is known against going on"
            return replace(base, why=why, silent=True)
        return _nothing_known(base, f"no source found for {name} in class {found.word} of this profile")
    match row.mode:
        case "none":
            return _continued(base, chosen, found, setting)
        case "shared":
            return _asked_again(_shared(base, chosen, found, setting, guards), setting)
        case _:
            return _asked_again(_held(base, chosen, found, setting, guards), setting)


def _asked_again(found: DrugAnswer, setting: Setting) -> DrugAnswer:
    """Why the prescriber is asked although an answer is on file: it was given for another appointment."""
    said = answer_on(found.drug, setting) if found.needs_agreement else None
    return replace(found, why=f"{found.why}; {said.asked_again}") if said is not None and said.earlier else found


def _nothing_known(base: DrugAnswer, why: str) -> DrugAnswer:
    return replace(
        base, decision="do_not_hold_without_prescriber", why=why, needs_agreement=base.prescribed, silent=True
    )


def _continued(base: DrugAnswer, chosen: Selected, found: BleedingClass, setting: Setting) -> DrugAnswer:
    """The drug goes on. A laboratory limit for going on may already have failed."""
    labs = _labs(chosen, setting)
    failed = [lab for lab in labs if lab.status == "not_met"]
    name = codes.title(chosen.drug)
    if failed:
        return replace(base, decision="defer", why=f"{name} goes on, but {_failed(failed)}", labs=labs)
    final = (
        base.mark != "unverified" and not base.missing and all(lab.status == "met" for lab in labs) and found.certain
    )
    return replace(base, why=f"{name} is not held for class {found.word}", labs=labs, final=final)


def _shared(
    base: DrugAnswer, chosen: Selected, found: BleedingClass, setting: Setting, guards: Sequence[GuardAnswer]
) -> DrugAnswer:
    """The prescriber decides. Where stopping was agreed and the source says for how long, it is a hold."""
    said = answer_on(chosen.drug, setting)
    agreement = said.document if said is not None and said.earlier is None else None
    agreed = chosen.row.agreed if chosen.row is not None else None
    if agreement is not None and agreement.agrees == "hold" and agreed is not None and chosen.row is not None:
        row = replace(chosen.row, mode="hold", length=agreed.length, cites=(*chosen.row.cites, *agreed.cites))
        return _held(
            replace(base, cites=(*base.cites, *agreed.cites)), replace(chosen, row=row), found, setting, guards
        )
    name = codes.title(chosen.drug)
    why = f"class {found.word}: whether {name} is held is decided with the prescriber"
    if agreement is not None:
        says = {"continue": ": to go on with it", "hold": ": to hold it"}.get(agreement.agrees or "", "")
        why = f"{why}; the prescriber's answer is on file{says} ({agreement.id})"
    return replace(
        base,
        decision="shared_decision_required",
        why=why,
        needs_agreement=True,
        agreed=agreement.id if agreement is not None else None,
        labs=_labs(chosen, setting),
    )


def _held(
    base: DrugAnswer, chosen: Selected, found: BleedingClass, setting: Setting, guards: Sequence[GuardAnswer]
) -> DrugAnswer:
    """A drug that the profile stops: what forbids it, then what is missing, then the times."""
    assert chosen.row is not None  # noqa: S101 - a mode comes from a row
    name, classes = codes.title(chosen.drug), codes.classes_of(chosen.drug)
    said = answer_on(chosen.drug, setting)
    held = replace(
        base,
        needs_agreement=base.prescribed,
        agreed=said.agreed if said is not None else None,
        hold=str(chosen.row.length) if chosen.row.length is not None else None,
        labs=_labs(chosen, setting),
    )
    forbidding = [g for g in guards if g.fires and g.guard.forbids_holding & (classes | {chosen.drug})]
    if forbidding and not setting.done:
        decision = worst_decision(tuple(_forbids(guard) for guard in forbidding))
        why = f"{name} must not be held: {'; '.join(guard.guard.title for guard in forbidding)}"
        return replace(
            _untimed(held), decision=decision, why=why, effects=tuple(guard.guard.id for guard in forbidding)
        )
    if base.prescribed and chosen.drug != "aspirin" and not _indicated(chosen, setting):
        why = f"why {name} is taken is not on record, so it is not held without its prescriber"
        asked = Missing(kind="medications", what=f"indication of {name}", reason="value_missing", fact=base.medication)
        return replace(
            _untimed(held), decision="do_not_hold_without_prescriber", why=why, missing=(*held.missing, asked)
        )
    if said is not None and said.refuses:
        why = f"the prescriber says that {name} must go on ({said.document.id})"
        return replace(_untimed(held), decision="do_not_hold_without_prescriber", why=why)
    lacking = () if setting.done else tuple(_clearance_missing(chosen, setting))
    if lacking:
        creatinine = LabDue(
            tests=("creatinine",),
            limit=None,
            by=None,
            why=f"the hold of {name} depends on creatinine clearance",
            cites=chosen.row.cites,
        )
        why = f"{name} is held, for how long depends on creatinine clearance: {lacking[0].what}"
        return replace(
            _untimed(held),
            decision="lab_required_no_datetime",
            why=why,
            hold=None,
            labs=(creatinine,),
            missing=(*held.missing, *lacking),
        )
    failed = [lab for lab in held.labs if lab.status == "not_met"]
    if failed:
        return replace(_untimed(held), decision="defer", why=f"{name} was held, but {_failed(failed)}")
    if chosen.row.mode == "no_time_rule":
        if held.labs and all(lab.status == "met" for lab in held.labs):
            return replace(held, decision="hold_with_plan", why=f"{name}: no time rule; the level meets its limit")
        if not held.labs:
            why = f"the source says not to proceed on {name} at this creatinine clearance"
            return replace(_untimed(held), decision="hard_stop_change_plan", why=why)
        why = f"no time rule for {name} here: a level decides, or the procedure waits"
        return replace(_untimed(held), decision="lab_required_no_datetime", why=why, labs=held.labs)
    length = chosen.row.length
    if length is None or length.unit == "half-lives":
        asked = Missing(kind="knowledge", what=f"the half-life of {name}", reason="value_missing")
        why = f"{name} is held {length}; its half-life is in no source of this version, so ask a pharmacist"
        return replace(held, decision="shared_decision_required", why=why, missing=(*held.missing, asked))
    return _timed(held, chosen, length, found, setting, guards)


def _timed(
    held: DrugAnswer,
    chosen: Selected,
    length: Length,
    found: BleedingClass,
    setting: Setting,
    guards: Sequence[GuardAnswer],
) -> DrugAnswer:
    """The instants of a hold. None where the day has no time, a dose came too late, or a guard stops the procedure."""
    name = codes.title(chosen.drug)
    why = f"class {found.word}: {name} is held {length}"
    doses = schedule(chosen.medication, setting.zone)
    timed = _with_restart(held, chosen, doses, setting)
    stopping = [guard for guard in guards if guard.fires and guard.verdict in ("defer", "contraindicated")]
    if stopping and not setting.done:
        worst = worst_decision((*(guard.decision for guard in stopping), "hold_with_plan"))
        effects = tuple(guard.guard.id for guard in stopping)
        told = f"{why}, but not for a procedure that waits: {'; '.join(guard.guard.title for guard in stopping)}"
        return replace(_untimed(timed), decision=worst, why=told, effects=effects)
    if setting.start is None:
        asked = Missing(kind="request", what="day and time of the appointment", reason="value_missing")
        without = replace(_untimed(timed), labs=timed.labs)
        return replace(without, decision="hold_with_plan", why=why, missing=(*timed.missing, asked))
    stop_at = setting.start - _span(length, length.most)
    stop_latest = setting.start - _span(length, length.least)
    taken = Taken() if setting.done else last_taken(chosen, doses, stop_at, setting)
    missing = list(timed.missing)
    if taken.at is not None and taken.at > stop_at:
        if not taken.known:
            missing.append(_missing(chosen, f"last dose of {name} (counted as taken now)"))
        late = "its last dose is not known and counts as taken now" if not taken.known else "its last dose was too late"
        return replace(
            _untimed(timed),
            decision="defer",
            why=f"{why}, and {late}",
            earliest_procedure=taken.at + _span(length, length.most),
            missing=tuple(missing),
        )
    if not taken.stopped and not doses.known and not chosen.medication.as_needed:
        missing.append(_missing(chosen, f"dosing times of {name}"))
    lab_cites = tuple(cite for lab in timed.labs for cite in lab.cites)
    unverified = _weak((*timed.cites, *timed.restart_cites, *lab_cites))
    agreed = not timed.needs_agreement or timed.agreed is not None
    return replace(
        timed,
        decision="hold_with_plan",
        why=why,
        already_held=setting.done or taken.stopped or taken.at is not None,
        stop_at=stop_at,
        stop_latest=stop_latest if stop_latest != stop_at else None,
        last_dose=doses.last_at_or_before(stop_at),
        dose_taken=_if_taken(name, length),
        missing=tuple(dict.fromkeys(missing)),
        final=not (missing or unverified or timed.counted_from_start) and agreed and found.certain,
    )


def _weak(cites: Sequence[Cite]) -> bool:
    """Whether something in it is awaiting confirmation."""
    return weakest(tuple(cite.mark for cite in cites)) == "unverified"


def _with_restart(held: DrugAnswer, chosen: Selected, doses: Schedule, setting: Setting) -> DrugAnswer:
    """The restart as a rule in words, and as instants where the end of the procedure is known or planned."""
    row = chosen.restart
    if row is None:
        return replace(held, notes=(*held.notes, "no source found for when it is taken again: the prescriber says"))
    if row.none or row.after is None:
        note = "no automatic restart: a specialist decides"
        return replace(held, notes=(*held.notes, note), restart_cites=row.cites)
    worded = replace(held, restart=str(row.after), restart_cites=row.cites)
    if row.event == "bloody-tap":
        worded = replace(worded, notes=(*worded.notes, "blood at the needle: it is taken again later than usual"))
    in_place = setting.request.therapy in TRIALS_WITH_A_LEAD
    if in_place and setting.from_start:
        asked = Missing(kind="request", what="when the lead or catheter comes out", reason="value_missing")
        note = "stays held until the lead or catheter is out; the restart counts from its removal"
        return replace(worded, notes=(*worded.notes, note), missing=(*worded.missing, asked))
    if setting.end is None:
        return worded
    restart_from = setting.end + _span(row.after, row.after.most)
    earliest = setting.end + _span(row.after, row.after.least)
    return replace(
        worded,
        restart_from=restart_from,
        restart_earliest=earliest if earliest != restart_from else None,
        first_dose=doses.first_at_or_after(restart_from),
        counted_from_start=setting.from_start,
    )


def last_taken(chosen: Selected, doses: Schedule, stop_at: datetime, setting: Setting) -> Taken:
    """The last dose against the moment by which it must have been (docs/adr/0007, 14)."""
    medication = chosen.medication
    if medication.end is not None:
        ended = last_moment(medication.end, setting.zone)
        if medication.last_dose is not None and ended <= setting.now:
            ended = min(ended, last_moment(medication.last_dose, setting.zone))
        return Taken(ended, stopped=True)
    if setting.now <= stop_at:
        return Taken()
    if medication.last_dose is None:
        return Taken(setting.now, known=False)
    at = last_moment(medication.last_dose, setting.zone)
    if at > stop_at:
        return Taken(at)
    stated = medication.recorded or setting.stated
    young = stated is not None and first_moment(stated, setting.zone) >= stop_at
    if young or medication.stopped_because is not None:
        return Taken(at, stopped=medication.stopped_because is not None)
    return Taken(setting.now, known=False)


def _forbids(guard: GuardAnswer) -> Decision:
    """What the guard itself makes of a drug that it says must not be held."""
    if guard.guard.effect == "contraindicated":
        return "hard_stop_change_plan"
    return guard.decision if guard.decision != "proceed_no_hold" else "do_not_hold_without_prescriber"


def _indicated(chosen: Selected, setting: Setting) -> bool:
    """Whether somebody recorded why the drug is taken: on the medication, or as a problem that calls for it."""
    if chosen.medication.indication is not None:
        return True
    group = "antithrombotic-indication"
    return any(codes.entry("conditions", p.concept).get("group") == group for p in setting.problems if p.concept)


def _clearance_missing(chosen: Selected, setting: Setting) -> Iterable[Missing]:
    """Why the clearance cannot choose the row: not computable, too old, or on both sides of a cut."""
    found = setting.clearance
    if not chosen.needs_clearance or found.dialysis:
        return
    if found.least is None or found.most is None:
        yield from found.missing
    elif chosen.open_clearance or setting.renal.bracket(found.least) != setting.renal.bracket(found.most):
        what = "sex or birth date: the clearance could be in either bracket"
        yield Missing(kind="labs", what=f"creatinine clearance ({what})", reason="value_missing")


def _labs(chosen: Selected, setting: Setting) -> tuple[LabDue, ...]:
    if chosen.row is None:
        return ()
    return tuple(lab_due(rule, setting.labs, setting.start, setting.zone, setting.now) for rule in chosen.row.labs)


def _failed(labs: Sequence[LabDue]) -> str:
    return "; ".join(f"{codes.label('labs', lab.tests[0])} is {lab.result}, the limit is {lab.limit}" for lab in labs)


def _untimed(found: DrugAnswer) -> DrugAnswer:
    """No datetime and no test to come: what is not to happen is not printed. A test that failed stays."""
    return replace(
        found,
        stop_at=None,
        stop_latest=None,
        last_dose=None,
        restart_from=None,
        restart_earliest=None,
        first_dose=None,
        labs=tuple(lab for lab in found.labs if lab.status == "not_met"),
        final=False,
    )


def _span(length: Length, amount: object) -> timedelta:
    hours = Fraction(length.hours(amount))  # type: ignore[arg-type]  # least or most of the same length
    return timedelta(seconds=int(hours * 3600))


def _if_taken(name: str, length: Length) -> str:
    return (
        f"If a dose of {name} is taken after that, the procedure can be no earlier than {length} after that dose; "
        "call the clinic the same day."
    )


def _missing(chosen: Selected, what: str) -> Missing:
    return Missing(kind="medications", what=what, reason="value_missing", fact=chosen.medication.id)


def _notes(chosen: Selected, setting: Setting) -> Iterable[str]:
    if chosen.row is not None and chosen.row.note is not None:
        yield chosen.row.note
    if len(chosen.band.bands) > 1 and chosen.missing:
        yield "the dose is not clear: the longer hold and the later restart are used"
    doubt = dose_in_doubt(chosen.medication, setting.bands)
    if doubt is not None:
        yield doubt
