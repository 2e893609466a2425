"""Infection, fever and antibiotics: what is on record stops the plan now, the rest is asked on the day.

Values: values.yaml. Dossier: periprocedural safety, section 4c.
"""

from __future__ import annotations

from levamen.criteria.build import it_is
from levamen.criteria.nodes import (
    All,
    Any,
    Compare,
    Elapsed,
    Exists,
    Facts,
    Field,
    Latest,
    Not,
    Number,
    Same,
    Stated,
    The,
    Truth,
    Window,
)
from levamen.knowledge.guards import Guard
from levamen.knowledge.guards.build import STIMULATOR_OR_PUMP, answered, asks_for, guard, had, since
from levamen.knowledge.model import Values

COURSE = "the course is complete, the patient without fever for 48 hours, and well"
OLD = "If the entry is old, record that the infection is over."


def guards(v: Values) -> tuple[Guard, ...]:
    """Every guard of the topic."""
    return (*_on_record(v), *_antibiotics(v), *_asked(v))


def _recorded(v: Values, id: str, noun: str, *concepts: str, where: tuple[Truth, ...] = ()) -> Exists:
    """Such a problem of now is written down; whether there is another is asked on the day."""
    return Exists(
        Facts("problems", noun, All((it_is("concept", v.words(id, *concepts)), *where)), closed_by="recorded")
    )


def _on_record(v: Values) -> tuple[Guard, ...]:
    found = it_is("concept", v.words("local", "needle-path-skin-lesion"))
    here = Same("region", "overlaps")
    local = Any((
        _recorded(v, "local", "infection at the needle path", "local-infection"),
        _recorded(v, "local", "case of shingles at the needle path", "acute-herpes-zoster", where=(here,)),
        The(
            Latest(Facts("findings", "skin lesion at the needle path", found, closed_by="recorded")),
            Stated(Field("it", "present")),
        ),
    ))  # fmt: skip
    hours = Window("rolling", v.limits("fever-free")[0], "inside")
    hot = Compare(Number(Field("it", "value")), v.limits("fever-temperature"))
    fever = Any((
        Exists(Facts("readings", "temperature of a fever",
                     All((it_is("test", v.words("fever-temperature", "temperature")), hot)), hours, "recorded")),
        Exists(Facts("finding-history", "fever",
                     All((it_is("concept", v.words("systemic", "fever")), Stated(Field("it", "present")))),
                     hours, "recorded")),
    ))  # fmt: skip
    implant = asks_for(v, "remote-for-implant", STIMULATOR_OR_PUMP)
    return (
        guard(
            v,
            "infection-local",
            local,
            by="local",
            title="Infection at the needle path",
            effect="contraindicated",
            decision="hard_stop_change_plan",
            do=f"{v.says('local')}.",
            who="pain-physician",
            until="the infection has healed",
        ),
        guard(
            v,
            "infection-systemic",
            _recorded(v, "systemic", "systemic or spinal infection", "systemic-infection", "spinal-infection"),
            by="systemic",
            title="Systemic or spinal infection",
            effect="defer",
            decision="defer",
            do=f"{v.says('systemic')}. {OLD}",
            who="pain-physician",
            until="the infection is treated",
        ),
        guard(
            v,
            "infection-untreated",
            _recorded(v, "systemic", "infection", "urinary-tract-infection", "dental-infection"),
            by="systemic",
            title="Infection elsewhere that is not over",
            effect="defer",
            decision="defer",
            applies=Not(implant),
            do=f"{v.says('systemic')}. {OLD}",
            who="pain-physician",
            until="the infection is treated",
        ),
        guard(
            v,
            "fever-recent",
            fever,
            by=("systemic", "fever-temperature", "fever-free"),
            title="Fever in the last 48 hours",
            effect="defer",
            decision="defer",
            remedy="time",
            do="Wait until there was no fever for 48 hours, then ask again.",
            who="nurse",
        ),
        guard(
            v,
            "influenza-or-covid",
            had(v, "influenza-or-covid", "influenza or COVID-19 of the last 10 days", "influenza", "covid-19",
                where=(since(v.limits("influenza-or-covid")),), on_record=True),
            by="influenza-or-covid",
            title="Influenza or COVID-19 less than 10 days before",
            effect="defer",
            decision="defer",
            remedy="time",
            do="Wait at least 10 days from the onset and 24 hours without fever without a drug against it.",
            who="pain-physician",
        ),
        guard(
            v,
            "cold",
            _recorded(v, "cold", "cold", "upper-respiratory-infection"),
            by="cold",
            title="Mild cold",
            effect="caution",
            decision="proceed_no_hold",
            do=f"{v.says('cold')}.",
            who="pain-physician",
        ),
        guard(
            v,
            "infection-elsewhere-implant",
            _recorded(v, "remote-for-implant", "infection elsewhere", "urinary-tract-infection", "dental-infection",
                      "local-infection", "upper-respiratory-infection", "influenza", "covid-19", "acute-herpes-zoster"),
            by="remote-for-implant",
            title="Infection elsewhere before an implant",
            effect="defer",
            decision="defer",
            applies=implant,
            do=f"{v.says('remote-for-implant')}. {OLD}",
            who="pain-physician",
            until="the infection is treated",
        ),
        guard(
            v,
            "carriage-implant",
            _recorded(v, "decolonize", "carriage of MSSA or MRSA", "mrsa-carriage"),
            by="decolonize",
            title="Carrier of MSSA or MRSA before an implant",
            effect="caution",
            decision="proceed_no_hold",
            applies=implant,
            do=f"{v.says('decolonize')}.",
            who="nurse",
        ),
    )  # fmt: skip


