"""The strict reader says what PyYAML's own composer says, for every knowledge file and for any text, or refuses."""

from __future__ import annotations

import unicodedata
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from levamen.record.codes import vocabulary
from levamen.text.strict_yaml import kind_of_plain, read_yaml
from levamen.text.tree import MAX_DEPTH, Fields, Items, Node, Scalar, UnusableInput

ROOT = Path(str(resources.files("levamen")))
FILES = sorted(ROOT.rglob("*.yaml"))


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Untouched(_LOADER):
    """Composes nodes and resolves no tag: what is left is the text, its style and its place."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return ""


def composed(text: str) -> Node:
    """The tree as PyYAML composes it."""

    def node(of: yaml.Node) -> Node:
        line = of.start_mark.line + 1
        if isinstance(of, yaml.ScalarNode):
            return Scalar("text" if of.style else kind_of_plain(of.value), of.value, line)
        if isinstance(of, yaml.SequenceNode):
            return Items(tuple(node(item) for item in of.value), line)
        pairs = [(key.value, key.start_mark.line + 1, node(value)) for key, value in of.value]
        return Fields({key: value for key, _, value in pairs}, {key: place for key, place, _ in pairs}, line)

    return node(yaml.compose(text, Loader=_Untouched))


def acceptable(text: str) -> bool:
    """Whether a text is one mapping without anything that is refused, seen in PyYAML's own events and nodes."""
    try:
        events = list(yaml.parse(text, Loader=_LOADER))
        documents = list(yaml.compose_all(text, Loader=_Untouched))
    except yaml.YAMLError:
        return False
    started = [event for event in events if isinstance(event, yaml.DocumentStartEvent)]
    if len(documents) != 1 or started[0].tags or started[0].version not in (None, (1, 2)):
        return False
    if any(getattr(event, "anchor", None) or getattr(event, "tag", None) for event in events):
        return False
    return isinstance(documents[0], yaml.MappingNode) and _plain(documents[0], 1)


def _plain(of: yaml.Node, depth: int) -> bool:
    if isinstance(of, yaml.ScalarNode):
        return not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r\x85" for c in of.value) and not (
            {"\ufffe", "\uffff"} & set(of.value)
        )
    if depth > MAX_DEPTH:
        return False
    if isinstance(of, yaml.SequenceNode):
        return all(_plain(item, depth + 1) for item in of.value)
    keys = [key for key, _ in of.value]
    if not all(isinstance(key, yaml.ScalarNode) and (key.style or key.value != "<<") for key in keys):
        return False
    if len({key.value for key in keys}) < len(keys):
        return False
    return all(_plain(part, depth + 1) for pair in of.value for part in pair)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_knowledge_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert read_yaml(text, path.name) == composed(text)


def test_the_vocabulary_is_what_pyyaml_loads() -> None:
    """Read strictly it holds the same words and numbers as PyYAML's safe loader finds: no yes, no date, no octal."""

    def typed(value: object) -> object:
        if isinstance(value, dict):
            return {key: typed(part) for key, part in value.items()}
        return [typed(part) for part in value] if isinstance(value, list) else (type(value), value)

    text = (ROOT / "record" / "vocabulary.yaml").read_text(encoding="utf-8")
    assert typed(vocabulary()) == typed(yaml.safe_load(text))


PIECES = st.sampled_from(
    [
        *"abc01:-[]{},'\"#&*!|>%?\\~.\n",
        "\n  ",
        "\n- ",
        ": ",
        "a: ",
        "<<: ",
        '"\\u0007"',
        "\x85",
        "é",
        "null",
        "1.5",
        "---\n",
    ]
)
TEXTS = st.lists(PIECES, max_size=24).map("".join)
WORDS = st.text(st.characters(codec="utf-8"), max_size=6)
TREES = st.dictionaries(
    WORDS,
    st.recursive(
        st.one_of(WORDS, st.integers(), st.booleans(), st.none()),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=400)
@given(TEXTS.map(lambda text: f"a: {text}") | TEXTS | TREES.map(lambda tree: str(yaml.safe_dump(tree))))
@example('a: "\\e[2J"')
@example("a: &x 1\nb: *x")
@example("? [a]\n: b")
@example("a: 'x\n\n  y'")
def test_any_text(text: str) -> None:
    """What is read is what is composed; what is refused is not acceptable."""
    try:
        found = read_yaml(text, "t.yaml")
    except UnusableInput:
        assert not acceptable(text), text
        return
    assert acceptable(text), text
    assert found == composed(text)


def test_the_parser_written_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML was built without its C library, the same tree comes of it."""
    path = ROOT / "knowledge" / "flags" / "general.yaml"
    text = path.read_text(encoding="utf-8")
    found = read_yaml(text, path.name)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert read_yaml(text, path.name) == found
