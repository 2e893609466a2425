"""What the loader refuses: every refusal names file, line, value and remedy, and is a KnowledgeError."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from levamen.derive.views import VIEWS
from levamen.knowledge.examples import coverage_faults, examples
from levamen.knowledge.loader import load_policy, load_sources
from levamen.knowledge.model import KnowledgeError, Policy, Source
from levamen.knowledge.registry import faults, load, packaged
from levamen.record.timeline import Duration

SOURCES = {
    "MANUAL": Source(id="MANUAL", title="Manual", issuer="Plains Health", year="2026", url="https://example.org")
}

GOOD = """
policy: plains-facet
title: 'Plains Health: facet injections'
issuer: plains
country: US
checked: 2026-01-05
recheck_by: 2026-07-05
shape: bcbs_al_mp_141
values:
  cap:
    kind: count
    operator: '<'
    amount: 4
    source: MANUAL
    locator: page 2
    mark: primary
  wait:
    kind: weeks
    operator: '>='
    amount: 2
    source: MANUAL
    locator: page 3
    mark: secondary
  guidance:
    kind: set
    of: guidance
    words: [fluoroscopy, ct]
    source: MANUAL
    locator: page 4
    mark: adopted
"""


PERCENT = "kind: percent\n    operator: '<'\n    amount: 101"


def local(tmp_path: Path, text: str = GOOD, cases: str | None = None) -> Policy:
    folder = tmp_path / "plains_facet"
    folder.mkdir(exist_ok=True)
    (folder / "values.yaml").write_text(text, encoding="utf-8")
    if cases is not None:
        (folder / "examples.yaml").write_text(cases, encoding="utf-8")
    return load_policy(folder, SOURCES, local=True)


def test_a_good_folder_is_read(tmp_path: Path) -> None:
    policy = local(tmp_path)
    assert (policy.id, policy.kind, policy.payer_kinds, policy.local) == (
        "plains-facet",
        "commercial",
        frozenset({"commercial"}),
        True,
    )
    assert policy.values["cap"].versions[0].readings[0].amount == Decimal(4)
    assert policy.values["wait"].versions[0].readings[0].amount == Duration(Decimal(2), "weeks")
    assert policy.values["guidance"].versions[0].readings[0].words == {"fluoroscopy", "ct"}
    assert policy.values["cap"].checked == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("    source: MANUAL\n    locator: page 2\n", "    locator: page 2\n", "no source; name the source"),
        ("source: MANUAL\n    locator: page 2", "source: MANUEL\n    locator: page 2", "'MANUEL' is not in knowledge"),
        ("    locator: page 2\n", "", "no locator; say where in the source"),
        ("    mark: primary\n", "", "no mark; one of primary, secondary, adopted, unverified"),
        ("mark: primary", "mark: sure", "'sure' is no mark; one of primary, secondary, adopted, unverified"),
        ("kind: count", "kind: counts", "'counts' is no kind of value; one of hours, days"),
        ("kind: weeks", "kind: fortnights", "'fortnights' is no kind of value"),
        ("    kind: count\n", "", "no kind; one of"),
        ("amount: 4", "amount: four", "'amount' is a number"),
        ("    amount: 4\n", "", "no amount; write the number"),
        ("amount: 4", "amount: 4000", "4000 is out of range for count (0 to 1000)"),
        ("kind: count\n    operator: '<'\n    amount: 4", PERCENT, "out of range for percent (0 to 100)"),
        ("amount: 2", "amount: 2.5", "a length of time is a whole number"),
        ("amount: 2", "amount: -2", "a length of time is a whole number, not negative"),
        ("operator: '<'", "operator: about", "operator 'about'; one of >=, >, <=, <, =="),
        ("words: [fluoroscopy, ct]", "words: [fluroscopy, ct]", "'fluroscopy' is not in guidance; nearest: fluor"),
        ("words: [fluoroscopy, ct]", "words: []", "no words; list the ids"),
        ("of: guidance", "of: guidences", "'guidences' is no section of the vocabulary"),
        ("    mark: adopted", "    mark: adopted\n    ammount: 3", "'ammount' is not known here; known: also, amount"),
        ("shape: bcbs_al_mp_141", "shape: bcbs_al_mp_141\nshapes: x", "'shapes' is not known here"),
        ("shape: bcbs_al_mp_141", "shape: os.path", "there is no packaged rule shape 'os.path'"),
        ("shape: bcbs_al_mp_141", "shape: plains_facet", "there is no packaged rule shape 'plains_facet'"),
        ("checked: 2026-01-05\n", "", "no checked; write the day"),
        ("checked: 2026-01-05", "checked: 2026-01", "'checked' is a whole day"),
        ("checked: 2026-01-05", "checked: 5 January", "'5 January' is no date; write YYYY-MM-DD"),
        ("recheck_by: 2026-07-05\n", "", "no recheck_by after checked"),
        ("recheck_by: 2026-07-05", "recheck_by: 2025-07-05", "no recheck_by after checked"),
        ("country: US\n", "", "no country; name its country"),
        ("title: 'Plains Health: facet injections'\n", "", "no title; give the policy a title"),
        ("country: US", "country: US\npayers: [medicar]", "'medicar' is not in payer_kinds; nearest: medicare"),
        ("country: US", "country: US\nfrom: 2026-05-01\nuntil: 2026-04-01", "until is before from"),
        ("policy: plains-facet\n", "", "no policy; name the policy's id"),
        ("    mark: adopted", "    mark: adopted\n    overlays: {nobody: {none: true}}", "'nobody' is not in"),
    ],
)  # fmt: skip
def test_refusals(tmp_path: Path, written: str, instead: str, says: str) -> None:
    assert GOOD.count(written) >= 1
    with pytest.raises(KnowledgeError) as refused:
        local(tmp_path, GOOD.replace(written, instead, 1))
    message = str(refused.value)
    assert says in message
    assert re.match(r".*/plains_facet/values\.yaml(, line \d+)?: ", message), message


@pytest.mark.parametrize(
    ("written", "instead", "line"),
    [
        ("kind: count", "kind: counts", 11),
        ("mark: primary", "mark: sure", 16),
        ("words: [fluoroscopy, ct]", "words: [fluroscopy, ct]", 27),
        ("amount: 4", "amount: 4000", 13),
    ],
)
def test_the_line_is_named(tmp_path: Path, written: str, instead: str, line: int) -> None:
    with pytest.raises(KnowledgeError, match=rf"values\.yaml, line {line}: "):
        local(tmp_path, GOOD.replace(written, instead, 1))


VERSIONS = """
    kind: count
    versions:
      - {from: 2025-01-01, until: %s, operator: '<', amount: 4, source: MANUAL, locator: p. 2, mark: primary}
      - {from: 2026-01-01, operator: '<', amount: 3, source: MANUAL, locator: p. 2, mark: primary}
