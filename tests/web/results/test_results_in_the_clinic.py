"""The clinic's own results: from records to rows, to counts, to a page that says no more than is known."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from django.test import Client

from clinic import clock
from clinic.clock import now
from levamen.outcomes.cohort import cohort
from records import actions as record
from records import files
from records.models import Entry, Patient
from results import asked, working
from results.asked import Asked
from results.models import Cell, Row, Worked
from results.page import safe
from results.working import Progress
from team.models import Task

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 9)
LUMBAR = "epidural-steroid-injection.lumbar"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test has a database of its own, in which the same cells are counted the same number of times."""
    asked._KEPT.clear()


def treated(who: Any, number: int, *, day: date, after: int | None, operator: str = "a-physician") -> Patient:
    """Somebody with sciatica and one epidural; `after`: pain at six months of 10, None where nobody asked."""
    made = record.add_patient(
        who, record.Identity(family=f"Treated {number}", given="Synthetic", mrn=f"T-{number}"), synthetic=True,
        team=[who],
    )  # fmt: skip
    relief = [{"scale": "nrs", "before": 8, "after": 2, "at": (day + timedelta(days=14)).isoformat()}]
    if after is not None:
        relief.append({"scale": "nrs", "before": 8, "after": after, "at": (day + timedelta(days=183)).isoformat()})
    chart = {
        "chart": 1, "id": f"treated-{number}", "zone": "America/New_York",
        "pain": [{"id": "PN-1", "site": "low-back", "pattern": "radicular", "since": "2024-01-01"}],
        "procedures": [
            {"id": "P-1", "therapy": "epidural-steroid-injection", "date": day.isoformat(), "region": "lumbar",
             "purpose": "therapeutic", "pain": "PN-1", "status": "done", "operator": operator, "relief": relief}
        ],
    }  # fmt: skip
    reading = files.bring(who, made, yaml.safe_dump(chart).encode(), "chart.yaml")
    assert not reading.balance.rejected, reading.balance.issues
    made.refresh_from_db()
    return made


@pytest.fixture
def cohort_of(staff: Callable[..., Any]) -> Callable[[int, int, int], None]:
    """Makes so many who were relieved at six months, who were not, and who were not asked."""

    def make(yes: int, no: int, missing: int) -> None:
        who = staff("physician")
        for number in range(yes + no + missing):
            after = 3 if number < yes else 7 if number < yes + no else None
            treated(who, number, day=date(2025, 3, 3), after=after)
        while working.work():
            pass

    return make


def test_a_diagnostic_block_is_a_test_and_no_treatment(patient: Callable[..., Any]) -> None:
    held = patient("facet-one-block")
    working.renew(held, ["a-physician", "b-physician"])
    assert Row.objects.count() == 0
    assert Worked.objects.get(patient=held).head == held.head


def test_what_was_done_elsewhere_is_none_of_the_clinics_results(staff: Callable[..., Any]) -> None:
    who = staff("physician")
    treated(who, 1, day=date(2025, 3, 3), after=3, operator="Dr Elsewhere")
    treated(who, 2, day=date(2025, 3, 3), after=3)
    while working.work():
        pass
    assert list(Row.objects.values_list("operator", flat=True)) == ["a-physician"]


def test_counts_in_cells_are_those_of_all_rows_at_once(cohort_of: Callable[[int, int, int], None]) -> None:
    cohort_of(9, 5, 2)
    rows = [working._DECODER.decode(row.body) for row in Row.objects.all()]
    at_once = cohort(rows, TODAY, working.tables()).procedures[0]
    found = asked.answer(Asked(therapy="epidural-steroid-injection", region="lumbar"), TODAY)
    assert found is not None
    assert found.whole == at_once.whole
    assert (found.whole.first.yes, found.whole.first.no, found.whole.first.missing) == (9, 5, 2)


