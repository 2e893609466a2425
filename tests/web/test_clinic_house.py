"""House rules of the clinic: nothing inline, nothing from elsewhere, one clock, every verb has its words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
MODULES = sorted(path for path in WEB.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(WEB.rglob("*.html"))
STATIC = sorted(path for path in WEB.rglob("static/**/*") if path.suffix in (".js", ".css", ".svg"))
INLINE = re.compile(
    r"\bstyle\s*=|<style|\bhx-on|\bon(click|load|change|submit|input)\s*=|javascript:|js:", re.IGNORECASE
)
ELSEWHERE = re.compile(r"""(?:src|href|action|url)\s*[=(]\s*["']?(?:https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_holds_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not INLINE.search(text), INLINE.search(text)
    assert not ELSEWHERE.search(text), ELSEWHERE.search(text)
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    assert not [script for script in scripts if script.strip()], "a script stands in a file of its own"


@pytest.mark.parametrize("path", STATIC, ids=lambda path: str(path.relative_to(WEB)))
def test_a_static_file_asks_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not ELSEWHERE.search(text)
    if path.suffix == ".css":
        assert "data:" not in text
        assert "@import" not in text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_only_the_clock_asks_the_time(path: Path) -> None:
    if path.relative_to(WEB).as_posix() == "clinic/clock.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).split(".")[-1]
            asked = f"{owner}.{node.func.attr}"
            assert asked not in {"datetime.now", "datetime.utcnow", "date.today", "datetime.today"}, (
                f"line {node.lineno}"
            )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_nothing_is_marked_safe_without_a_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if re.search(r"\bmark_safe\(", line):
            assert re.search(r"# noqa: S308 - \w+", line), f"line {number}: say why it is safe"
        assert ".raw(" not in line, f"line {number}: queries are built, not written"


EXEMPTION = re.compile(r"# (noqa|type: ignore)\b(?P<rest>.*)")
WITH_REASON = re.compile(r"(: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S.*)|(\[[a-z-]+(, [a-z-]+)*\] +# \S.*)")
ROOT = WEB.parent
OTHERS = sorted(path for name in ("tests", "tools", "benchmarks", "docs") for path in (ROOT / name).rglob("*.py"))


@pytest.mark.parametrize("path", [*MODULES, *OTHERS], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_exemption_says_why(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        found = EXEMPTION.search(line)
        if found is None or "re.compile(" in line:
            continue
        assert WITH_REASON.fullmatch(found["rest"]), f"line {number}: name what is exempted, and say why beside it"
        assert path in MODULES or found[1] == "noqa", (
            f"line {number}: tests are not type-checked, so it exempts nothing"
        )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_that_marks_safe_says_why(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if re.search(r"\|\s*safe\b|autoescape off", text):
        assert re.search(r"\{# safe: \S.+#\}", text), "say beside it why it is safe"


SAID = re.compile(
    r"""\b(?:opens_patient|append)\((?:[^()]|\([^()]*\))*?verb=(f?"[^"]+"(?: if [^,]+? else "[^"]+")?)""", re.DOTALL
)


def test_every_verb_of_the_audit_has_its_words() -> None:
    """A look at a patient and every act; of pages about nobody nothing is written down."""
    from audit.sentences import WORDS

    text = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    said = {verb for found in SAID.findall(text) for verb in re.findall(r'"([^"]+)"', found)}
    assert len(said) > 20
    assert not {verb for verb in said if verb not in WORDS}
