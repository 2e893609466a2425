"""What coded concepts mean in the vocabulary, and where code, system and display contradict one another.

Codes are matched, never words. Words of a display are looked at for one purpose only: to notice that they name
something else than the code does. Then the contradiction is reported and nothing is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml
from msgspec import Struct

from levamen.adapters.fhir_systems import LABELS, OURS, can_be, system_of
from levamen.adapters.fhir_types import Coding, Concept
from levamen.record.codes import by_code, by_icd10, entry, ids, nearest, title, vocabulary


class Hit(Struct, frozen=True):
    """An entry of the vocabulary that a code stands for. `shared` codes narrow and do not decide."""

    section: str
    id: str
    system: str
    code: str
    shared: bool = False


class Meaning(Struct, frozen=True):
    """All that the codings of one concept say.

    `contradictions` forbid its use; `oddities` are reported and change nothing. `codes` is how the concept is written
    in a report.
    """

    hits: tuple[Hit, ...] = ()
    contradictions: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()
    codes: str = ""

    def ids(self, section: str, *systems: str) -> tuple[str, ...]:
        """Ids of one section in the order found, each once; of the given systems only, if any are given."""
        found = [hit.id for hit in self.hits if hit.section == section and (not systems or hit.system in systems)]
        return tuple(dict.fromkeys(found))


class Product(Struct, frozen=True):
    """An RxNorm product: its drugs of the vocabulary with their strength, and the route of its dose form."""

    drugs: tuple[tuple[str, str | None], ...]
    route: str | None = None


NOTHING = Meaning()

# ICD-10-CM M54.5 was split into M54.50, M54.51 and M54.59; until 2021-09-30 it was itself a valid code.
UNSPLIT = {"M545": "non-specific-low-back-pain"}
UNSPLIT_UNTIL = "2021-09-30"
# Codes of two conditions of which one contains the other: the wider one is what the code says.
_WIDER = {"Z96.82": "neurostimulator"}
# SNOMED CT substances and allergies whose number and name stand together in the sample bundles (code source `synthea`).
_ALLERGENS = {"111088007": "latex", "300913006": "shellfish"}
# SNOMED CT conditions that the vocabulary does not list, whose number and name stand together in the AHRQ test record.
_CONDITIONS = {"202725007": "post-laminectomy-syndrome", "832007": "depression"}
# Sites a display may name beside a code without contradicting it.
_SITES: Mapping[str, frozenset[str]] = {
    "non-specific-low-back-pain": frozenset({"low-back", "sacroiliac", "buttock"}),
    "neck-pain": frozenset({"neck", "occiput", "shoulder"}),
    "thoracic-spine-pain": frozenset({"upper-back", "chest-wall"}),
    "sacroiliac-joint-pain": frozenset({"sacroiliac", "low-back", "buttock", "coccyx"}),
    "coccydynia": frozenset({"coccyx", "low-back"}),
    "knee-osteoarthritis": frozenset({"knee"}),
    "hip-osteoarthritis": frozenset({"hip", "groin"}),
    "shoulder-osteoarthritis": frozenset({"shoulder"}),
    "ankle-osteoarthritis": frozenset({"ankle", "foot"}),
}
# SNOMED CT's semantic tag at the end of a full name.
_TAG = re.compile(r"\((disorder|finding|procedure|situation|substance|regime/therapy|body structure)\)\s*$")
# Sections whose entries one code could be mistaken for.
_KINDRED = {"labs": ("labs", "instruments"), "instruments": ("labs", "instruments")}
# Words that no RxNorm name has: the display is an act, not a drug.
_NO_DRUG = re.compile(r"\b(medications?|recommendations?|referrals?|counsell?ing|education)\b", re.IGNORECASE)
# Words of drugs that also mean something else in a name.
_VAGUE = frozenset({"alcohol", "saline", "insulin", "contrast", "gadolinium", "omega 3", "smoking", "nutrition"})


@cache
def products() -> tuple[Mapping[str, Product], frozenset[str]]:
    """The products table, and the products known to hold no drug of the vocabulary."""
    text = resources.files("levamen.adapters").joinpath("rxnorm_products.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    rows = {
        code: Product(tuple((drug, strength) for drug, strength in row["drugs"].items()), row.get("route"))
        for code, row in loaded["products"].items()
    }
    return rows, frozenset(loaded["other"])


@lru_cache(maxsize=8192)
def meaning(concept: Concept | None) -> Meaning:
    """What the codings of a concept say in the vocabulary. Text without a code says nothing."""
    if concept is None or not concept.coding:
        return NOTHING
    hits: list[Hit] = []
    contradictions: list[str] = []
    oddities: list[str] = []
    written: list[str] = []
    for coding in concept.coding:
        if not coding.code:
            continue
        system = coding.system or ""
        written.append(_written(coding))
        if system == OURS or system.startswith(OURS + ":"):
            found = _own(system, coding.code, oddities)
        else:
            found = _foreign(coding, contradictions, oddities)
        named = _named_elsewhere(coding, found)
        if named:
            contradictions.append(f"{_written(coding)} is displayed as '{coding.display}', which names {named}")
        hits.extend(found)
    return Meaning(tuple(hits), tuple(contradictions), tuple(oddities), " + ".join(written))


def _own(system: str, code: str, oddities: list[str]) -> list[Hit]:
    """A code of our own system: `urn:levamen:vocabulary:1:<section>` and an id, or no section and `section/id`."""
    section = system[len(OURS) + 1 :]
    if not section:
        section, _, code = code.partition("/")
    if section.startswith("target."):
        return [Hit(section, code, OURS, code)]
    try:
        known = code in ids(section)
    except (KeyError, TypeError):
        oddities.append(f"'{section}' is no section of our vocabulary")
        return []
    if not known:
        hint = nearest(section, code)
        oddities.append(f"{section}: '{code}' is unknown" + (f"; nearest: {hint}" if hint else ""))
        return []
    return [Hit(section, code, OURS, code)]


def _foreign(coding: Coding, contradictions: list[str], oddities: list[str]) -> list[Hit]:
    system, code = system_of(coding.system), coding.code or ""
    if system is None:
        return []
    if not can_be(system, code):
        others = [name for name in LABELS if name != system and can_be(name, code) and _table(name, code)]
        if others:
            hit = _table(others[0], code)[0]
            contradictions.append(
                f"'{code}' is no {LABELS[system]} code; it is the {LABELS[others[0]]} code of {title(hit.id)}"
            )
        else:
            oddities.append(f"'{code}' is no {LABELS[system]} code")
        return []
    return list(_table(system, code))


@lru_cache(maxsize=8192)
def _table(system: str, code: str) -> tuple[Hit, ...]:
    if system == "icd10cm":
        return _icd10(code)
    if system == "snomed" and code in _ALLERGENS:
        return (Hit("allergens", _ALLERGENS[code], system, code),)
    if system == "snomed" and code in _CONDITIONS:
        return (Hit("conditions", _CONDITIONS[code], system, code),)
    if system == "rxcui" and code in products()[0]:
        return tuple(Hit("drugs", drug, system, code) for drug, _ in products()[0][code].drugs)
    rows = by_code("cpt" if system == "hcpcs" and code not in by_code("hcpcs") else system).get(code, ())
    return tuple(Hit(section, id, system, code, shared) for section, id, shared in rows)


def _icd10(code: str) -> tuple[Hit, ...]:
    """Conditions by prefix, the most specific first; every prefix of a code is true of it too."""
    bare = code.replace(".", "").upper()
    dotted = bare[:3] + "." + bare[3:] if len(bare) > 3 else bare
    if bare in UNSPLIT:
        return (Hit("conditions", UNSPLIT[bare], "icd10cm", dotted),)
    found = [id for _, id in by_icd10(bare)]
    if "C00" <= bare[:3] <= "C96" and "cancer" not in found:
        found.append("cancer")
    if dotted in _WIDER:
        found = [_WIDER[dotted]]
    if len(bare) == 7 and bare.endswith("S"):  # a sequela: the fracture itself has healed
        found = [id for id in found if id != "vertebral-compression-fracture"]
    hits = [Hit("conditions", id, "icd10cm", dotted) for id in found]
    hits += [
        Hit("allergens", id, "icd10cm", dotted) for s, id, _ in by_code("icd10cm").get(dotted, ()) if s == "allergens"
    ]
    return tuple(hits)


def _written(coding: Coding) -> str:
    system = system_of(coding.system)
    if system is not None:
        return f"{LABELS[system]} {coding.code}"
    return f"{(coding.system or 'no system').rsplit('/', 1)[-1]} {coding.code}"


# ---- displays: read only to notice a contradiction


def _named_elsewhere(coding: Coding, hits: list[Hit]) -> str | None:
    """What a display names, where that is not what the code stands for."""
    if not coding.display:
        return None
    system = system_of(coding.system)
    if system == "rxcui":
        care = _care_named(coding.display)
        if care:
            return f"{title(care)}, no drug"
        if _NO_DRUG.search(coding.display):
            return "no drug"
        named, drugs = drugs_named(coding.display), {hit.id for hit in hits if hit.section == "drugs"}
        known = bool(drugs) or coding.code in products()[1]
        return ", ".join(sorted(map(title, named))) if named and known and not named & drugs else None
    if not hits:
        return None
    sections = {section for hit in hits for section in _KINDRED.get(hit.section, (hit.section,))}
    exact = {id for section, id in _labels().get(_folded(coding.display), ()) if section in sections}
    if exact and not exact & {hit.id for hit in hits}:
        return ", ".join(sorted(map(title, exact)))
    sites = [_SITES[hit.id] for hit in hits if hit.section == "conditions" and hit.id in _SITES]
    if sites:
        named = _sites_named(coding.display)
        if named and not named & frozenset().union(*sites):
            return "the " + ", ".join(sorted(map(title, named)))
    return None


@lru_cache(maxsize=4096)
def drugs_named(display: str) -> frozenset[str]:
    """Drugs of the vocabulary whose name stands in a display. Raises doubt; never chooses a drug."""
    pattern, words = _drug_words()
    return frozenset(words[found] for found in pattern.findall(_folded(display)))


def names_no_drug(display: str) -> bool:
    """Whether a display names an act, such as a therapy or a recommendation, and so no drug at all."""
    return _care_named(display) is not None or _NO_DRUG.search(display) is not None


def _care_named(display: str) -> str | None:
    pattern, words = _care_words()
    found = pattern.search(_folded(display))
    return words[found.group(1)] if found else None


def _sites_named(display: str) -> frozenset[str]:
    pattern, words = _site_words()
    return frozenset(words[found] for found in pattern.findall(_folded(display)))


def _folded(display: str) -> str:
    bare = re.sub(
        r"\((disorder|finding|procedure|situation|substance|regime/therapy|body structure)\)\s*$", "", display
    )
    return " ".join(re.sub(r"[^0-9a-zà-ÿ]+", " ", bare.lower()).split())


def _names(section: str, id: str) -> list[str]:
    row = entry(section, id)
    return [_folded(str(word)) for word in (id, row.get("label", id), *row.get("synonyms", ()))]


@cache
def _labels() -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for section in ("conditions", "findings", "therapies", "instruments", "labs", "allergens", "events"):
        for id in vocabulary()[section]:
            for word in _names(section, id):
                found.setdefault(word, set()).add((section, id))
    return {word: tuple(rows) for word, rows in found.items()}


def _matcher(words: Mapping[str, str]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")\b"), words


@cache
def _drug_words() -> tuple[re.Pattern[str], Mapping[str, str]]:
    words = {word: id for id in ids("drugs") for word in _names("drugs", id) if len(word) > 3 and word not in _VAGUE}
    return _matcher(words)


@cache
def _care_words() -> tuple[re.Pattern[str], Mapping[str, str]]:
    care = [id for id in ids("therapies") if entry("therapies", id).get("kind") == "conservative"]
    words = {word: id for id in care for word in _names("therapies", id) if len(word) > 7 and word not in _VAGUE}
    return _matcher(words)


@cache
def _site_words() -> tuple[re.Pattern[str], Mapping[str, str]]:
    return _matcher({word: id for id in ids("pain_sites") for word in _names("pain_sites", id) if len(word) > 2})