@pytest.mark.parametrize(
    ("yes", "no", "missing", "told", "not_told"),
    [
        (5, 4, 0, "Too few for a rate: 5 of 9", "of 100, "),
        (6, 4, 0, "6 of 10 with an answer had at least 50 % less pain at 6 months", "Too few for a rate"),
        (6, 6, 8, "6 of 12 with an answer", "We do not know yet"),
        (6, 5, 8, "We do not know yet: at 6 months 11 of 19 that were due have an answer", "Does it work?"),
    ],
)
def test_no_rate_of_fewer_than_ten_and_under_sixty_of_a_hundred_we_do_not_know(
    yes: int, no: int, missing: int, told: str, not_told: str, cohort_of: Callable[[int, int, int], None],
    signed_in: Callable[..., Client],
) -> None:  # fmt: skip
    cohort_of(yes, no, missing)
    page = signed_in("clinic-lead").get("/results", {"procedure": LUMBAR}).content.decode()
    main = page.partition("<main")[2].partition("What these numbers cannot say")[0]
    assert told in main
    assert not_told not in main
    assert "There is no comparison group here." in main


def test_missing_is_shown_left_out_and_counted_as_failed(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client]
) -> None:
    cohort_of(9, 6, 3)
    page = signed_in("clinic-lead").get("/results", {"procedure": LUMBAR}).content.decode()
    assert "9 of 15" in page
    assert "9 of 18" in page
    assert "3 of 18" in page


def test_a_physician_sees_their_own_alone_and_no_operators(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client]
) -> None:
    cohort_of(9, 6, 3)
    other = signed_in("physician", "another").get("/results", {"procedure": LUMBAR, "operator": "a-physician"})
    assert "No procedure has been counted yet." in other.content.decode()
    own = signed_in("physician").get("/results", {"procedure": LUMBAR}).content.decode()
    assert "9 of 15" in own
    assert "not a league table" not in own


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_others_see_all_together_and_nobody_by_themselves(
    role: str, cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client]
) -> None:
    cohort_of(9, 6, 3)
    page = signed_in(role).get("/results", {"procedure": LUMBAR, "operator": "nobody"}).content.decode()
    assert "9 of 15" in page
    assert "not a league table" not in page
    assert "A-Physician" not in page.partition("<main")[2]
    assert "Call these" not in page


@pytest.mark.parametrize("role", ["nurse", "coordinator"])
def test_it_opens_to_its_readers_alone(role: str, signed_in: Callable[..., Client]) -> None:
    client = signed_in(role)
    assert client.get("/results").status_code == 403
    assert client.get("/results/file").status_code == 403
    assert 'href="/results"' not in client.get("/patients").content.decode()


def test_nobody_is_named_on_a_page_of_results(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client]
) -> None:
    cohort_of(9, 6, 3)
    client = signed_in("clinic-lead")
    for address in ("/results", "/results/file"):
        assert b"Treated" not in client.get(address, {"procedure": LUMBAR}).content


def test_a_row_is_renewed_when_the_record_changes_or_a_window_closes(
    cohort_of: Callable[[int, int, int], None],
) -> None:
    cohort_of(10, 0, 0)
    assert working.work() == 0
    held = Patient.objects.get(mrn="T-0")
    entry = Entry.objects.get(patient=held, section="procedures")
    record.strike(held.team.first().staff, held, "procedures", entry.key, seen=entry.version, reason="not hers")
    assert working.progress(TODAY) == Progress(patients=10, waiting=1, cells=1, stale=0)
    while working.work():
        pass
    assert (Row.objects.count(), Cell.objects.get().done) == (9, 9)
    again = min(row.again for row in Worked.objects.all() if row.again is not None)
    with clock.standing_at(now() + (again - TODAY)):
        assert working.waiting(again).count() == 9
    assert working.waiting(again - timedelta(days=1)).count() == 0


def test_counts_of_an_earlier_day_are_said_to_be_so(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client]
) -> None:
    cohort_of(10, 0, 0)
    client = signed_in("clinic-lead")
    assert "Not all worked out" not in client.get("/results", {"procedure": LUMBAR}).content.decode()
    with clock.standing_at(now() + timedelta(days=1)):
        page = client.get("/results", {"procedure": LUMBAR}).content.decode()
        assert "1 of 1 counts are of an earlier day" in page
        assert "counted as of Mon 09 Mar 2026" in page


