"""Washington L&I, epidural adhesiolysis: the one-day protocol, with authorization, in acute low back pain.

When low back pain began or flared up no more than six months ago, adhesions that block the way to a nerve are strongly
suspected and were seen, and adhesiolysis is to bring drugs there: the one-day protocol, with prior authorization. The
three-day protocol never.
Sources and amounts: values.yaml. Dossier: spine injections, section 7.
"""

from __future__ import annotations

from levamen.criteria.build import any_present, it_is, latest
from levamen.criteria.nodes import All, Among, Compare, Criterion, Elapsed, Exists, Facts, Field, Need, Not
from levamen.knowledge.model import Rule, Values


def rules(v: Values) -> tuple[Rule, ...]:
    """One procedure."""
    return (
        Rule(
            id="adhesiolysis",
            therapies=frozenset({"epidural-adhesiolysis"}),
            scope=(v.criterion("state", Among(Field("payer", "state"), v.choices("state")), remedy="none"),),
            exclusions=(v.criterion("one-day-protocol", Not(v.judged("one-day-protocol")), remedy="none"),),
            requirements=(
                acute(v),
                v.criterion("drug-to-nerve", v.judged("drug-to-nerve"), remedy="none"),
                v.criterion("suspicion-documented", v.judged("suspicion-documented"), remedy="action"),
                *adhesions(v),
                authorization(v),
            ),
        ),
    )


def acute(v: Values) -> Criterion:
    """Low back pain that is new; a flare is recorded as a pain with its own beginning."""
    here = it_is("site", v.choices("low-back"))
    limits = v.limits("acute-pain")
    young = Compare(Elapsed(Field("it", "since")), limits)
    noun = f"low back pain, or flare of it, that began at most {limits[0].amount} before the service date"
    new = Facts("pain", noun, All((here, young)), closed_by="present")
    return v.criterion("acute-pain", Exists(new), by=("acute-pain", "low-back"), remedy="none")


def adhesions(v: Values) -> tuple[Criterion, ...]:
    """They were found, and in one of two ways."""
    seen = any_present("finding of epidural adhesions", v.choices("adhesions-found"))
    need = (Need(kind="finding", what="epidural-adhesions"),)
    return (
        v.criterion("adhesions-found", seen, remedy="action", needs=need),
        v.criterion("adhesions-seen-with", v.judged("adhesions-seen-with"), remedy="action"),
    )


def authorization(v: Values) -> Criterion:
    """Prior authorization is part of the decision to cover."""
    on_file = Facts("documents", "authorization", it_is("kind", v.choices("authorization")))
    need = (Need(kind="document", what="authorization"),)
    granted = latest(on_file, it_is("status", v.words("authorization", "approved", "on-file")))
    return v.criterion("authorization", granted, remedy="action", needs=need)
