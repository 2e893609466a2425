"""ASIPP 2021, epidural interventions: injections by condition, region and approach, and adhesiolysis after them.

When the pain is no longer acute and a disc is herniated: caudal, lumbar interlaminar or transforaminal, cervical
interlaminar (Level I), thoracic (Level II). When the canal is narrow: lumbar or cervical interlaminar (Level II),
caudal (III to II), lumbar transforaminal (IV to III). Elsewhere it is silent. Axial and post-surgical pain are not
confirmed and stay open. Where conservative care and such injections failed, a disc is herniated or the lumbar canal
narrow: percutaneous adhesiolysis (Level II).
Sources and amounts: values.yaml. Dossier: spine injections, sections 1.2 and 7.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    it_is,
    pain,
    pain_lasted,
    problem,
    procedures,
    same_region,
)
from levamen.criteria.nodes import (
    All,
    Among,
    Any,
    Choice,
    Criterion,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Stated,
    Truth,
)
from levamen.knowledge.model import Rule, Values


def rules(v: Values) -> tuple[Rule, ...]:
    """Injections, with as many branches as the digest has rows and no requirement beyond them; and adhesiolysis."""
    return (
        Rule(
            id="recommended",
            therapies=frozenset({"epidural-steroid-injection"}),
            scope=(v.criterion("chronic", pain_lasted(v.limits("chronic")), remedy="none"), recommended(v)),
            strength="Level I to IV by condition, region and approach, as listed",
        ),
        Rule(
            id="adhesiolysis",
            therapies=frozenset({"epidural-adhesiolysis"}),
            scope=(v.criterion("chronic", pain_lasted(v.limits("chronic")), remedy="none"), adhesiolysis_for(v)),
            requirements=after_injections(v),
            strength="Level II, moderate to strong",
        ),
    )


def recommended(v: Values) -> Criterion:
    """The condition together with a region and an approach that the digest names for it."""
    disc = present(v, "disc herniation in the region", v.choices("disc-herniation"), v.choices("disc-herniation"))
    narrow = present(v, "stenosis in the region", v.choices("stenosis"), v.choices("stenosis-findings"))
    return v.criterion(
        "recommended",
        Any((
            All((disc, disc_approach(v))),
            All((narrow, stenosis_approach(v))),
            axial(v),
            after_surgery(v),
        )),
        by=(
            "disc-herniation",
            "disc-lumbar",
            "disc-cervical",
            "disc-thoracic",
            "stenosis",
            "stenosis-findings",
            "stenosis-caudal",
            "stenosis-interlaminar",
            "stenosis-transforaminal",
            "regions",
        ),
        remedy="none",
    )  # fmt: skip


def present(v: Values, noun: str, problems: tuple[Choice, ...], findings: tuple[Choice, ...]) -> Truth:
    """On the problem list or found on imaging."""
    here = same_region(v.grouping("regions"))
    found = All((it_is("concept", findings), Stated(Field("it", "present")), here))
    return Any(
        (problem(noun, problems, here), Exists(Facts("findings", f"finding of {noun}", found, closed_by="present")))
    )


def region(v: Values, id: str, *words: str) -> Among:
    return asked_is("region", v.words(id, *words))


def approach(v: Values, id: str, word: str) -> Among:
    return asked_is("approach", v.words(id, word))


def disc_approach(v: Values) -> Truth:
    """Level I in the low back and, between the laminae, in the neck; Level II in the thorax."""
    return Any((
        All((region(v, "disc-lumbar", "lumbar", "sacral"), asked_is("approach", v.choices("disc-lumbar")))),
        All((region(v, "disc-cervical", "cervical"), asked_is("approach", v.choices("disc-cervical")))),
        asked_is("region", v.choices("disc-thoracic")),
    ))  # fmt: skip


def stenosis_approach(v: Values) -> Truth:
    """Between the laminae Level II, caudal III to II, through the foramen IV to III."""
    between, through = "stenosis-interlaminar", "stenosis-transforaminal"
    return Any((
        All((
            region(v, "stenosis-caudal", "lumbar", "sacral"), asked_is("approach", v.choices("stenosis-caudal"))
        )),
        All((asked_is("region", v.choices(between)), approach(v, between, "interlaminar"))),
        All((asked_is("region", v.choices(through)), approach(v, through, "transforaminal"))),
    ))  # fmt: skip


def axial(v: Values) -> Truth:
    """Axial or discogenic pain that is not of the facets or the sacroiliac joint: not confirmed."""
    other = problem("facet or sacroiliac pain", v.choices("axial-other-cause"))
    pattern = pain(it_is("pattern", v.words("axial-approach", "axial")))
    return All((pattern, asked_is("approach", v.choices("axial-approach")), Not(other)))


def after_surgery(v: Values) -> Truth:
    """After spinal surgery: caudal, or between the laminae of the neck: not confirmed."""
    id = "post-surgery"
    cervical = All((region(v, id, "cervical"), approach(v, id, "interlaminar")))
    return All((problem("pain after spinal surgery", v.choices(id)), Any((approach(v, id, "caudal"), cervical))))


def adhesiolysis_for(v: Values) -> Criterion:
    """A herniated disc, or stenosis of the lumbar spine; after spinal surgery it is not confirmed."""
    disc = present(v, "disc herniation in the region", v.choices("disc-herniation"), v.choices("disc-herniation"))
    narrow = present(v, "stenosis in the region", v.choices("stenosis"), v.choices("stenosis-findings"))
    after = problem("pain after spinal surgery", v.choices("adhesiolysis-post-surgery"))
    truth = Any((
        All((disc, asked_is("region", v.choices("adhesiolysis-disc")))),
        All((narrow, asked_is("region", v.choices("adhesiolysis-stenosis")))),
        after,
    ))  # fmt: skip
    by = ("adhesiolysis-disc", "adhesiolysis-stenosis", "disc-herniation", "stenosis", "stenosis-findings", "regions")
    return v.criterion("adhesiolysis-for", truth, by=by, remedy="none")


def after_injections(v: Values) -> tuple[Criterion, ...]:
    """Conservative management failed, and so did epidural injections under fluoroscopy."""
    failed = it_is("response", v.choices("adhesiolysis-care-failed"))
    care = Facts("conservative-care", "conservative care that did not help", failed)
    epidural = procedures(
        "epidural injection under fluoroscopy in the region",
        it_is("therapy", v.choices("adhesiolysis-epidural")),
        it_is("guidance", v.choices("adhesiolysis-epidural-guidance")),
        same_region(v.grouping("regions")),
        window=SINCE_THIS_PAIN,
    )
    injection = (Need(kind="therapy", what="epidural-steroid-injection", therapy="epidural-steroid-injection"),)
    physical = (Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),)
    did_not_help = IfThen(Exists(epidural), v.judged("adhesiolysis-epidural-failed"))
    by = ("adhesiolysis-epidural", "adhesiolysis-epidural-guidance", "regions")
    return (
        v.criterion("adhesiolysis-care-failed", Exists(care), remedy="action", needs=physical),
        v.criterion("adhesiolysis-epidural", Exists(epidural), by=by, remedy="action", needs=injection),
        v.criterion("adhesiolysis-epidural-failed", did_not_help, remedy="none"),
    )
