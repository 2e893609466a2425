"""What a trial of stimulation or of a pump showed, in the terms in which policies ask (dossier: trial evaluation)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from fractions import Fraction

from levamen.derive.relief import Treatment, gain
from levamen.record.facts import DiaryRow, Relief
from levamen.record.timeline import Interval, Sample, known_by

DIARY_DAYS = 3
"""The diary window: the last full days of the trial. A default of ours (no authority found), shown with the result."""


class TrialResult(Treatment, frozen=True, kw_only=True):
    """A trial with its results. Changes are in per cent of the value before, positive is better; those of the Ashworth
    and the spasm frequency scale are falls in points.

    A missing diary, dose or function record leaves its field absent: that is unknown, never no change.
    `technical_failure` is recorded inadequate coverage or a moved lead; where neither is recorded it is no excuse.
    """

    pain_change: Interval | None = None
    analgesic_change: Interval | None = None
    function_improved: bool | None = None
    coverage_adequate: bool | None = None
    repositioned: bool | None = None
    satisfied: bool | None = None
    activity_test: bool | None = None
    technical_failure: bool = False
    ashworth_samples: tuple[Sample, ...] = ()
    spasms_samples: tuple[Sample, ...] = ()


def trial_result(trial: Treatment, as_of: date) -> TrialResult:
    """The results of one trial as known at the end of the day `as_of`."""
    fields = {name: getattr(trial, name) for name in Treatment.__struct_fields__}
    treated = fields.pop("contradictions")
    said = trial.trial
    functions = [sample.gain for sample in trial.function_samples]
    improved = _improved(functions)
    if said is not None and improved is None and said.activity_test is not None:
        improved = said.activity_test
    return TrialResult(
        **fields,
        pain_change=_pain_change(trial, as_of),
        analgesic_change=_analgesic_change(trial),
        function_improved=improved,
        coverage_adequate=said.coverage_adequate if said is not None else None,
        repositioned=said.repositioned if said is not None else None,
        satisfied=said.satisfied if said is not None else None,
        activity_test=said.activity_test if said is not None else None,
        technical_failure=said is not None and (said.coverage_adequate is False or said.repositioned is True),
        contradictions=(
            *treated,
            *(("pain_change", says) for name, says in treated if name == "last_relief"),
        ),
        ashworth_samples=_falls(trial, "ashworth", as_of),
        spasms_samples=_falls(trial, "spasm-frequency", as_of),
    )


def _falls(trial: Treatment, instrument: str, as_of: date) -> tuple[Sample, ...]:
    """What one scale fell by at each measurement, in points, in the order in which they were measured."""
    found = []
    for entry in trial.function:
        when = entry.at or trial.start
        if entry.instrument != instrument or entry.before is None or entry.after is None or when is None:
            continue
        if known_by(when, as_of) and (entry.recorded is None or known_by(entry.recorded, as_of)):
            found.append(Sample(when, Interval.exactly(entry.before - entry.after)))
    return tuple(sorted(found, key=lambda row: (row.when.last, row.when.at.timestamp() if row.when.at else 0.0)))


def _improved(functions: Sequence[Interval]) -> bool | None:
    """Whether any measured function got better; None where none was measured or one may or may not have."""
    if any(value.low > 0 for value in functions):
        return True
    return False if functions and all(value.high is not None and value.high <= 0 for value in functions) else None


def _pain_change(trial: Treatment, as_of: date) -> Interval | None:
    """From the diary where there is one and a baseline of its scale (0 to 10); else the last relief measured."""
    before = next((entry.before for entry in trial.relief if _is_baseline(entry, as_of)), None)
    rows = _window(trial, as_of)
    if rows and before:
        low, high = _means(rows)
        return Interval(*((Fraction(before) - mean) / Fraction(before) * 100 for mean in (high, low)))
    return trial.last_relief


def _means(rows: Sequence[DiaryRow]) -> tuple[Fraction, Fraction]:
    """The lowest and the highest mean of a diary: where answers differ for one hour, none of them is preferred."""
    spans: dict[object, list[Fraction]] = {}
    for number, row in enumerate(rows):
        hour = row.at.at.astimezone(UTC) if row.at.at is not None else number
        spans.setdefault(hour, []).append(Fraction(row.value))
    lows, highs = (sum(map(end, spans.values()), Fraction(0)) / len(spans) for end in (min, max))
    return lows, highs


def _is_baseline(entry: Relief, as_of: date) -> bool:
    """A score before the trial on the diary's own scale: millimetres are never compared with a 0 to 10 diary."""
    known = entry.recorded is None or known_by(entry.recorded, as_of)
    return known and entry.before is not None and (entry.scale is None or entry.scale.startswith("nrs"))


def _window(trial: Treatment, as_of: date) -> list[DiaryRow]:
    """The diary rows of the last full days: the day of removal is not a full day."""
    rows = [row for row in (trial.trial.diary if trial.trial is not None else ()) if row.at.last <= as_of]
    if not rows:
        return []
    last = max(row.at.last for row in rows)
    if trial.end is not None:
        last = min(last, trial.end.first - timedelta(days=1))
    return [row for row in rows if last - timedelta(days=DIARY_DAYS - 1) <= row.at.first <= last]


def _analgesic_change(trial: Treatment) -> Interval | None:
    """From doses before and after; a stated percentage (negative is less) otherwise. Undefined where before is 0."""
    said = trial.trial
    if said is None:
        return None
    if said.mme_before and said.mme_after is not None:
        return gain(said.mme_before, said.mme_after)
    if said.analgesic_change_percent is not None:
        return Interval.exactly(-said.analgesic_change_percent)
    return None
