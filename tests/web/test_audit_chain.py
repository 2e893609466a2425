"""The audit is append-only and chained: each way of tampering is told, on the database that is in use."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from audit.chain import append, verify
from audit.models import Event

pytestmark = pytest.mark.django_db
_TABLE = Event._meta.db_table


def _without_guard(*statements: str) -> None:
    """Runs statements as somebody would who has the database itself in hand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {_TABLE} DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER audit_no_update")
            cursor.execute("DROP TRIGGER audit_no_delete")
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def chain(patient: Callable[..., object]) -> int:
    """A patient with a record: the events of it. Returns their number."""
    patient()
    return Event.objects.count()


def test_an_untouched_chain_holds(chain: int) -> None:
    found = verify()
    assert found.holds
    assert found.events == chain


@pytest.mark.parametrize("statement", [f"UPDATE {_TABLE} SET verb = 'x' WHERE number = 3", f"DELETE FROM {_TABLE}"])
def test_the_database_refuses_to_change_or_delete(chain: int, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify().holds


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ((f"UPDATE {_TABLE} SET about = 'procedures P-9' WHERE number = 3",), "Event 3 is not what was written"),
        ((f"UPDATE {_TABLE} SET who_id = NULL WHERE number = 3",), "Event 3 is not what was written"),
        ((f"DELETE FROM {_TABLE} WHERE number = 4",), "After event 3 comes event 5"),
        (
            (
                f"UPDATE {_TABLE} SET number = -1 WHERE number = 3",
                f"UPDATE {_TABLE} SET number = 3 WHERE number = 4",
                f"UPDATE {_TABLE} SET number = 4 WHERE number = -1",
            ),
            "Event 3 does not follow the one before it",
        ),
        ((f"DELETE FROM {_TABLE} WHERE number = (SELECT max(number) FROM {_TABLE})",), "the end is missing"),
    ],
    ids=["a flipped word", "another person", "a deleted event", "two swapped", "the end cut off"],
)
def test_tampering_is_told(chain: int, statements: tuple[str, ...], told: str) -> None:
    _without_guard(*statements)
    assert any(told in line for line in verify().broken), verify().broken


def test_an_inserted_event_is_told(chain: int) -> None:
    _without_guard(
        f"INSERT INTO {_TABLE} (number, at, role, verb, about, detail, previous, hash)"
        f" SELECT 0, at, role, verb, about, detail, previous, hash FROM {_TABLE} WHERE number = 3"
    )
    assert not verify().holds


def test_an_event_outside_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch, chain: int) -> None:
    outside = SimpleNamespace(in_atomic_block=False)
    with monkeypatch.context() as patch:
        patch.setattr("audit.chain.transaction.get_connection", lambda: outside)
        with pytest.raises(RuntimeError, match="in the transaction"):
            append(None, verb="patient.added")


def test_a_look_is_written_down(signed_in: Callable[..., Client], patient: Callable[..., object]) -> None:
    held = patient()
    signed_in("nurse").get(f"/patient/{held.handle}/record")
    last = Event.objects.order_by("-number").first()
    assert last is not None
    assert (last.verb, str(last.who), last.patient_id) == ("record.looked", "A-Nurse", held.pk)


def test_the_page_tells_in_sentences_and_finds_by_form(
    signed_in: Callable[..., Client], patient: Callable[..., object]
) -> None:
    held = patient()
    signed_in("nurse").get(f"/patient/{held.handle}/record")
    auditor = signed_in("auditor")
    page = auditor.post("/audit", {"who": "nurse", "from": "2026-03-09", "to": "2026-03-09"}).content.decode()
    assert "A-Nurse looked at the record" in page
    assert "A-Physician" not in page
    assert "A-Nurse looked" not in auditor.post("/audit", {"to": "2026-03-08"}).content.decode()
    assert "is no day" in auditor.post("/audit", {"from": "yesterday"}).content.decode()


def test_the_page_says_whether_the_chain_holds(signed_in: Callable[..., Client], chain: int) -> None:
    auditor = signed_in("auditor")
    assert "The chain holds" in auditor.post("/audit", {"do": "verify"}).content.decode()
    _without_guard(f"UPDATE {_TABLE} SET about = 'procedures P-9' WHERE number = 3")
    page = auditor.post("/audit", {"do": "verify"}).content.decode()
    assert "The chain does not hold" in page
    assert "Event 3 is not what was written" in page


def test_a_table_file_holds_no_formula(signed_in: Callable[..., Client], patient: Callable[..., object]) -> None:
    held = patient()
    lead = signed_in("clinic-lead")
    lead.post(f"/patient/{held.handle}/closed", {"reason": "=HYPERLINK(1) covering"})
    answer = lead.post("/audit", {"do": "export"})
    text = b"".join(answer.streaming_content).decode()
    assert text.count("\n") == Event.objects.count() + 1
    assert not [cell for line in text.splitlines() for cell in line.split(",") if cell.startswith(("=", "+", "@"))]
    assert Event.objects.order_by("-number").values_list("verb", flat=True)[0] == "audit.exported"