"""


def test_versions_follow_one_another(tmp_path: Path) -> None:
    head = GOOD[: GOOD.index("    kind: count")]
    policy = local(tmp_path, head.rstrip() + VERSIONS % "2025-12-31")
    amounts = [
        version.readings[0].amount
        for on in (date(2025, 12, 31), date(2026, 1, 1))
        for version in policy.values["cap"].versions
        if version.in_force(on)
    ]
    assert amounts == [Decimal(4), Decimal(3)]


@pytest.mark.parametrize("until", ["2026-01-01", "2026-06-30", "2026"])
def test_overlapping_versions_are_refused(tmp_path: Path, until: str) -> None:
    head = GOOD[: GOOD.index("    kind: count")]
    with pytest.raises(KnowledgeError, match=r"two versions are in force on 2026-01-01; end one before the other"):
        local(tmp_path, head.rstrip() + VERSIONS % until)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("amount: 4", "amount: &four 4").replace("amount: 2", "amount: *four"), "anchor"),
        (GOOD.replace("amount: 4", "amount: !!python/object/apply:os.system ['id']"), "tag"),
        (GOOD.replace("amount: 4", "amount: 4\n    amount: 5"), "twice"),
        (GOOD.replace("amount: 4", "<<: {amount: 4}"), "merge"),
        (GOOD + "\n---\npolicy: other\n", "document"),
        (GOOD.replace("values:", "values: ["), "line"),
        ("- a list\n", "mapping"),
        ("", "empty"),
    ],
    ids=["anchor", "tag", "duplicate key", "merge key", "two documents", "broken", "list", "empty"],
)
def test_traps_of_yaml_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(KnowledgeError) as refused:
        local(tmp_path, text)
    assert says in str(refused.value).lower()
    assert "values.yaml" in str(refused.value)


NASTY = (
    "null", "true", "[]", "{}", "[[a], b]", "{a: {b: c}}", "-1", "0", "1e9", ".inf", ".nan", "0x10", "1_000", "'  '",
    "2026-13-01", "2026-02-30", "0000", "99999", "'\\u0000'", "é", "a: b", "|", "12:30:00",
)  # fmt: skip
LINES = [index for index, line in enumerate(GOOD.splitlines()) if ": " in line]


@pytest.mark.parametrize("index", LINES, ids=lambda index: GOOD.splitlines()[index].strip())
def test_whatever_is_written_only_a_knowledge_error_comes_out(tmp_path: Path, index: int) -> None:
    lines = GOOD.splitlines()
    for nasty in NASTY:
        lines[index] = f"{GOOD.splitlines()[index].split(': ')[0]}: {nasty}"
        message = "values.yaml"
        try:
            local(tmp_path, "\n".join(lines))
        except KnowledgeError as refused:
            message = str(refused)
        assert "values.yaml" in message
        assert "\n" not in message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    local(tmp_path)
    (tmp_path / "plains_facet" / "values.yaml").write_bytes(b"policy: \xff\xfe\n")
    with pytest.raises(KnowledgeError, match=r"values\.yaml"):
        load_policy(tmp_path / "plains_facet", SOURCES, local=True)


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    """YAML 1.2: `no` is text, and the vocabulary decides whether it is a word."""
    with pytest.raises(KnowledgeError, match="'no' is not in guidance"):
        local(tmp_path, GOOD.replace("words: [fluoroscopy, ct]", "words: [no]"))


@pytest.mark.parametrize("name", ["rule.py", "deeper/helper.py"])
def test_python_in_a_local_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "plains_facet" / name
    path.parent.mkdir(parents=True)
    path.write_text("raise SystemExit('executed')\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"{name}: a local folder holds YAML alone; name a packaged `shape`"):
        local(tmp_path)


def test_folder_without_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"no values\.yaml"):
        load_policy(tmp_path, SOURCES, local=True)
    with pytest.raises(KnowledgeError, match=r"no values\.yaml here or one folder below"):
        load(tmp_path)


def test_two_policies_of_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "values.yaml").write_text(GOOD.replace("MANUAL", "NORIDIAN-PA"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="the policy plains-facet is already known; give it another id"):
        load(tmp_path)


def test_a_packaged_id_cannot_be_taken(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(
        GOOD.replace("plains-facet", "mcr-facet").replace("MANUAL", "NORIDIAN-PA"), encoding="utf-8"
    )
    with pytest.raises(KnowledgeError, match="the policy mcr-facet is already known"):
        load(tmp_path)


def test_two_sources_of_one_id_are_refused(tmp_path: Path) -> None:
    row = "  A: {title: T, issuer: I, year: '2026', url: 'https://example.org'}\n"
    (tmp_path / "a.yaml").write_text(f"sources:\n{row}", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(f"sources:\n{row}", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"b\.yaml, line 2: A: the source A stands twice; keep one"):
        load_sources(tmp_path)


@pytest.mark.parametrize("key", ["title", "issuer", "year", "url"])
def test_a_source_says_everything(tmp_path: Path, key: str) -> None:
    row = {"title": "T", "issuer": "I", "year": "'2026'", "url": "'https://example.org'"}
    del row[key]
    (tmp_path / "a.yaml").write_text(
        f"sources:\n  A: {{{', '.join(f'{k}: {v}' for k, v in row.items())}}}\n", encoding="utf-8"
    )
    with pytest.raises(KnowledgeError, match=rf"a\.yaml, line 2: A: no {key}"):
        load_sources(tmp_path)


def test_a_rule_that_wants_a_value_that_is_not_there(tmp_path: Path) -> None:
    policy = local(tmp_path)
    with pytest.raises(KnowledgeError, match=r"the rule uses '.*', which values\.yaml does not have; add it"):
        policy.rules(None, date(2026, 3, 2))


# ---------------------------------------------------------------- examples

CASES = """
bases:
  one: {chart: 1, id: one, as_of: 2026-03-02}
