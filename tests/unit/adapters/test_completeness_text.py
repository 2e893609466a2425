"""`--complete KIND:FROM[:TO]`: what a user declares complete, as declared by the user."""

from __future__ import annotations

import pytest
from fhir_samples import coded, condition, only, read_all, told

from levamen.adapters.completeness_text import parse_complete

AF = coded("http://snomed.info/sct", "49436004")


def test_a_declaration() -> None:
    entry = parse_complete("procedures:2023-01-01:2026-02")
    assert (entry.kind, str(entry.start), str(entry.end)) == ("procedures", "2023-01-01", "2026-02")
    assert (entry.scope, entry.source) == ("patient", "declared by the user")
    assert parse_complete("infection:2026").end is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("procedures", "is not KIND:FROM"),
        ("procedures:a:b:c", "is not KIND:FROM"),
        ("procedure:2023", "nearest: procedures"),
        ("procedures:soon", "'soon' is not a date"),
        ("procedures:2023-02-30", "is not a date"),
        ("procedures:", "'' is not a date"),
        ("procedures:2024:2023", "2023 is before 2024"),
    ],
)
def test_what_is_no_declaration(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_complete(text)


def test_it_reaches_to_the_date_of_the_bundle_never_to_today() -> None:
    declared = (parse_complete("procedures:2023-01-01"),)
    dated = read_all(condition(AF, onsetDateTime="2024-05-05"), complete=declared, timestamp="2025-05-06T07:08:09Z")
    assert str(only(dated.record.completeness).end) == "2025-05-06T07:08:09+00:00"
    undated = read_all(condition(AF, onsetDateTime="2024-05-05"), complete=declared)
    assert str(only(undated.record.completeness).end) == "2024-05-05"
    assert "procedures from 2023-01-01 to 2024-05-05: declared by the user" in told(undated, "warning")
    assert only(read_all(complete=declared).record.completeness).end is None


def test_an_end_that_is_given_stays() -> None:
    reading = read_all(complete=(parse_complete("care:2023:2024-02-03"),), timestamp="2025-05-06T07:08:09Z")
    assert str(only(reading.record.completeness).end) == "2024-02-03"
