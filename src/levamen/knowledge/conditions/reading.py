"""How `condition.yaml` and `referral.yaml` are read; every refusal names file, line and remedy."""

from __future__ import annotations

from typing import Any

from levamen.knowledge.conditions.rows import (
    EFFECTS,
    FIELDS,
    PACES,
    STATEMENTS,
    Condition,
    HostCaution,
    RedFlag,
    Referral,
)
from levamen.knowledge.loader import Reader, known_word, read_checked
from levamen.knowledge.sourced import (
    CITE,
    Sources,
    Voice,
    cites_of,
    halves,
    none_found,
    rows_of,
    speaker_of,
    statement,
    voice,
    words_of,
)
from levamen.record import codes


def read_condition(id: str, top: Reader, sources: Sources) -> Condition:
    """One condition. Every field of `FIELDS` must be there: with its source, or as `no source found`."""
    top.only({"condition", "checked", "recheck_by", "plain", "also", "concepts", *FIELDS})
    stated = top.need("condition", "write the id of the condition")
    known_word(top, "conditions", stated, "condition")
    if stated != id:
        raise top.fail(f"the folder is named for {id}; it holds {stated}", "condition")
    checked, recheck_by = read_checked(top)
    statements = {"description": halves(top, "description", sources)}
    statements |= {field: tuple(rows_of(top, field, sources, statement)) for field in STATEMENTS}
    return Condition(
        id=id,
        plain=top.need("plain", "give the name a patient would use"),
        also=top.words("also"),
        concepts=tuple(dict.fromkeys((id, *words_of(top, "concepts", "conditions")))),
        checked=checked,
        recheck_by=recheck_by,
        statements=statements,
        red_flags=tuple(rows_of(top, "red_flags", sources, _red_flag)),
        therapies=_voices(top, "therapies", sources),
        against=_voices(top, "against", sources),
        cautions=tuple(rows_of(top, "cautions", sources, _caution)),
        referral=read_referral(top, sources),
    )


def read_referral(top: Reader, sources: Sources) -> tuple[Referral, ...]:
    """When to send on, voice by voice."""
    return tuple(rows_of(top, "referral", sources, _referral))


def _voices(top: Reader, field: str, sources: Sources) -> tuple[Voice, ...]:
    """What is said of therapies: each row names at least one."""
    found = tuple(rows_of(top, field, sources, voice))
    if not none_found(top, field):
        for row, said in zip(top.children(field), found, strict=True):
            if not said.therapies:
                raise row.fail("no therapies; name the therapies it speaks of")
    return found


def _red_flag(row: Reader, sources: Sources) -> RedFlag:
    row.only({"flag", "says", *CITE})
    flag = row.need("flag", "name the danger, an id of the vocabulary (flags)")
    if flag not in codes.ids("flags"):
        raise row.fail(f"'{flag}' is no flag; nearest: {codes.nearest('flags', flag)}", "flag")
    return RedFlag(flag=flag, says=row.need("says", "say what points to it"), cites=cites_of(row, sources))


def _caution(row: Reader, sources: Sources) -> HostCaution:
    row.only({"effect", "therapies", "says", *CITE})
    effect: Any = row.need("effect", f"one of {', '.join(EFFECTS)}")
    if effect not in EFFECTS:
        raise row.fail(f"'{effect}' is no effect; one of {', '.join(EFFECTS)}", "effect")
    return HostCaution(
        effect=effect,
        says=row.need("says", "say what changes for such a patient"),
        cites=cites_of(row, sources),
        therapies=words_of(row, "therapies", "therapies"),
    )


def _referral(row: Reader, sources: Sources) -> Referral:
    row.only({"pace", "says", "by", "therapies", *CITE})
    pace: Any = row.need("pace", f"one of {', '.join(PACES)}")
    if pace not in PACES:
        raise row.fail(f"'{pace}' is no pace; one of {', '.join(PACES)}", "pace")
    said = Voice(
        says=row.need("says", "say when the patient is sent on"),
        by=speaker_of(row),
        cites=cites_of(row, sources),
        therapies=words_of(row, "therapies", "therapies"),
    )
    return Referral(pace=pace, voice=said)
