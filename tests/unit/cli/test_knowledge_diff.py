"""`levamen knowledge diff`: what changed in words, and whose answers change with it; nothing is silent or guessed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from levamen.cli import main
from levamen.knowledge.difference import differences
from levamen.knowledge.edition import PACKAGED

EXAMPLES = Path(__file__).parents[3] / "examples" / "charts"
TWO_BLOCKS = EXAMPLES / "facet-two-blocks.yaml"


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    told = capsys.readouterr()
    return code, " ".join(told.out.split()), told.err


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packaged knowledge."""
    folder = tmp_path_factory.mktemp("older") / "knowledge"
    shutil.copytree(PACKAGED.root, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return folder


@pytest.fixture
def changed(older: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    shutil.copytree(older, folder)
    return folder


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_same_folder_has_no_difference(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert differences(older, PACKAGED.root) == ()
    code, out, _ = run(capsys, "knowledge", "diff", str(older), "packaged", str(TWO_BLOCKS))
    assert code == 0
    assert "Nothing changed." in out
    assert "0 of 1 charts have an answer that changes" in out


def test_a_changed_threshold_is_told_with_whose_answer_it_changes(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Medicare asks 80 per cent of a block; at 95 the 87.5 of the example's block is too little."""
    file = "policies/mcr_facet/values.yaml"
    line = "block-relief:\n    {kind: percent, operator: '>=', amount: %d"
    rewrite(changed, file, line % 80, line % 95)
    found = [change for change in differences(PACKAGED.root, changed) if change.kind == "changed"]
    assert [change.id for change in found] == ["policies/mcr_facet/block-relief"]
    assert (found[0].was, found[0].now) == ("at least 80 percent", "at least 95 percent")
    code, out, _ = run(capsys, "knowledge", "diff", "packaged", str(changed), str(EXAMPLES))
    assert code == 0
    assert "Block relief: was at least 80 percent; is at least 95 percent" in out
    assert "US Medicare local coverage: facet joint interventions" in out
    told = out.partition("walter-54, R-1, US Medicare local coverage: facet joint interventions: ")[2]
    assert told.startswith("was not yet, not before 26 Feb 2026; is not met, not before 26 Feb 2026")


def test_new_gone_better_known_and_moved_rows_are_told_apart(older: Path, changed: Path) -> None:
    file = "policies/cons_l20/values.yaml"
    rewrite(changed, file, "block-relief:", "block-relief-asked:")
    text = (changed / file).read_text("utf-8")
    (changed / file).write_text(text.replace("mark: unverified", "mark: secondary", 1), "utf-8")
    rewrite(changed, "policies/bmj25/values.yaml", "locator: ", "locator: page 1 of the ")
    rewrite(changed, "policies/bmj25/values.yaml", "checked: 2026-11-21", "checked: 2026-11-20")
    kinds = {(change.kind, change.id.split("/")[1]) for change in differences(older, changed)}
    assert {("added", "cons_l20"), ("removed", "cons_l20"), ("sourced", "bmj25"), ("dates", "bmj25")} <= kinds
    assert any(kind == "marked" for kind, _ in kinds)


def test_a_folder_that_is_no_knowledge_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "knowledge", "diff", str(tmp_path), "packaged")
    assert (code, out) == (2, "")
    assert "is no knowledge folder: it needs `policies` and `sources`" in err
    assert err.count("\n") == 1


def test_a_version_whose_values_do_not_fit_the_rules_is_still_compared(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(changed, "policies/mcr_facet/values.yaml", "  block-relief:", "  block-relieved:")
    code, out, _ = run(capsys, "knowledge", "diff", "packaged", str(changed), str(TWO_BLOCKS))
    assert code == 0
    assert "The answers cannot be compared" in out
    assert "New (" in out


def test_every_format_says_the_same(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(changed, "policies/cons_l20/values.yaml", "mark: unverified", "mark: secondary")
    for form in ("text", "markdown", "html"):
        code, out, _ = run(capsys, "knowledge", "diff", "packaged", str(changed), "--format", form)
        assert code == 0
        assert "was awaiting confirmation; is read in a secondary source" in out
        assert "No chart was given" in out
