"""Aetna CPB 0016, back pain: facet injections, facet denervation, the sacroiliac joint and trigger points.

When there are facet signs, imaging excludes other causes, limiting pain is three months old, six weeks of care were had
and ablation is considered: a diagnostic facet injection. When the first gave 80 %: a second. Never as treatment.
Ablation that is not pulsed: covered under gates that the summaries do not list. Ablation of the sacroiliac nerves and
of the basivertebral nerve: unproven. One invasive treatment at a time.
Sources and amounts: values.yaml. Dossier: spine injections, sections 0.3, 2.4, 3.2, 5 and 9.
"""

from __future__ import annotations

from levamen.criteria.build import (
    SINCE_THIS_PAIN,
    asked_is,
    finding,
    it_is,
    latest,
    no_more,
    pain_lasted,
    procedures,
    relief_at_best,
    same_target,
)
from levamen.criteria.nodes import (
    Accumulated,
    All,
    Any,
    Compare,
    Criterion,
    EachTarget,
    Exists,
    Facts,
    Field,
    IfThen,
    Need,
    Not,
    Number,
    Stated,
    Truth,
)
from levamen.knowledge.model import Rule, Values
from levamen.knowledge.policies.aetna_0016.trigger_points import trigger_points

BLOCK, INJECTION, ABLATION = "medial-branch-block", "facet-joint-injection", "medial-branch-radiofrequency-ablation"
UNPROVEN = ("sacral-lateral-branch-radiofrequency-ablation", "basivertebral-nerve-ablation")


def rules(values: Values) -> tuple[Rule, ...]:
    """Facet injections and ablation, what is unproven, trigger points, and the sacroiliac joint."""
    v = values
    one = v.criterion("one-modality", v.judged("one-modality"), remedy="action")
    as_treatment = v.criterion("not-as-treatment", asked_is("purpose", v.choices("not-as-treatment")), remedy="none")
    unproven = v.criterion("unproven", asked_is("therapy", v.choices("unproven")), remedy="none")
    injections = frozenset({BLOCK, INJECTION})
    return (
        Rule(
            id="diagnostic",
            therapies=injections,
            purposes=frozenset({"diagnostic"}),
            exclusions=(as_treatment,),
            requirements=(*indication(v), *second_block(v), one),
        ),
        Rule(
            id="therapeutic",
            therapies=injections,
            purposes=frozenset({"therapeutic"}),
            exclusions=(as_treatment,),
        ),
        Rule(
            id="ablation",
            therapies=frozenset({ABLATION}),
            scope=(v.criterion("radiofrequency", asked_is("technique", v.choices("radiofrequency")), remedy="none"),),
            exclusions=(unproven,),
            requirements=(
                v.criterion("technique", asked_is("technique", v.choices("technique")), remedy="none"),
                v.criterion("ablation-gates", v.judged("ablation-gates"), remedy="action"),
                one,
            ),
        ),
        Rule(id="unproven", therapies=frozenset(UNPROVEN), exclusions=(unproven,)),
        trigger_points(v, one),
        Rule(id="sacroiliac", therapies=frozenset({"sacroiliac-joint-injection"}), informs=True),
    )


def indication(v: Values) -> tuple[Criterion, ...]:
    """What every diagnostic facet injection needs."""
    care = Facts("conservative-care", "conservative care", window=SINCE_THIS_PAIN)
    return (
        v.criterion("facet-signs", facet_signs(v), remedy="none"),
        v.criterion(
            "other-causes",
            other_causes_excluded(v),
            by=("other-causes", "imaging"),
            remedy="action",
            needs=(Need(kind="finding", what="other-cause-excluded"),),
        ),
        v.criterion("pain-duration", pain_lasted(v.limits("pain-duration")), remedy="none"),
        v.criterion("pain-limiting", v.judged("pain-limiting"), remedy="none"),
        v.criterion(
            "conservative-care",
            Compare(Accumulated(care), v.limits("conservative-care")),
            remedy="action",
            needs=(Need(kind="therapy", what="physical-therapy", therapy="physical-therapy"),),
        ),
        v.criterion("ablation-considered", v.judged("ablation-considered"), remedy="action"),
        v.criterion(
            "levels-per-session",
            Compare(Number(Field("subject", "joints")), v.limits("levels-per-session")),
            remedy="none",
        ),
    )


def facet_signs(v: Values) -> Truth:
    """A recorded sign; else, where none was looked for and absent, a clinician's statement."""
    sign = it_is("concept", v.words("facet-signs", "facet-loading", "facet-tenderness"))
    found, absent = Stated(Field("it", "present")), Not(Stated(Field("it", "present")))
    noun = "sign of facet pain (loading or tenderness)"
    present = Facts("findings", noun, All((sign, found)), closed_by="present")
    negative = Facts("findings", f"{noun} looked for and absent", All((sign, absent)), closed_by="present")
    return Any((Exists(present), All((no_more(negative), v.judged("facet-signs")))))


def other_causes_excluded(v: Values) -> Truth:
    """By imaging, or as a clinician says; but what was recorded is not overruled by a general statement."""
    noun, words = "statement that other causes are excluded", v.words("other-causes", "other-cause-excluded")
    recorded = Facts("findings", "statement on other causes", it_is("concept", words), closed_by="recorded")
    by_imaging = finding(f"{noun} by imaging", words, it_is("method", v.choices("imaging")))
    not_denied = IfThen(Exists(recorded), finding(noun, words, remedy="none"))
    return All((Any((by_imaging, v.judged("other-causes"))), not_denied))


def second_block(v: Values) -> tuple[Criterion, ...]:
    """A second injection only where the one before gave 80 % for as long as the anesthetic lasts."""
    tests = procedures(
        "diagnostic facet block at this joint and side",
        it_is("therapy", v.words("first-block-relief", BLOCK, INJECTION)),
        it_is("purpose", v.words("first-block-relief", "diagnostic")),
        same_target(),
        window=SINCE_THIS_PAIN,
    )
    positive = latest(tests, relief_at_best(v.limits("first-block-relief")))
    return (
        v.criterion("first-block-relief", EachTarget(IfThen(Exists(tests), positive)), remedy="none"),
        v.criterion(
            "first-block-duration",
            EachTarget(IfThen(Exists(tests), v.judged("first-block-duration"))),
            remedy="none",
        ),
    )
