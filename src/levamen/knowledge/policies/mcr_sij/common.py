"""What payers ask alike before a needle goes to the sacroiliac joint: the pain, the tests, the care that failed."""

from __future__ import annotations

from itertools import combinations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    finding,
    it_is,
    pain,
    pain_lasted,
    problem,
    procedures,
    relief_at_best,
)
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Choice,
    Compare,
    Count,
    Criterion,
    EachTarget,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Readings,
    Same,
    Stated,
    Truth,
)
from levamen.knowledge.model import Values
from levamen.record.codes import title

INJECTION, BLOCK = "sacroiliac-joint-injection", "sacral-lateral-branch-block"
ABLATION = "sacral-lateral-branch-radiofrequency-ablation"
THE_INJECTION = (Need(kind="therapy", what=INJECTION, therapy=INJECTION),)


def who(v: Values) -> tuple[Criterion, ...]:
    """Three months of moderate to severe pain over the joint, three tests, four weeks of failed care, nothing else."""
    return (
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        v.criterion("pain-severity", v.judged("pain-severity"), remedy="none"),
        v.criterion("pain-place", pain(it_is("site", v.choices("pain-place"))), remedy="none"),
        v.criterion("no-radiculopathy", _no_radiculopathy(v), remedy="none"),
        *_tests(v),
        v.criterion(
            "conservative-care",
            Compare(Accumulated(_failed_care(v)), v.limits("conservative-care")),
            by=("conservative-care", "conservative-care-failed"),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        v.criterion(
            "other-cause-excluded",
            _other_cause_excluded(v),
            remedy="action",
            needs=(Need(kind="finding", what="other-cause-excluded"),),
        ),
    )


def _other_cause_excluded(v: Values) -> Truth:
    """By a finding or a clinician's statement; what was recorded is not overruled by a general statement."""
    words = v.words("other-cause-excluded", "other-cause-excluded")
    recorded = Facts("findings", "statement on other causes", it_is("concept", words), closed_by="recorded")
    cleared = finding("statement that other causes are excluded", words)
    return All((IfThen(Exists(recorded), cleared), Any((cleared, v.judged("other-cause-excluded")))))


def _no_radiculopathy(v: Values) -> Truth:
    id = "no-radiculopathy"
    low = it_is("region", v.words(id, "lumbar", "sacral"))
    return All(
        (
            Not(pain(it_is("pattern", v.words(id, "radicular")))),
            Not(problem("lumbar or sacral radiculopathy", v.words(id, "radiculopathy"), low)),
        )
    )


def _failed_care(v: Values) -> Facts:
    return Facts(
        "conservative-care",
        "conservative care that did not help",
        it_is("response", v.choices("conservative-care-failed")),
    )


def _tests(v: Values) -> tuple[Criterion, Criterion]:
    """How many tests were positive, and that they are different ones: a test repeated at each visit is one test.

    Each list that a text gives is read by itself; where the lists disagree the answer is ambiguous.
    """
    limits, lists = v.limits("provocative-tests"), v.choices("provocative-list")
    by = ("provocative-tests", "provocative-list")
    counted = [_positive(found, f"the tests {_named(found.words)}, positive on the side") for found in lists]
    enough = tuple(Compare(Count(facts), limits) for facts in counted)
    different = tuple(_different(found, int(limits[0].number)) for found in lists)
    return (
        v.criterion("provocative-tests", EachTarget(_read(enough)), by=by, remedy="none"),
        v.criterion("provocative-tests-differ", EachTarget(_read(different)), by=by, remedy="none"),
    )


def _read(items: tuple[Truth, ...]) -> Truth:
    return items[0] if len(items) == 1 else Readings(items)


def _different(found: Choice, enough: int) -> Truth:
    """At least so many different tests: whichever are left out, one fewer, another one is positive."""
    others = []
    for left_out in combinations(sorted(found.words), enough - 1):
        rest = Choice(found.value, found.words.difference(left_out), found.cite)
        named = _named(frozenset(left_out)).replace(", ", " and ")
        others.append(Exists(_positive(rest, f"positive test other than {named}")))
    return All(tuple(others))


def _positive(found: Choice, noun: str) -> Facts:
    where = All((it_is("concept", (found,)), Stated(Field("it", "present")), Same("side", "covers")))
    return Facts("findings", noun, where, closed_by="present")


def _named(words: frozenset[str]) -> str:
    return ", ".join(title(word).removesuffix(" positive") for word in sorted(words))


def done(v: Values, id: str, purpose: str) -> tuple[Truth, Truth]:
    """Which procedures count: injections of the joint and blocks of its nerves, of one purpose."""
    return it_is("therapy", v.words(id, INJECTION, BLOCK)), it_is("purpose", v.words(id, purpose))


def done_here(v: Values, id: str, purpose: str) -> Facts:
    """Such procedures on the side of the request."""
    return procedures(f"{purpose} injection of this side", *done(v, id, purpose), Same("side", "covers"))


def tested_here(v: Values) -> Facts:
    """Diagnostic injections of this pain on the side of the request: one of an earlier pain tested something else."""
    where = done(v, "diagnostic-relief", "diagnostic")
    return procedures("diagnostic injection of this side", *where, Same("side", "covers"), window=SINCE_THIS_PAIN)


def positive(v: Values) -> Compare:
    """The diagnostic injection took enough of the pain."""
    return relief_at_best(v.limits("diagnostic-relief"))
