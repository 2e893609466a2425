"""What this clinic's own results say of a therapy, for the page of an option: beside the published, never mixed in."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from levamen.emit.results_words import headline, level_words, of_100, up_to, visit_words
from levamen.outcomes.cohort import Share
from results.asked import Asked, answer, standing_as_of
from results.working import tables


class Here(Struct, frozen=True, kw_only=True):
    """The clinic's own numbers. `rows`: each a number and what it is of; none where too few answered.

    `procedure`: the value under which the results page has it.
    """

    says: str
    procedure: str
    as_of: date | None = None
    first: date | None = None
    last: date | None = None
    done: int = 0
    rows: tuple[tuple[str, str], ...] = ()


def here(therapy: str | None, region: str | None, day: date) -> Here:
    """Everybody's together, of all years: an operator's own are not for a talk with a patient.

    Of fewer answers than the tables ask, no count of them is told: on the page of one patient it could be known whose.
    """
    asked = Asked(therapy=therapy or "", region=region or "")
    found = answer(asked, day) if therapy else None
    if found is None or not found.whole.done:
        return Here(says="None was done here yet, so far as the records say.", procedure="")
    told, group = tables(), found.whole
    first = group.first
    at = f"at {visit_words(first.visit)}"
    about = standing_as_of(asked, day)
    made = Here(
        says="", procedure=asked.procedure, as_of=about["as_of"], first=about["first"], last=about["last"],
        done=group.done,
    )  # fmt: skip
    if first.answered < told.least:
        missing = f"{first.due} were due {at}, and fewer than {told.least} have an answer"
        words = f"Too few to tell: {group.done} done; {missing}." if first.due else headline(group, told)
        return replace(made, says=words)
    level = level_words(first.level, told)
    rows = [
        (f"{first.yes} of {first.answered}", f"with an answer had {level} {at}{_rate(first.of_answers)}"),
        (f"{first.yes} of {first.due}", f"if everyone missing had failed{_rate(first.if_failed)}"),
        (f"{first.missing} of {first.due}", f"have no answer {at}; {first.ended} ended before"),
    ]
    harm = group.complications
    if harm.asked >= told.least:
        share = f"; could be up to {up_to(harm.serious_share.high)}" if harm.serious_share is not None else ""
        rows.append((f"{harm.serious} of {harm.asked}", f"had a serious event, of those who were asked{share}"))
    words = headline(group, told) if group.state == "not known yet" else ""
    return replace(made, says=words, rows=tuple(rows))


def _rate(share: Share | None) -> str:
    return f": {of_100(share)}" if share is not None else ": too few for a rate"
