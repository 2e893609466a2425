"""Who may do what until when, and with which guidance: at, before and after each limit; unknown stops."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from levamen.knowledge.model import KnowledgeError
from levamen.pathway.privileges import (
    Finding,
    Privilege,
    guidance_findings,
    privilege_findings,
    read_privileges,
)
from levamen.record.facts import Request

FILE = """
privileges: 1
entries:
  - operator: dr-okafor
    therapies: [medial-branch-block, epidural-steroid-injection]
    regions: [lumbar, sacral]
    granted: 2025-03-01
    expires: 2026-02-28
    volume_12_months: 20
    minimum_volume: 20
    source: letter of the medical staff office of 2025-02-20
  - operator: dr-okafor
    therapies: [trigger-point-injection]
    regions: all
    granted: 2025-03-01
    expires: 2026-02-28
    source: letter of the medical staff office of 2025-02-20
"""
ESI = Request(id="R-1", therapy="epidural-steroid-injection", region="lumbar")


@pytest.fixture
def clinic(tmp_path: Path) -> tuple[Privilege, ...]:
    return read_privileges(write(tmp_path, FILE))


def write(folder: Path, text: str) -> Path:
    path = folder / "privileges.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1
    return findings[0]


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (date(2025, 2, 28), "not-yet"),
        (date(2025, 3, 1), "granted"),
        (date(2026, 2, 27), "granted"),
        (date(2026, 2, 28), "granted"),
        (date(2026, 3, 1), "expired"),
    ],
)
def test_a_privilege_lasts_to_the_end_of_its_last_day(clinic: tuple[Privilege, ...], on: date, reason: str) -> None:
    finding = only(privilege_findings(clinic, "dr-okafor", ESI, on))
    assert finding.reason == reason
    assert finding.stops is (reason != "granted")
    if reason == "expired":
        assert "expired on 2026-02-28" in finding.says
    if reason == "granted":
        assert (finding.status, finding.source) == ("may", "letter of the medical staff office of 2025-02-20")


def test_a_leap_day_counts(tmp_path: Path) -> None:
    leap = read_privileges(write(tmp_path, FILE.replace("2026-02-28", "2028-02-29")))
    assert only(privilege_findings(leap, "dr-okafor", ESI, date(2028, 2, 29))).reason == "granted"
    assert only(privilege_findings(leap, "dr-okafor", ESI, date(2028, 3, 1))).reason == "expired"


ON = date(2025, 6, 1)


@pytest.mark.parametrize(("done", "reason"), [("19", "volume-below"), ("20", "granted"), ("21", "granted")])
def test_volume_against_the_clinics_own_minimum(tmp_path: Path, done: str, reason: str) -> None:
    text = FILE.replace("volume_12_months: 20", f"volume_12_months: {done}")
    finding = only(privilege_findings(read_privileges(write(tmp_path, text)), "dr-okafor", ESI, ON))
    assert finding.reason == reason
    if reason == "volume-below":
        assert "19" in finding.says
        assert "20" in finding.says


def test_a_volume_that_is_not_recorded_is_unknown(tmp_path: Path) -> None:
    text = FILE.replace("    volume_12_months: 20\n", "")
    finding = only(privilege_findings(read_privileges(write(tmp_path, text)), "dr-okafor", ESI, ON))
    assert (finding.status, finding.reason) == ("unknown", "volume-unknown")


def test_without_a_minimum_volume_decides_nothing(clinic: tuple[Privilege, ...]) -> None:
    trigger = Request(id="R-1", therapy="trigger-point-injection", region="head")
    assert only(privilege_findings(clinic, "dr-okafor", trigger, ON)).reason == "granted"


@pytest.mark.parametrize("operator", [None, "dr-nobody"])
def test_an_unknown_operator_stops(clinic: tuple[Privilege, ...], operator: str | None) -> None:
    finding = only(privilege_findings(clinic, operator, ESI, ON))
    assert (finding.status, finding.reason, finding.stops) == ("unknown", "operator-unknown", True)


def test_an_unknown_therapy_or_region_stops(clinic: tuple[Privilege, ...]) -> None:
    assert only(privilege_findings(clinic, "dr-okafor", Request(id="R-1"), ON)).reason == "therapy-unknown"
    nowhere = Request(id="R-1", therapy="epidural-steroid-injection")
    finding = only(privilege_findings(clinic, "dr-okafor", nowhere, ON))
    assert (finding.status, finding.reason) == ("unknown", "region-unknown")
    anywhere = Request(id="R-1", therapy="trigger-point-injection")
    assert only(privilege_findings(clinic, "dr-okafor", anywhere, ON)).reason == "granted"


@pytest.mark.parametrize(
    ("therapy", "region"), [("epidural-steroid-injection", "cervical"), ("vertebroplasty", "lumbar")]
)
def test_what_is_not_granted_is_refused(clinic: tuple[Privilege, ...], therapy: str, region: str) -> None:
    finding = only(privilege_findings(clinic, "dr-okafor", Request(id="R-1", therapy=therapy, region=region), ON))
    assert (finding.status, finding.reason) == ("refused", "not-granted")


def test_the_renewed_privilege_counts_in_any_order(tmp_path: Path) -> None:
    renewed = FILE + (
        "  - {operator: dr-okafor, therapies: [epidural-steroid-injection], regions: [lumbar], granted: 2026-03-01, "
        "expires: 2027-02-28, source: renewal}\n"
    )
    rows = read_privileges(write(tmp_path, renewed))
    for order in (rows, tuple(reversed(rows))):
        assert only(privilege_findings(order, "dr-okafor", ESI, date(2026, 3, 1))).source == "renewal"
        assert only(privilege_findings(order, "dr-okafor", ESI, date(2027, 3, 1))).says.endswith("2027-02-28.")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("privileges: 1", "privileges: 2", "only `privileges: 1`"),
        ("    expires: 2026-02-28\n", "", "without an end"),
        ("expires: 2026-02-28", "expires: 2025-02-28", "before granted"),
        ("expires: 2026-02-28", "expires: 2026-02", "whole day"),
        ("    regions: [lumbar, sacral]\n", "", "no regions"),
        ("regions: [lumbar, sacral]", "regions: [lumber]", "nearest: lumbar"),
        ("regions: [lumbar, sacral]", "regions: [all, lumbar]", "not both"),
        ("therapies: [medial-branch-block,", "therapies: [medial-branch-blocks,", "not in therapies"),
        ("volume_12_months: 20", "volume_12_months: -1", "not negative"),
        ("minimum_volume: 20", "minimum_volume: many", "is a number"),
        ("    source: letter of the medical staff office of 2025-02-20\n", "", "no source"),
        ("operator: dr-okafor", "surgeon: dr-okafor", "is not known here"),
        ("therapies: [trigger-point-injection]", "therapies: [medial-branch-block]", "two entries"),
    ],
)
def test_a_file_that_could_mislead_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in FILE
    with pytest.raises(KnowledgeError, match=r"privileges\.yaml") as refused:
        read_privileges(write(tmp_path, FILE.replace(old, new, 1)))
    assert says in str(refused.value)


def cervical(**fields: Any) -> Request:
    whole: dict[str, Any] = {
        "therapy": "epidural-steroid-injection",
        "region": "cervical",
        "approach": "interlaminar",
        "interspaces": frozenset({"C7-T1"}),
        "guidance": "fluoroscopy",
        "contrast": "iodinated",
        "sedation": "none",
    }
    return Request(id="R-1", **(whole | fields))


def statuses(request: Request, reason: str, reviewed: bool | None = True) -> set[str]:
    return {f.status for f in guidance_findings(request, imaging_reviewed=reviewed) if f.reason == reason}


def test_a_cervical_epidural_as_the_sources_want_it() -> None:
    found = guidance_findings(cervical(), imaging_reviewed=True)
    assert {finding.status for finding in found} == {"met", "advice"}
    assert {f.reason for f in found if f.status == "met"} == {
        "guidance",
        "contrast",
        "level",
        "imaging-review",
        "sedation",
    }
    assert all(finding.cites for finding in found)


@pytest.mark.parametrize(
    ("guidance", "expected"),
    [
        ("fluoroscopy", {"met"}),
        ("landmark", {"refused"}),
        ("nerve-stimulator", {"refused"}),
        ("none", {"refused"}),
        ("ct", {"met", "unknown"}),
        ("ultrasound", {"met", "unknown"}),
        ("endoscopic", {"unknown"}),
        ("unknown", {"unknown"}),
        (None, {"unknown"}),
    ],
)
def test_guidance_of_a_cervical_epidural(guidance: str | None, expected: set[str]) -> None:
    assert statuses(cervical(guidance=guidance), "guidance") == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [("C7-T1", "met"), ("C6-7", "caution"), ("C5-6", "refused"), ("C2-3", "refused"), ("T1-2", "unknown")],
)
def test_level_of_a_cervical_epidural(level: str, expected: str) -> None:
    assert statuses(cervical(interspaces=frozenset({level})), "level") == {expected}


def test_two_levels_are_as_good_as_the_worse_and_none_is_unknown() -> None:
    assert statuses(cervical(interspaces=frozenset({"C7-T1", "C5-6"})), "level") == {"refused"}
    assert statuses(cervical(interspaces=frozenset()), "level") == {"unknown"}


@pytest.mark.parametrize(("reviewed", "expected"), [(True, "met"), (False, "refused"), (None, "unknown")])
def test_prior_imaging_is_reviewed_before_a_cervical_epidural(reviewed: bool | None, expected: str) -> None:
    assert statuses(cervical(), "imaging-review", reviewed) == {expected}


@pytest.mark.parametrize(
    ("sedation", "expected"),
    [
        ("none", {"met"}),
        ("minimal", {"met"}),
        ("moderate", {"caution"}),
        ("deep", {"refused"}),
        ("general-anesthesia", {"refused"}),
        (None, {"unknown"}),
    ],
)
def test_sedation_of_an_epidural(sedation: str | None, expected: set[str]) -> None:
    assert statuses(cervical(sedation=sedation), "sedation") == expected


@pytest.mark.parametrize(
    ("contrast", "expected"),
    [("iodinated", {"met"}), ("gadolinium", {"unknown"}), ("none", {"unknown"}), (None, {"unknown"})],
)
def test_contrast_of_a_cervical_epidural(contrast: str | None, expected: set[str]) -> None:
    assert statuses(cervical(contrast=contrast), "contrast") == expected


def test_what_may_not_apply_is_unknown_and_never_refused() -> None:
    nowhere = cervical(region=None, interspaces=frozenset({"C5-6"}))
    level = [f for f in guidance_findings(nowhere, imaging_reviewed=True) if f.reason == "level"]
    assert [(f.status, f.unsure) for f in level] == [("unknown", ("the region is not recorded",))]
    assert level[0].stops


def test_level_is_no_matter_of_a_lumbar_epidural() -> None:
    lumbar = cervical(region="lumbar", interspaces=frozenset({"L4-5"}))
    assert statuses(lumbar, "level") == set()
    assert statuses(lumbar, "imaging-review", None) == set()
    assert statuses(lumbar, "guidance") == {"met"}


def test_silence_of_the_sources_is_said_and_does_not_stop() -> None:
    block = Request(id="R-1", therapy="occipital-nerve-block", region="head", guidance="landmark")
    finding = only(guidance_findings(block))
    assert (finding.status, finding.stops) == ("silent", False)


def test_a_diagnostic_block_without_sedation() -> None:
    block = Request(id="R-1", therapy="medial-branch-block", purpose="diagnostic", region="lumbar", sedation="minimal")
    assert statuses(block, "sedation") == {"met", "caution"}
    assert statuses(Request(id="R-1", therapy="medial-branch-block", sedation="minimal"), "sedation") == {
        "met",
        "unknown",
    }
