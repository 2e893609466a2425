"""Synthetic plans and the charts behind them, built by hand: what a plan says, whoever computed it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from levamen.criteria.nodes import Any, Cite, Criterion
from levamen.criteria.outcome import Missing
from levamen.derive.renal import Clearance
from levamen.knowledge.guards import Guard
from levamen.pathway.obligations import Obligation
from levamen.pathway.periprocedural.answers import (
    BleedingClass,
    DrugAnswer,
    GuardAnswer,
    LabDue,
    Plan,
    ProfileAnswer,
    Task,
)
from levamen.pathway.privileges import Finding
from levamen.record.facts import Medication, Problem, Record, Request
from levamen.record.timeline import When

NEW_YORK = ZoneInfo("America/New_York")
MADRID = ZoneInfo("Europe/Madrid")
ASRA = "asra-pain-2018"
ASRA_TITLE = "ASRA/ESRA/AAPM/INS/NANS/WIP 2018: interventional pain procedures on antithrombotics, 2nd edition"
ASIPP_TITLE = "ASIPP 2024: antiplatelet and anticoagulant therapy around interventional techniques"


def taken(days: int) -> str:
    return (
        f"If a dose is taken after that, the procedure can be no earlier than {days} days after that dose; "
        "call the clinic the same day."
    )


def local(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone).astimezone(UTC)


def adopted(source: str = "PUBCALC-ASRA", locator: str = "drug table") -> tuple[Cite, ...]:
    return (Cite(source, locator, "adopted"),)


def unverified(source: str = "PUBCALC-ASRA", locator: str = "drug table") -> tuple[Cite, ...]:
    return (Cite(source, locator, "unverified"),)


def profile(drugs: tuple[DrugAnswer, ...], word: str = "intermediate", **changes: object) -> ProfileAnswer:
    return replace(
        ProfileAnswer(
            profile=ASRA,
            title=ASRA_TITLE,
            bleeding_class=BleedingClass(
                profile=ASRA,
                base=word,
                word=word,
                procedures=("transforaminal_esi_lumbar",),
                cites=(Cite("UTD-ASRA-CLASS", "graphic 144053", "secondary"),),
            ),
            drugs=drugs,
            decision="hold_with_plan",
        ),
        **changes,
    )


def asipp(drugs: tuple[DrugAnswer, ...], word: str = "low") -> ProfileAnswer:
    return ProfileAnswer(
        profile="asipp-2024",
        title=ASIPP_TITLE,
        bleeding_class=BleedingClass(
            profile="asipp-2024", base=word, word=word, cites=(Cite("PATHWAY-ASIPP", "risk lists", "secondary"),)
        ),
        drugs=drugs,
        decision="hold_with_plan",
    )


def guard(id: str, title: str, do: str, **changes: object) -> GuardAnswer:
    """A guard answered; what the hazard itself reads does not matter to who writes it down."""
    made = Guard(
        id=id,
        topic="antithrombotics",
        title=title,
        hazard=Criterion(id=id, says=Any(()), cites=(Cite("ACC-2016-DAPT", "table", "secondary"),), remedy="none"),
        effect="defer",
        decision="defer",
        due="plan",
        do=do,
        who="physician",
    )
    answer = GuardAnswer(guard=made, status="met", verdict="defer", decision="defer", fires=True)
    return replace(answer, **changes)


def plan(active: ProfileAnswer, **fields: object) -> Plan:
    start = local(NEW_YORK, 2026, 3, 24, 10, 0)
    return replace(
        Plan(
            patient="synthetic-weaver",
            request=Request(
                id="request-1",
                therapy="epidural-steroid-injection",
                approach="transforaminal",
                region="lumbar",
                side="right",
                foramina=frozenset({"L5-S1"}),
                start=When(date(2026, 3, 24), date(2026, 3, 24), start),
            ),
            start=start,
            end=start + timedelta(minutes=30),
            zone=NEW_YORK,
            on=date(2026, 3, 24),
            as_of=date(2026, 3, 10),
            moment="2026-03-10",
            active=active,
            others=(),
            guards=(),
            findings=(),
            clearance=None,
            decision="hold_with_plan",
            safety="clear",
            reasons=(),
            until=None,
            tasks=(),
            obligations=(),
            notes=(),
            missing=(),
            unresolved=(),
            fingerprint="5f3a09c1",
            final=True,
            knowledge="0123456789abcdef",
            knowledge_date=date(2026, 11, 21),
        ),
        **fields,
    )


def apixaban() -> Plan:
    """Apixaban twice a day, lumbar transforaminal, agreed: final."""
    start = local(NEW_YORK, 2026, 3, 24, 10, 0)
    drug = DrugAnswer(
        profile=ASRA,
        medication="med-apixaban",
        drug="apixaban",
        decision="hold_with_plan",
        why="held for 3 days before an intermediate-risk procedure",
        hold="3 days",
        restart="24 hours",
        stop_at=start - timedelta(hours=72),
        last_dose=local(NEW_YORK, 2026, 3, 21, 8, 0),
        restart_from=start + timedelta(hours=24, minutes=30),
        first_dose=local(NEW_YORK, 2026, 3, 25, 20, 0),
        prescribed=True,
        needs_agreement=True,
        agreed="agreement-1",
        prescriber="Dr Romero, cardiology",
        dose_taken=taken(days=3),
        cites=adopted(),
        final=True,
    )
    shorter = replace(
        drug,
        profile="asipp-2024",
        hold="1 day",
        restart=None,
        stop_at=start - timedelta(hours=24),
        last_dose=local(NEW_YORK, 2026, 3, 23, 8, 0),
        restart_from=None,
        first_dose=None,
        cites=(Cite("PATHWAY-ASIPP", "drug table", "secondary"),),
        dose_taken=None,
    )
    return plan(
        profile((drug,)),
        others=(asipp((shorter,)),),
        guards=(
            guard(
                "fever",
                "Infection or fever",
                "ask on the day about infection, fever and antibiotics",
                fires=False,
                ask_on_the_day=True,
                verdict="clear",
                decision="proceed_no_hold",
                status="unknown",
            ),
            guard(
                "recent-stent",
                "Recent coronary stent",
                "wait",
                fires=False,
                verdict="clear",
                decision="proceed_no_hold",
                status="not_met",
            ),
        ),
        clearance=Clearance(
            least=Fraction(500, 7),
            most=Fraction(500, 7),
            day=When.on(date(2026, 3, 5)),
            read=("lab-creatinine",),
        ),
        tasks=(
            Task(
                id="call-before",
                kind="ask",
                what="Call: last dose taken, fever, who drives",
                who="nurse",
                at=local(NEW_YORK, 2026, 3, 23, 9, 0),
            ),
            Task(
                id="stop-apixaban",
                kind="stop",
                what="Last dose of apixaban",
                who="patient",
                at=local(NEW_YORK, 2026, 3, 21, 8, 0),
                drug="apixaban",
            ),
            Task(
                id="call-after",
                kind="watch",
                what="Call: legs, bladder, restart tonight",
                who="nurse",
                at=local(NEW_YORK, 2026, 3, 25, 9, 0),
            ),
        ),
    )


def warfarin() -> Plan:
    """Warfarin, cervical interlaminar, INR asked, the prescriber has not answered: not final."""
    start = local(NEW_YORK, 2026, 4, 14, 8, 30)
    drug = DrugAnswer(
        profile=ASRA,
        medication="med-warfarin",
        drug="warfarin",
        decision="hold_with_plan",
        why="held for 5 days before a high-risk procedure",
        hold="5 days",
        restart="6 to 24 hours",
        stop_at=start - timedelta(days=5),
        last_dose=local(NEW_YORK, 2026, 4, 8, 18, 0),
        restart_from=start + timedelta(hours=24, minutes=45),
        restart_earliest=start + timedelta(hours=6, minutes=45),
        first_dose=local(NEW_YORK, 2026, 4, 15, 18, 0),
        labs=(
            LabDue(
                tests=("inr",),
                limit="INR at most 1.2",
                by=start - timedelta(hours=24),
                why="warfarin was held",
                cites=(Cite("UTD-ASRA-DRUG", "warfarin", "secondary"),),
            ),
        ),
        prescribed=True,
        needs_agreement=True,
        prescriber="Dr Stone, primary care",
        dose_taken=taken(days=5),
        cites=(Cite("UTD-ASRA-DRUG", "warfarin", "secondary"),),
    )
    return plan(
        profile((drug,), "high"),
        patient="synthetic-okafor",
        request=Request(
            id="request-1",
            therapy="epidural-steroid-injection",
            approach="interlaminar",
            region="cervical",
            interspaces=frozenset({"C7-T1"}),
        ),
        start=start,
        end=start + timedelta(minutes=45),
        on=date(2026, 4, 14),
        as_of=date(2026, 3, 30),
        moment="2026-03-30T09:25:00-04:00",
        findings=(
            Finding(status="caution", reason="contrast", says="Contrast is not said; name it."),
            Finding(status="unknown", reason="operator-unknown", says="No operator is named; name who does it."),
        ),
        safety="unknown",
        reasons=("the prescriber of warfarin has not agreed",),
        missing=(
            Missing(
                kind="documents", what="the prescriber's agreement to hold and restart warfarin", reason="not_recorded"
            ),
        ),
        final=False,
    )


def stent() -> Plan:
    """Aspirin and clopidogrel with a recent stent: deferred, and no stop time."""
    until = date(2026, 9, 2)
    held = DrugAnswer(
        profile=ASRA,
        medication="med-clopidogrel",
        drug="clopidogrel",
        decision="defer",
        why="a coronary stent was placed on 2026-03-02; holding is unsafe until 2026-09-02",
        hold="7 days",
        prescribed=True,
        needs_agreement=True,
        prescriber="Dr Romero, cardiology",
        effects=("recent-stent",),
        cites=unverified(),
    )
    aspirin = replace(
        held,
        medication="med-aspirin",
        drug="aspirin",
        hold="6 days",
        cites=(Cite("UTD-ASRA-DRUG", "aspirin", "secondary"),),
    )
    return plan(
        profile((held, aspirin), decision="defer"),
        patient="synthetic-lind",
        guards=(guard("recent-stent", "Recent coronary stent", "wait, or do without holding", until=until),),
        decision="defer",
        safety="defer",
        reasons=("a coronary stent was placed on 2026-03-02",),
        until=until,
        final=False,
    )


def shared() -> Plan:
    """Rivaroxaban and a lumbar medial branch block: decided with the prescriber; aspirin goes on."""
    drug = DrugAnswer(
        profile=ASRA,
        medication="med-rivaroxaban",
        drug="rivaroxaban",
        decision="shared_decision_required",
        why="low-risk procedure: no automatic hold",
        prescribed=True,
        needs_agreement=True,
        cites=unverified(),
    )
    aspirin = DrugAnswer(
        profile=ASRA,
        medication="med-aspirin",
        drug="aspirin",
        decision="proceed_no_hold",
        why="not held before a low-risk procedure",
        cites=(Cite("UTD-ASRA-DRUG", "aspirin", "secondary"),),
        final=True,
    )
    return plan(
        profile((drug, aspirin), "low", decision="shared_decision_required"),
        patient="synthetic-marsh",
        request=Request(
            id="request-1",
            therapy="medial-branch-block",
            region="lumbar",
            side="both",
            joints=frozenset({"L4-5", "L5-S1"}),
        ),
        decision="shared_decision_required",
        safety="unknown",
        missing=(Missing(kind="documents", what="the prescriber's decision on rivaroxaban", reason="not_recorded"),),
        final=False,
    )


def creatinine() -> Plan:
    """Dabigatran without a creatinine: a laboratory test first, no stop time."""
    start = local(MADRID, 2026, 5, 12, 9, 0)
    lab = LabDue(
        tests=("creatinine",),
        limit=None,
        by=local(MADRID, 2026, 5, 5, 9, 0),
        why="the hold of dabigatran depends on creatinine clearance",
        cites=(Cite("UTD-ASRA-DRUG", "dabigatran", "unverified"),),
    )
    drug = DrugAnswer(
        profile=ASRA,
        medication="med-dabigatran",
        drug="dabigatran-etexilate",
        decision="lab_required_no_datetime",
        why="no creatinine of the last 30 days",
        labs=(lab,),
        prescribed=True,
        needs_agreement=True,
        missing=(Missing(kind="labs", what="a creatinine of the last 30 days", reason="not_recorded"),),
        cites=unverified(),
    )
    return plan(
        profile((drug,), decision="lab_required_no_datetime"),
        patient="synthetic-vega",
        zone=MADRID,
        start=start,
        end=None,
        on=date(2026, 5, 12),
        as_of=date(2026, 4, 20),
        moment="2026-04-20",
        clearance=Clearance(
            missing=(Missing(kind="labs", what="a creatinine of the last 30 days", reason="not_recorded"),),
        ),
        decision="lab_required_no_datetime",
        safety="unknown",
        missing=(Missing(kind="labs", what="a creatinine of the last 30 days", reason="not_recorded"),),
        final=False,
    )


def trial() -> Plan:
    """A stimulation trial: clopidogrel stays held until the lead is out; no restart time."""
    start = local(NEW_YORK, 2026, 6, 16, 11, 0)
    drug = DrugAnswer(
        profile=ASRA,
        medication="med-clopidogrel",
        drug="clopidogrel",
        decision="hold_with_plan",
        why="held for 7 days before a high-risk procedure; it stays held until the lead is out",
        hold="7 days",
        restart="24 hours",
        stop_at=start - timedelta(days=7),
        last_dose=local(NEW_YORK, 2026, 6, 9, 8, 0),
        prescribed=True,
        needs_agreement=True,
        agreed="agreement-3",
        prescriber="Dr Stone, primary care",
        notes=("the day on which the lead is removed is not known: no restart time",),
        cites=adopted(),
        final=True,
    )
    return plan(
        profile((drug,), "high"),
        patient="synthetic-haas",
        request=Request(
            id="request-1", therapy="spinal-cord-stimulation-trial", region="thoracic", lead="percutaneous"
        ),
        start=start,
        end=start + timedelta(hours=2),
        on=date(2026, 6, 16),
        as_of=date(2026, 6, 1),
        moment="2026-06-01",
        safety="caution",
    )


def superseding() -> Plan:
    """The second plan: moved to the week in which the clocks go back; the first sheet must be recalled."""
    start = local(NEW_YORK, 2026, 11, 3, 10, 0)
    drug = replace(
        apixaban().active.drugs[0],
        stop_at=start - timedelta(hours=72),
        last_dose=local(NEW_YORK, 2026, 10, 31, 8, 0),
        restart_from=start + timedelta(hours=24, minutes=30),
        first_dose=local(NEW_YORK, 2026, 11, 4, 20, 0),
        dose_taken=taken(days=3),
    )
    return plan(
        profile((drug,)),
        start=start,
        end=start + timedelta(minutes=30),
        on=date(2026, 11, 3),
        as_of=date(2026, 10, 20),
        moment="2026-10-20T16:00:00-04:00",
        number=2,
        supersedes=1,
        changes=("the appointment moved from 2026-10-27 to 2026-11-03",),
        obligations=(
            Obligation(
                id="recall-old-sheet",
                what="recall sheet 1 and give out sheet 2",
                who="nurse",
                due=date(2026, 10, 31),
                why="the appointment moved",
                cites=(),
            ),
        ),
    )


def first_of_superseding() -> Plan:
    """What `superseding` replaced: the same hold a week earlier, with a call that no longer takes place."""
    week = timedelta(days=7)
    second = superseding()
    assert second.start is not None
    assert second.end is not None
    hour = timedelta(hours=1)  # a week earlier the clocks had not gone back
    drug = second.active.drugs[0]
    start = second.start - week - hour
    moved = replace(
        drug,
        stop_at=start - timedelta(hours=72),
        last_dose=local(NEW_YORK, 2026, 10, 24, 8, 0),
        restart_from=start + timedelta(hours=24, minutes=30),
        first_dose=local(NEW_YORK, 2026, 10, 28, 20, 0),
    )
    call = Task(
        id="call-before", kind="ask", what="Call: last dose taken", who="nurse", at=local(NEW_YORK, 2026, 10, 26, 9, 0)
    )
    return replace(
        second,
        number=1,
        supersedes=None,
        changes=(),
        obligations=(),
        start=start,
        end=start + timedelta(minutes=30),
        active=replace(second.active, drugs=(moved,)),
        tasks=(call,),
    )


PLANS = {
    "apixaban": apixaban,
    "warfarin": warfarin,
    "stent": stent,
    "shared": shared,
    "creatinine": creatinine,
    "trial": trial,
    "superseding": superseding,
}


def record(made: Plan) -> Record:
    """The chart behind a plan: its medications with dose, schedule and indication."""
    doses = {"apixaban": ("5 mg", ("08:00", "20:00")), "warfarin": ("5 mg", ("18:00",))}
    facts: list[Medication | Problem] = []
    for drug in made.active.drugs:
        dose, times = doses.get(drug.drug, ("75 mg", ("08:00",)))
        facts.append(
            Medication(
                id=drug.medication,
                drug=drug.drug,
                dose=dose,
                times=times,
                indication="atrial-fibrillation" if drug.drug == "apixaban" else None,
                prescriber=drug.prescriber,
            )
        )
    if made.patient == "synthetic-okafor":
        facts.append(Problem(id="problem-1", concept="atrial-fibrillation", status="active"))
    return Record(id=made.patient, zone=made.zone.key, facts=tuple(facts), requests=(made.request,))