cases:
  - name: at the cap
    covers: [cap at%s]
    expect: [{verdict: met}]
"""


def test_values_need_their_examples(tmp_path: Path) -> None:
    found = coverage_faults(local(tmp_path, cases=CASES % ""))
    assert [text.split(": ", 1)[1].split(";")[0] for text in found] == [
        "'cap' has no example below",
        "'cap' has no example above",
        "'wait' has no example at",
        "'wait' has no example below",
        "'wait' has no example above",
        "'guidance' has no example in",
        "'guidance' has no example out",
    ]
    assert "add a case with `covers: [cap below]`" in found[0]
    assert str(tmp_path / "plains_facet") in found[0]


def test_statements_need_yes_no_and_missing(tmp_path: Path) -> None:
    statement = GOOD + "  reason: {kind: statement, says: a reason, source: MANUAL, locator: p. 5, mark: primary}\n"
    found = coverage_faults(local(tmp_path, statement, CASES % ""))
    assert [text.split(": ", 1)[1].split(";")[0] for text in found[-3:]] == [
        "'reason' has no example yes",
        "'reason' has no example no",
        "'reason' has no example missing",
    ]


def test_examples_cover_what_there_is(tmp_path: Path) -> None:
    found = coverage_faults(local(tmp_path, cases=CASES % ", copay at, guidance at"))
    assert any("it covers 'copay', which is not a value of the policy" in text for text in found)
    assert any("'guidance at' is no position of 'guidance'; one of in, out" in text for text in found)


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("name: at the cap", "name: ''", "every case needs a name"),
        ("    expect: [{verdict: met}]", "    note: nothing", "it expects nothing; say what must come out"),
        ("    covers:", "    base: two\n    covers:", "there is no base 'two'; one of one"),
        ("    covers:", "    cover:", "'cover' is not known; name, base, covers, change, expect, note"),
        ("bases:", "bases: &a", "anchor"),
    ],
)
def test_examples_that_are_refused(tmp_path: Path, written: str, instead: str, says: str) -> None:
    policy = local(tmp_path, cases=(CASES % "").replace(written, instead))
    with pytest.raises(KnowledgeError) as refused:
        examples(policy)
    assert says in str(refused.value).lower() or says in str(refused.value)
    assert "examples.yaml" in str(refused.value)


def test_every_packaged_policy_is_sound_in_its_past_and_future() -> None:
    """Rules make sense on whatever day they are asked, not only today."""
    for policy in packaged().policies.values():
        for on in (date(2024, 2, 29), policy.checked, policy.recheck_by):
            if policy.in_force(on):
                assert faults(policy, on, VIEWS) == ()
