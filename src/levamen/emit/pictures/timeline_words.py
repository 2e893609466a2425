"""What stands on the course of a patient in words: dates, labels that fit a mark, and the rows of its table."""

from __future__ import annotations

from levamen.derive.conservative_care import CareCourse
from levamen.derive.periods import number, shown
from levamen.derive.steroid import SteroidDose
from levamen.emit.pictures.canvas import joined
from levamen.emit.plan.words import day_words
from levamen.emit.words import capital
from levamen.pathway.patient_timeline import DoneProcedure
from levamen.pathway.trend_relief import percent
from levamen.pathway.trend_series import TrendPoint, TrendSeries
from levamen.pathway.trends import Step
from levamen.record import codes
from levamen.record.timeline import When, month_of, year_of

NO_DATE = "no date"


def when_words(when: When | None) -> str:
    """`Mon 16 Mar 2026`, `Mar 2026`, `2026`; without a date, those words."""
    if when is None:
        return NO_DATE
    if when.exact:
        return day_words(when.first)
    if when == month_of(when.first.year, when.first.month):
        return f"{when.first:%b %Y}"
    if when == year_of(when.first.year):
        return f"{when.first.year}"
    return f"{day_words(when.first)} to {day_words(when.last)}"


def series_name(series: TrendSeries, *, alone: bool = False) -> str:
    about = capital(series.about) if series.about else "pain not named"
    return about if alone else f"{about} ({series.instrument.upper()})"


def point_words(point: TrendPoint) -> str:
    return point.text if point.reason is None else f"{point.text}: {point.reason}"


def procedure_label(row: DoneProcedure) -> str:
    best = f", best relief {percent(row.best)}" if row.best is not None else ""
    return f"{row.title}{best}"


def procedure_words(row: DoneProcedure) -> str:
    parts = [row.title, *([] if row.certain else ["perhaps not done, or broken off"])]
    parts.append(f"best relief {percent(row.best)}" if row.best is not None else "relief not recorded")
    if row.seen is not None:
        parts.append(f"half or more seen to {day_words(row.seen.last)}")
    if row.not_known is not None:
        span = f"{day_words(row.not_known.first)} to {day_words(row.not_known.last)}"
        parts.append(f"{span}: {row.not_known.why}")
    return "; ".join(parts)


def steroid_label(row: SteroidDose) -> str:
    drug = codes.label("drugs", row.drug) if row.drug is not None else row.missing
    return f"{shown(row.milligrams)} {drug}" if row.milligrams is not None else f"? {drug}"


def steroid_words(row: SteroidDose) -> str:
    drug = codes.label("drugs", row.drug) if row.drug is not None else "steroid not known"
    dose = f"{shown(row.milligrams)} mg" if row.milligrams is not None else "dose not known"
    return "; ".join(filter(None, (f"{drug} {dose}", row.missing)))


def care_label(course: CareCourse) -> str:
    visits = f", {course.sessions} visits" if course.sessions is not None else ""
    return f"{codes.title(course.therapy)}{visits}{response(course)}{dates_missing(course)}"


def care_words(course: CareCourse) -> str:
    visits = f"{course.sessions} visits" if course.sessions is not None else "visits not recorded"
    return f"{codes.title(course.therapy)}; {visits}{response(course)}{dates_missing(course)}"


def response(course: CareCourse) -> str:
    return f"; response: {codes.label('responses', course.response)}" if course.response is not None else ""


def dates_missing(course: CareCourse) -> str:
    missing = [name for name, at in (("start", course.start), ("end", course.end)) if at is None]
    return f" ({joined(missing)} not recorded)" if missing else ""


def care_when(course: CareCourse) -> str:
    if course.start is None and course.end is None:
        return NO_DATE
    start = when_words(course.start) if course.start is not None else "?"
    end = when_words(course.end) if course.end is not None else "?"
    return f"{start} to {end}"


def step_words(step: Step) -> str:
    return f"{number(step.mme)} MME a day" if step.mme is not None else "not known"
