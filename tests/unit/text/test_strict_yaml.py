"""YAML by the 1.2 core rules, JSON with the same limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from levamen.adapters.balance import UnusableInput
from levamen.text.strict_yaml import read_mapping
from levamen.text.tree import Fields, Items, Scalar, plain_data


def read(text: str | bytes) -> object:
    return plain_data(read_mapping(text, "c.yaml"))


def refusal(text: str | bytes) -> str:
    with pytest.raises(UnusableInput) as refused:
        read_mapping(text, "c.yaml")
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("012", Decimal(12)),
        ("1e3", Decimal("1e3")),
        ("0.50", Decimal("0.50")),
        ("-3", Decimal(-3)),
        (".5", Decimal("0.5")),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o14", "0o14"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2026-02-30", "2026-02-30"),
        ("2026-02-12T11:00", "2026-02-12T11:00"),
        ("8:30", "8:30"),
        ("1:30:00", "1:30:00"),
        ("'8'", "8"),
        ('"true"', "true"),
        ("'~'", "~"),
        ("=", "="),
    ],
)
def test_plain_scalars_follow_the_core_schema(written: str, meant: object) -> None:
    assert read(f"a: {written}") == {"a": meant}


def test_numbers_stay_as_written() -> None:
    node = read_mapping("a: 8.50", "c.yaml")
    assert node.entries["a"] == Scalar("number", "8.50", 1)


def test_every_key_and_item_knows_its_line() -> None:
    node = read_mapping("a: 1\nb:\n  - x\n  - {c: 2}\n", "c.yaml")
    assert node.lines == {"a": 1, "b": 2}
    items = node.entries["b"]
    assert isinstance(items, Items)
    assert [item.line for item in items.items] == [3, 4]
    assert isinstance(items.items[1], Fields)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x 1", "c.yaml, line 1: the anchor &x is not allowed; write the value out where it is needed"),
        ("b: 1\na: *x", "c.yaml, line 2: the alias *x is not allowed; write the value out"),
        ("a: !!python/object:os.system x", "c.yaml, line 1: the tag tag:yaml.org,2002:python/object:os.system is not"),
        ("a: ! x", "c.yaml, line 1: the tag ! is not allowed; remove it"),
        ("a: {<<: {b: 1}}", "c.yaml, line 1: the merge key << is not allowed; write the fields out"),
        ("a: 1\nb: 2\na: 3", "c.yaml, line 3: the key `a` stands twice in one mapping (first in line 1); keep one"),
        ("a: 1\n---\nb: 1", "c.yaml, line 2: a second document begins here; keep one document per file"),
        ("%YAML 1.1\n---\na: 1", "c.yaml, line 1: YAML directives are not used here; remove the lines that begin"),
        ("? [a]\n: b", "c.yaml, line 1: a key must be one word, not a list or a mapping"),
        ("- a", "c.yaml, line 1: the file is a list; it must be a mapping of `key: value`"),
        ("just words", "c.yaml, line 1: the file is plain text; it must be a mapping of `key: value`"),
        ("", "c.yaml is empty; a chart starts with `chart: 1`"),
        (" \n\n", "c.yaml is empty; a chart starts with `chart: 1`"),
        ("# nothing but a comment", "c.yaml is empty; a chart starts with `chart: 1`"),
        ("---\n", "c.yaml is empty; a chart starts with `chart: 1`"),
        ("<!DOCTYPE html><html></html>", "c.yaml is a web page or XML, not a chart; save the chart file itself"),
        ("a:\n\tb: 1", "c.yaml, line 2: a tab is used where YAML needs spaces; replace it by spaces"),
        ("\ta: 1", "c.yaml, line 1: a tab is used where YAML needs spaces; replace it by spaces"),
        ("a: b: c", "c.yaml, line 1: not readable YAML (mapping values are not allowed in this context); check the"),
        ("a: 'x", "c.yaml, line 1: not readable YAML (found unexpected end of stream); check the indentation and"),
        ("a: 1\nb: \0", "c.yaml, line 2: a NUL character is not allowed in a text file; remove it"),
        ('a: "\\0"', "c.yaml, line 1: the control character U+0000 is not allowed; remove it"),
        ('a: "\\e[2J"', "c.yaml, line 1: the control character U+001B is not allowed; remove it"),
        ("a: \x07", "c.yaml is not readable YAML (control characters are not allowed)"),
        (b"a: \xff", "c.yaml is not UTF-8 text (byte 4); save it as UTF-8"),
        ("a: 1".encode("utf-16"), "c.yaml is not UTF-8 text (byte 1); save it as UTF-8"),
        ("a: \ud800", "c.yaml is not valid text (lone surrogate); save it as UTF-8"),
    ],
)
def test_what_is_refused_is_told_in_one_sentence(text: str | bytes, sentence: str) -> None:
    assert refusal(text).startswith(sentence)


def test_size_is_refused_before_parsing() -> None:
    told = refusal(b"[" * 50_000_000)
    assert told == "c.yaml is larger than 2 MB (50,000,000 bytes); a chart of one patient is smaller"


def test_size_is_counted_in_bytes() -> None:
    assert refusal("a: " + "é" * 1_500_000) == "c.yaml is larger than 2 MB; a chart of one patient is smaller"


@pytest.mark.parametrize(
    "text", ["a: " + "[" * 99_999, "- " * 99_999, "a: " + "{a: " * 99_999, '{"a":' + "[" * 900_000]
)
def test_depth_is_refused_without_recursion(text: str) -> None:
    assert "the nesting is deeper than 20 levels; a chart is flatter" in refusal(text)


def test_twenty_levels_are_read() -> None:
    deep = "a: " + "[" * 19 + "]" * 19
    assert read(deep)
    assert "deeper" in refusal("a: " + "[" * 20 + "]" * 20)


def test_json_numbers_stay_as_written() -> None:
    node = read_mapping('{"a": 8.50, "b": 7, "c": null, "d": false, "e": [1e3]}', "c.json")
    assert node.entries["a"] == Scalar("number", "8.50")
    assert plain_data(node) == {"a": Decimal("8.50"), "b": 7, "c": None, "d": False, "e": [1000]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1, "a": 2}', "c.yaml: the key `a` stands twice in one object; keep one"),
        ('{"a": NaN}', "c.yaml: NaN is no number; leave the value out where it is not known"),
        ('{"a": -Infinity}', "c.yaml: -Infinity is no number; leave the value out where it is not known"),
        ('{"a": 1,}', "c.yaml, line 1: not readable JSON (Expecting property name enclosed in double quotes)"),
        ('{"a": 012}', "c.yaml, line 1: not readable JSON (Expecting ',' delimiter)"),
        ('{"a": 1}\n{"b": 2}', "c.yaml, line 2: not readable JSON (Extra data)"),
        ('{"a": "\\ud800"}', "c.yaml: the control character U+D800 is not allowed; remove it"),
        ('{"a": "\\u0000"}', "c.yaml: the control character U+0000 is not allowed; remove it"),
    ],
)
def test_json_is_as_strict(text: str, sentence: str) -> None:
    assert refusal(text).startswith(sentence.partition("(")[0])


def test_brackets_inside_json_text_are_no_nesting() -> None:
    assert read('{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ \\" {{{{"}')