def _course(v: Values, limit: str) -> Truth:
    """An antibiotic without an end, or whose end lies less than so long before the service date, or after it.

    The nasal one that a carrier is given before an implant treats no infection.
    """
    carried = it_is("classes", v.words("decolonize", "mupirocin"))
    kind = All((it_is("classes", v.choices("antibiotic")), Not(carried)))
    ended = Compare(Elapsed(Field("it", "end")), v.limits(limit))
    return Any((
        Exists(Facts("ongoing-medications", "antibiotic that is still taken", kind, closed_by="recorded")),
        Exists(Facts("medication-history", "antibiotic that has just ended",
                     All((kind, ended)), closed_by="recorded")),
    ))  # fmt: skip


def _antibiotics(v: Values) -> tuple[Guard, ...]:
    implant = asks_for(v, "remote-for-implant", STIMULATOR_OR_PUMP)
    return (
        guard(
            v,
            "antibiotics",
            _course(v, "antibiotics-finished"),
            by=("antibiotic", "antibiotics-finished"),
            title="Antibiotics now, or ended less than 48 hours before",
            effect="defer",
            decision="defer",
            remedy="time",
            do=f"Wait until {COURSE}.",
            who="nurse",
            until=COURSE,
        ),
        guard(
            v,
            "antibiotics-implant",
            _course(v, "antibiotics-finished-implant"),
            by=("antibiotic", "antibiotics-finished-implant"),
            title="Antibiotics ended less than 7 days before an implant",
            effect="defer",
            decision="defer",
            remedy="time",
            applies=implant,
            do="Wait until the course is complete and the patient well for 7 days.",
            who="nurse",
            until="the course is complete and the patient well for 7 days",
        ),
    )


def _asked(v: Values) -> tuple[Guard, ...]:
    explained = Exists(
        Facts(
            "medication-history",
            "course of antibiotics that ended in the last week",
            All((
                it_is("classes", v.choices("antibiotic")),
                Not(Compare(Elapsed(Field("it", "end")), v.limits("antibiotics-finished"))),
                Compare(Elapsed(Field("it", "end")), v.limits("antibiotics-asked-about")),
            )),
            closed_by="recorded",
        )
    )  # fmt: skip
    rows = (
        ("infection-asked", answered(v, "infection", "yes", "asked-on-the-day"), ("systemic", "asked-on-the-day"),
         "The patient reports an infection",
         f"Record what it is. {v.says('cold')}. Anything else: defer, and ask again when it is over."),
        ("fever-asked", answered(v, "fever", "yes", "asked-on-the-day"), ("systemic", "asked-on-the-day"),
         "The patient reports fever or chills", "Defer, and ask again after 48 hours without fever."),
        ("antibiotics-asked", All((answered(v, "antibiotics", "yes", "asked-on-the-day"), Not(explained))),
         ("antibiotics-finished", "antibiotics-asked-about", "asked-on-the-day"),
         "The patient reports antibiotics", f"Record the drug and the end of the course; wait until {COURSE}."),
    )  # fmt: skip
    return tuple(
        guard(
            v,
            id,
            hazard,
            by=by,
            title=title,
            effect="defer",
            decision="defer",
            due="day",
            do=do,
            who="nurse",
            until=COURSE if id == "antibiotics-asked" else "the infection is over",
        )
        for id, hazard, by, title, do in rows
    )
