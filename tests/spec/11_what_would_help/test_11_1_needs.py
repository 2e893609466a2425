"""needs, would_refuse, needed_together"""

from __future__ import annotations

from datetime import date

from specimen import MET, UNKNOWN, ask, at_least, blocks, cite, criterion, latest, one_of, policy

from levamen.criteria.nodes import (
    All,
    Among,
    Answered,
    Any,
    Compare,
    Elapsed,
    Exists,
    Field,
    Judged,
    Need,
    Not,
    Number,
    Same,
    Streak,
    Truth,
)  # fmt: skip
from levamen.knowledge.model import Rule
from levamen.pathway.answers import PolicyAnswer

GUIDED: Truth = Among(Field("subject", "guidance"), one_of("guidance", "fluoroscopy"))
TARGETED: Truth = Among(Field("subject", "side"), one_of("side", "right"))
ASKED: Truth = Answered("infection", "no")


def refuse(answer: PolicyAnswer) -> list[str]:
    return [missing.what for missing in answer.would_refuse]


def together(answer: PolicyAnswer) -> list[str]:
    return [missing.what for missing in answer.needed_together]


def test_needs() -> None:
    """`needs` say what would help with what fails and can be acted on, each once."""
    score = Need(kind="score", what="odi")
    care = Need(kind="therapy", what="physical-therapy", therapy="physical-therapy")
    answer = ask(policy(criterion("a", Any(()), needs=[score]), criterion("b", Any(()), needs=[score, care])))
    assert answer.verdict == "not_yet"
    assert [item.need for item in answer.needs] == [score, care]


def test_no_needs_of_what_is_met_or_hopeless() -> None:
    """What is met or open needs nothing done, and where nothing can be done nothing is needed."""
    score = Need(kind="score", what="odi")
    assert ask(policy(criterion("a", MET, needs=[score]))).needs == ()
    assert ask(policy(criterion("a", UNKNOWN, needs=[score]))).needs == ()
    assert ask(policy(criterion("a", Any(()), needs=[score], remedy="none"))).needs == ()


def test_possible_from() -> None:
    """A need for a therapy says from when the policy would not refuse that therapy here: a second block after two
    weeks.
    """
    two_weeks = criterion("interval", latest(blocks(), Compare(Elapsed(Field("it", "start")), at_least(2, "weeks"))))
    need = Need(kind="therapy", what="medial-branch-block", therapy="medial-branch-block")
    positive = Compare(Number(Field("it", "best_relief")), at_least(80))
    two = criterion("two", Compare(Streak(blocks(), positive), at_least(2)), needs=[need])
    block = Rule(id="block", therapies=frozenset({"medial-branch-block"}), requirements=(two_weeks,))
    ablation = Rule(id="ablation", therapies=frozenset({"medial-branch-radiofrequency-ablation"}), requirements=(two,))
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-23, relief: [{percent: 90}]}]
        request: [{id: R-1, therapy: medial-branch-radiofrequency-ablation}]
        """
    answer = ask(policy(shape=lambda values: (block, ablation)), chart)
    assert answer.verdict == "not_yet"
    assert [(item.need.what, item.possible_from) for item in answer.needs] == [
        ("medial-branch-block", date(2026, 3, 9))
    ]


def test_would_refuse_one_fact() -> None:
    """`would_refuse` lists each single missing fact that could close the question: any of three requirements that
    is open.
    """
    answer = ask(policy(criterion("a", GUIDED), criterion("b", TARGETED), criterion("c", ASKED)))
    assert refuse(answer) == ["guidance of the request", "side of the request", "infection"]


def test_would_refuse_not_what_alone_is_not_enough() -> None:
    """A fact that another branch can make good does not close the question alone."""
    answer = ask(policy(criterion("a", Any((GUIDED, TARGETED)))))
    assert answer.verdict == "unknown"
    assert refuse(answer) == []
    assert together(answer) == ["guidance of the request"]


def test_would_refuse_of_an_exclusion() -> None:
    """A missing fact that could make an exclusion hold closes the question too."""
    assert refuse(ask(policy(exclusions=[criterion("x", GUIDED)]))) == ["guidance of the request"]
    assert refuse(ask(policy(exclusions=[criterion("x", Not(GUIDED))]))) == ["guidance of the request"]


def test_needed_together() -> None:
    """`needed_together` is a smallest set of missing facts that would make it met: of an `or`, the shortest branch."""
    says = Any((All((GUIDED, TARGETED)), ASKED))
    assert together(ask(policy(criterion("a", says)))) == ["infection"]
    assert together(ask(policy(criterion("a", All((GUIDED, TARGETED)))))) == [
        "guidance of the request",
        "side of the request",
    ]


def test_needed_together_for_exclusions_too() -> None:
    """For exclusions it is what would show that they do not hold."""
    answer = ask(policy(criterion("a", GUIDED), exclusions=[criterion("x", TARGETED)]))
    assert together(answer) == ["side of the request", "guidance of the request"]


def test_needed_together_turns_with_what_is_wanted() -> None:
    """To escape an exclusion, all branches of its `or` must be answered, of its `and` one is enough; so it is below a
    `not`.
    """
    both = ["guidance of the request", "side of the request"]
    assert together(ask(policy(exclusions=[criterion("x", Any((GUIDED, TARGETED)))]))) == both
    assert together(ask(policy(exclusions=[criterion("x", All((GUIDED, TARGETED)))]))) == both[:1]
    assert together(ask(policy(criterion("a", Not(Any((GUIDED, TARGETED))))))) == both
    assert together(ask(policy(criterion("a", Not(All((GUIDED, TARGETED))))))) == both[:1]


def test_each_missing_fact_once() -> None:
    """A fact that several criteria lack is named once."""
    answer = ask(policy(criterion("a", GUIDED), criterion("b", GUIDED)))
    assert (refuse(answer), together(answer)) == (["guidance of the request"], ["guidance of the request"])


def test_no_set_of_facts_helps_an_unconfirmed_value() -> None:
    """Where a value is unverified, no fact about the patient makes it met: nothing is named."""
    answer = ask(policy(criterion("a", MET, mark="unverified"), criterion("b", GUIDED)))
    assert together(answer) == []
    assert refuse(answer) == ["guidance of the request"]


def test_a_judgement_that_is_missing() -> None:
    """A missing judgement is named in the words of the source."""
    answer = ask(policy(criterion("a", Judged("specimen", "a", "the pain is severe", cite()))))
    assert together(answer) == ["a clinician's judgement: the pain is severe"]


def test_nothing_is_missing_once_it_is_decided() -> None:
    """Once a verdict is yes or no, nothing is said to be missing."""
    no = ask(policy(criterion("a", Any(()), remedy="none"), criterion("b", GUIDED)))
    assert (refuse(no), together(no)) == ([], [])


def test_which_fact_it_is_about() -> None:
    """A missing field names the fact that lacks it."""
    chart = """
        completeness: [{kind: procedures, from: 1961-04-09}]
        procedures: [{id: P-1, therapy: medial-branch-block, date: 2026-02-02, region: lumbar}]
        request: [{id: R-1, therapy: medial-branch-block, region: lumbar, side: right}]
        """
    here = Exists(blocks(where=Same("side", "covers")))
    answer = ask(policy(criterion("a", here)), chart)
    assert [missing.fact for missing in answer.would_refuse] == ["P-1"]
