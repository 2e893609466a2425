"""JSON of a clinic's own results: absent never null, the same input gives the same bytes.

Shares are of 1, at most four places: limits rounded outwards. Pictures are drawn from `steps` and `points`.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import msgspec

from levamen import __version__
from levamen.emit.json_values import Json, iso, present, statement
from levamen.emit.results_words import Asked, headline
from levamen.outcomes.cohort import (
    Complications,
    GroupResult,
    ProcedureResults,
    ReliefTime,
    Responders,
    Results,
    Share,
)
from levamen.outcomes.funnel import Funnel, FunnelLimits
from levamen.outcomes.loss_curve import LossCurve, Step

ONE = "levamen.results/1"
_PLACES = 10_000


def encode(found: Results, asked: Asked) -> bytes:
    """The results as one line of JSON."""
    return msgspec.json.encode(document(found, asked))


def document(found: Results, asked: Asked) -> Json:
    """The results as plain data, in the order of the published schema."""
    tables = found.tables
    return present(
        {
            "format": ONE,
            "engine": __version__,
            "as_of": found.as_of.isoformat(),
            "charts": {"read": asked.charts, "not_read": asked.not_read},
            "left_out": [{"why": why, "count": count} for why, count in sorted(asked.left_out.items())],
            "done": found.done,
            "answered": found.answered,
            "first_day": iso(found.first_day),
            "last_day": iso(found.last_day),
            "least": tables.least,
            "follow_up_percent": float(tables.follow_up),
            "levels": [
                {"id": level.says.id, "percent": float(level.percent), "says": statement(level.says)}
                for level in tables.levels
            ],
            "visits": [
                {"id": visit.id, "after": str(visit.after), "within_days": visit.within} for visit in tables.visits
            ],
            "procedures": [_procedure(one, found) for one in found.procedures],
            "statements": [statement(row) for row in (*tables.statements.values(), *tables.rules)],
        }
    )


def _procedure(one: ProcedureResults, found: Results) -> Json:
    return present(
        {
            "members": [present({"therapy": therapy, "region": region}) for therapy, region in one.members],
            "whole": _group(one.whole, found),
            "groups": [_group(group, found) for group in one.groups],
            "operators": _funnel(one.operators) if one.operators is not None else None,
        }
    )


def _group(group: GroupResult, found: Results) -> Json:
    return {
        "members": [
            present({"therapy": therapy, "region": region, "indication": indication})
            for (therapy, region), indication in group.members
        ],
        "done": group.done,
        "answered": group.answered,
        "with_baseline": group.with_baseline,
        "low_baseline": group.low_baseline,
        "state": group.state,
        "headline": headline(group, found.tables),
        "first": {"visit": group.first.visit, "level": group.first.level},
        "responders": [_responders(row) for row in group.responders],
        "relief": _relief(group.relief),
        "complications": _complications(group.complications),
    }


def _responders(row: Responders) -> Json:
    return present(
        {
            "visit": row.visit,
            "level": row.level,
            "due": row.due,
            "answered": row.answered,
            "yes": row.yes,
            "no": row.no,
            "missing": row.missing,
            "ended": row.ended,
            "pending": row.pending,
            "enough": row.enough,
            "of_answers": _share(row.of_answers),
            "if_failed": _share(row.if_failed),
            "at_best": _share(row.at_best),
        }
    )


def _share(share: Share | None) -> Json | None:
    if share is None:
        return None
    return {
        "count": share.count,
        "total": share.total,
        "share": _near(share.share),
        "low": _down(share.low),
        "high": _up(share.high),
    }


def _relief(relief: ReliefTime) -> Json:
    return present(
        {
            "level": relief.level,
            "at_first": relief.at_first,
            "never": relief.never,
            "unknown": relief.unknown,
            "lost": relief.lost,
            "ends": dict(relief.ends),
            "months": [
                present(
                    {
                        "month": row.month,
                        "day": row.day,
                        "followed": row.followed,
                        "step": _step(row.step) if row.step is not None else None,
                        "if_ends_were_losses": _near(row.with_ends) if row.with_ends is not None else None,
                    }
                )
                for row in relief.months
            ],
            "curve": _curve(relief.curve) if relief.curve is not None else None,
        }
    )


def _curve(curve: LossCurve) -> Json:
    low, high = curve.half_limits
    return present(
        {
            "followed": curve.followed,
            "ends": curve.ends,
            "settled": curve.settled,
            "half": {"after": curve.half[0], "by": curve.half[1]} if curve.half is not None else None,
            "half_limits": present({"low": low, "high": high}),
            "steps": [_step(step) for step in curve.steps],
        }
    )


def _step(step: Step) -> Json:
    return {
        "day": step.day,
        "share": _near(step.share),
        "low": _down(step.low),
        "high": _up(step.high),
        "at_risk": step.at_risk,
    }


def _complications(found: Complications) -> Json:
    return present(
        {
            "asked": found.asked,
            "any": found.any,
            "serious": found.serious,
            "serious_share": _share(found.serious_share),
            "severity_not_recorded": found.open,
            "not_asked": found.not_asked,
            "any_not_asked": found.any_not_asked,
            "serious_not_asked": found.serious_not_asked,
            "not_yet": found.not_yet,
            "events": [
                present(
                    {
                        "kind": row.kind,
                        "severity": row.severity,
                        "found": row.found,
                        "asked": row.asked,
                        "early": row.early,
                        "count": row.count,
                    }
                )
                for row in found.events
            ],
        }
    )


def _funnel(funnel: Funnel) -> Json:
    return present(
        {
            "count": funnel.count,
            "total": funnel.total,
            "spread": _near(funnel.spread) if funnel.spread is not None else None,
            "points": [
                present(
                    {
                        "key": point.key,
                        "joined": point.joined,
                        "count": point.count,
                        "total": point.total,
                        "share": _near(point.share),
                        "limits": [_limits(row) for row in point.limits],
                        "outside": [_level(level) for level in point.outside],
                    }
                )
                for point in funnel.points
            ],
        }
    )


def _limits(row: FunnelLimits) -> Json:
    return {"level": _level(row.level), "fewest": row.fewest, "most": row.most}


def _level(level: Fraction) -> float:
    return float(level)


def _near(share: float) -> float:
    return floor(share * _PLACES + 0.5) / _PLACES


def _down(share: float) -> float:
    # What is a whole number of places but for the last bit of a float stays one.
    return floor(share * _PLACES + 1e-6) / _PLACES


def _up(share: float) -> float:
    return ceil(share * _PLACES - 1e-6) / _PLACES
