"""`levamen checklist`: every list of a case in the order of care, with boxes, sources, and what is not known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from levamen.cli import main

CHART = str(Path(__file__).parents[3] / "examples" / "charts" / "plan-agreement-recorded.yaml")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(("checklist", *arguments))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_every_list_stands_in_the_order_of_care(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, CHART, "--request", "R-1")
    assert (code, err) == (0, "")
    titles = [
        "Questions before the procedure", "Time-out", "Watch after the procedure", "Before the person leaves",
        "Red flags", "Call at 24 hours", "Call at one week",
    ]  # fmt: skip
    assert [line for line in out.splitlines() if line in titles] == titles
    assert "Kyphoplasty, side not recorded, thoracic spine, T12." in out
    assert out.count("[ ]") > 60
    assert "No answer after 3 calls" in out


def test_one_list_alone_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, CHART, "--request", "R-1", "--part", "discharge", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["format"] == "levamen.checklist/1"
    assert [part["id"] for part in found["parts"]] == ["discharge"]
    lines = found["parts"][0]["lines"]
    assert all(line["id"] and line["text"] and line["cites"] for line in lines)
    assert "null" not in out


def test_a_blood_thinner_on_the_list_asks_for_a_longer_watch(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, CHART, "--request", "R-1", "--part", "monitoring")
    assert "Observe longer and repeat the neurological check, because a blood thinner is on the list (60" in out


def test_what_is_not_recorded_keeps_its_line_and_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, CHART, "--request", "R-1", "--part", "questions")
    assert "Not known: the drugs to be given are not all recorded" in out


def test_the_same_input_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, CHART, "--request", "R-2", "--format", "json")
    assert first == run(capsys, CHART, "--request", "R-2", "--format", "json")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((CHART,), "requests 4 procedures; name one with --request"),
        ((CHART, "--request", "R-9"), "has no request 'R-9'"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1