def test_what_can_still_be_asked_becomes_one_call_each(
    staff: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    who = staff("physician")
    window = working._within("6-months")
    opens = date(2025, 9, 9) + timedelta(days=window)  # six months later is the last day before the window opens
    for number, day in enumerate((opens - timedelta(days=window), date(2025, 3, 3), date(2026, 2, 2))):
        treated(who, number, day=day, after=None)
    while working.work():
        pass
    client = signed_in("clinic-lead")
    for _ in range(2):
        assert client.post("/results/call", {"procedure": LUMBAR}).status_code == 302
    assert list(Task.objects.values_list("patient__mrn", flat=True)) == ["T-0"]


def test_the_file_holds_no_formula(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client]
) -> None:
    cohort_of(9, 6, 3)
    response = signed_in("clinic-lead").get("/results/file", {"procedure": LUMBAR})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert ["Done", "18"] in rows
    assert any(row[:3] == ["All", "6 months", "at least 50 % less"] for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_could_be_a_formula_is_made_plain(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe(-1) == -1
    assert safe("1 of 2") == "1 of 2"


def test_a_page_asks_the_database_at_most_twelve_times(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    cohort_of(9, 6, 3)
    client = signed_in("clinic-lead")
    client.get("/results")
    with django_assert_max_num_queries(14):
        client.get("/results", {"procedure": LUMBAR})


@pytest.mark.parametrize("said", [{"procedure": "x" * 500}, {"procedure": "=1.2", "period": "-9"}, {"period": "1e9"}])
def test_what_is_not_known_leads_to_the_overview(said: dict[str, str], signed_in: Callable[..., Client]) -> None:
    client = signed_in("clinic-lead")
    assert client.get("/results", said).status_code == 200
    assert client.get("/results/file", said).status_code == 302
    assert client.post("/results/call", said).status_code == 302
    assert client.post("/results/work", said).status_code == 302


def own_of(client: Client, patient: Callable[..., Any]) -> str:
    """What the page of an option says of this clinic: a lumbar epidural that is considered."""
    held = patient("facet-one-block")
    record.add(
        None, held, "request",
        {"therapy": "epidural-steroid-injection", "approach": "transforaminal", "region": "lumbar", "side": "left",
         "foramina": ["L5-S1"], "purpose": "therapeutic"}, key="RE",
    )  # fmt: skip
    page = client.get(f"/patient/{held.handle}/options/RE")
    assert page.status_code == 200
    return page.content.decode().partition("Here, at this clinic")[2].partition("</section>")[0]


def test_an_option_shows_the_clinics_own_results_beside_the_published(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    """12 relieved, 4 not, 4 not asked: 12 of 16 answers, 12 of 20 if the missing failed, 4 of 20 missing."""
    cohort_of(12, 4, 4)
    shown = own_of(signed_in("nurse"), patient)
    for number in ("12 of 16", "12 of 20", "4 of 20"):
        assert f'<span class="number">{number}</span>' in shown
    assert "20 done here" in shown
    assert "There is no comparison group" in shown
    assert "Results in full" not in shown, "results do not open to a nurse"


@pytest.mark.parametrize(("yes", "told"), [(9, False), (10, True), (11, True)])
def test_fewer_answers_than_ten_are_not_told_on_the_page_of_a_patient(
    cohort_of: Callable[[int, int, int], None], signed_in: Callable[..., Client], patient: Callable[..., Any],
    yes: int, told: bool,
) -> None:  # fmt: skip
    cohort_of(yes, 0, 1)
    shown = own_of(signed_in("physician"), patient)
    assert (f"{yes} of {yes}<" in shown) is told
    assert ("Too few to tell" in shown) is not told
    assert "Results in full" in shown


def test_of_what_was_never_done_here_nothing_is_told(
    signed_in: Callable[..., Client], patient: Callable[..., Any]
) -> None:
    assert "None was done here yet" in own_of(signed_in("nurse"), patient)
