"""eviCore CMM-200: epidural steroid injections, and the diagnostic nerve root block.

When four weeks of conservative care failed, and imaging within two years agrees with the examination: an injection, at
two adjacent foramina or one interspace. When the previous one took half the pain for two weeks and function or
medication improved: again after 14 days, three times in six months and four in twelve at most. Not for axial pain,
not under ultrasound, not blind. A diagnostic root block: one level, local anesthetic only, for a reason.
Sources and amounts: values.yaml. Dossier: spine injections, sections 1.6 and 1.1 (selective nerve root block).
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    it_is,
    latest,
    no_more,
    pain,
    problem,
    procedures,
    relief_held,
    rolling,
    same_region,
    sessions,
)
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Among,
    Any,
    Choice,
    Compare,
    Criterion,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Number,
    Readings,
    Stated,
    Window,
)
from levamen.knowledge.model import Rule, Values

INJECTION, ROOT_BLOCK = "epidural-steroid-injection", "selective-nerve-root-block"
REGIONS = ("regions-apart", "regions-together")
NEVER = Any(())
"""What the forms that do not name it make of it."""


def rules(v: Values) -> tuple[Rule, ...]:
    """The injection and the diagnostic root block. On a root block as treatment nothing was seen."""
    return (
        Rule(
            id="injection",
            therapies=frozenset({INJECTION}),
            exclusions=(*technique_exclusions(v), *injection_exclusions(v)),
            requirements=(*before(v), *levels(v), *how_often(v)),
        ),
        Rule(
            id="diagnostic-root-block",
            therapies=frozenset({ROOT_BLOCK}),
            purposes=frozenset({"diagnostic"}),
            exclusions=technique_exclusions(v),
            requirements=root_block(v),
        ),
    )


def technique_exclusions(v: Values) -> tuple[Criterion, ...]:
    """Ultrasound or blind, and biologics."""
    return (
        v.criterion("guidance-denied", asked_is("guidance", v.choices("guidance-denied")), remedy="none"),
        v.criterion("biologics", asked_is("drugs", v.choices("biologics")), remedy="none"),
    )


def injection_exclusions(v: Values) -> tuple[Criterion, ...]:
    """Axial pain; caudal for a high level without a reason; post-herpetic neuralgia in an older form."""
    neuralgia = problem("post-herpetic neuralgia", v.choices("post-herpetic-neuralgia"))
    other = pain(it_is("pattern", v.words("post-herpetic-neuralgia", "radicular", "neurogenic-claudication")))
    caudal = asked_is("approach", v.words("caudal-reason", "caudal"))
    return (
        v.criterion("axial-pain", pain(it_is("pattern", v.choices("axial-pain"))), remedy="none"),
        v.criterion("post-herpetic-neuralgia", Readings((All((neuralgia, Not(other))), NEVER)), remedy="none"),
        v.criterion("caudal-reason", All((caudal, Not(v.judged("caudal-reason")))), remedy="none"),
    )


def before(v: Values) -> tuple[Criterion, ...]:
    """Failed care, and a picture or nerve test that agrees with the examination."""
    failed = Facts(
        "conservative-care",
        "conservative care that did not help enough",
        it_is("response", v.choices("conservative-care-failed")),
        SINCE_THIS_PAIN,
    )
    picture = Facts(
        "findings",
        "finding on MRI or CT",
        it_is("method", v.choices("imaging-methods")),
        Window("rolling", v.limits("imaging-age")[0]),
    )
    nerve_test = Facts(
        "findings", "finding of a nerve test", it_is("method", v.choices("nerve-tests")), closed_by="present"
    )
    return (
        v.criterion(
            "conservative-care",
            Compare(Accumulated(failed), v.limits("conservative-care-weeks")),
            by=("conservative-care-weeks", "conservative-care-failed"),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        v.criterion(
            "imaging",
            Any((Exists(picture), Exists(nerve_test))),
            by=("imaging-methods", "imaging-age", "nerve-tests"),
            remedy="action",
            needs=(Need(kind="document", what="imaging-report"),),
        ),
        v.criterion("concordance", v.judged("concordance"), remedy="none"),
    )


def levels(v: Values) -> tuple[Criterion, ...]:
    """Two adjacent foramina, or one interspace."""
    through_foramen = asked_is("approach", v.words("levels-transforaminal", "transforaminal"))
    between_laminae = asked_is("approach", v.words("levels-interlaminar", "interlaminar"))
    foramina = Number(Field("subject", "foramina"))
    one = Compare(foramina, v.limits("levels-interlaminar"))
    return (
        v.criterion(
            "levels-transforaminal",
            IfThen(through_foramen, Compare(foramina, v.limits("levels-transforaminal"))),
            remedy="none",
        ),
        v.criterion("levels-contiguous", IfThen(through_foramen, Any((one, *neighbors(v)))), remedy="none"),
        v.criterion(
            "levels-interlaminar",
            IfThen(between_laminae, Compare(Number(Field("subject", "interspaces")), v.limits("levels-interlaminar"))),
            remedy="none",
        ),
    )


def neighbors(v: Values) -> tuple[Among, ...]:
    """The foramina asked for are one pair of neighbors."""
    pairs = v.grouping("levels-contiguous")
    asked = Field("subject", "foramina")
    return tuple(Among(asked, (Choice(pairs.value, pair, pairs.cite),), "all", "none") for pair in pairs.groups)


def in_region(v: Values) -> Readings:
    """In the region of the request, under both readings of what a region is."""
    return Readings(tuple(same_region(v.grouping(id)) for id in REGIONS))


def earlier(v: Values, window: Window | None = None) -> Facts:
    """Epidural injections in the region."""
    done = it_is("therapy", v.words("interval", INJECTION))
    return procedures("epidural injection in the region", done, in_region(v), window=window)


def lately(v: Values, interval: str) -> Window:
    """The days in which there must be none: once they are full, another is allowed."""
    length = v.limits(interval)[0]
    return Window("rolling", length, edge="outside" if length.operator == ">=" else "inside")


def how_often(v: Values) -> tuple[Criterion, ...]:
    """Repeats, the days between, and the two caps."""
    of_this_pain = earlier(v, SINCE_THIS_PAIN)
    half_year, year = (earlier(v, rolling(v.limits(id))) for id in ("half-year", "year"))
    gain = All((
        Stated(Field("it", "function_recorded")),
        Compare(Number(Field("it", "last_function")), v.limits("function-gain")),
    ))  # fmt: skip
    relieved = relief_held(v.limits("repeat-relief"), v.limits("repeat-length"))
    better = All((relieved, Any((gain, v.judged("function-or-medication")))))
    return (
        v.criterion(
            "repeat",
            IfThen(Exists(of_this_pain), latest(of_this_pain, better)),
            by=("repeat-relief", "repeat-length", "function-gain", "function-or-medication", *REGIONS),
            remedy="none",
        ),
        v.criterion("interval", no_more(earlier(v, lately(v, "interval"))), by=("interval", *REGIONS), remedy="none"),
        v.criterion(
            "half-year-cap",
            sessions(half_year, v.limits("half-year-cap")),
            by=("half-year-cap", "half-year", *REGIONS),
            remedy="none",
        ),
        v.criterion("year-cap", sessions(year, v.limits("year-cap")), by=("year-cap", "year", *REGIONS), remedy="none"),
    )


def root_block(v: Values) -> tuple[Criterion, ...]:
    """One level, a reason, local anesthetic only, and a week between two."""
    id = "diagnostic-interval"
    done = procedures(
        "diagnostic root block in the region",
        it_is("therapy", v.words(id, ROOT_BLOCK)),
        it_is("purpose", v.words(id, "diagnostic")),
        in_region(v),
        window=lately(v, id),
    )
    return (
        v.criterion(
            "diagnostic-levels",
            Compare(Number(Field("subject", "roots")), v.limits("diagnostic-levels")),
            remedy="none",
        ),
        v.criterion("diagnostic-reason", v.judged("diagnostic-reason"), remedy="none"),
        v.criterion("diagnostic-drugs", Not(asked_is("drugs", v.choices("diagnostic-drugs"))), remedy="none"),
        v.criterion(id, no_more(done), by=(id, *REGIONS), remedy="none"),
    )
