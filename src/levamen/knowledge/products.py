"""What a written drug name stands for: an id, a synonym, a brand or product with all its ingredients, or a question.

Nothing is guessed. A name is matched whole (case, accents and punctuation aside); a misspelling, a word for a kind of
drug and a name with a strength behind it are reported with the nearest names, so that somebody can be asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from levamen.criteria.nodes import Cite
from levamen.knowledge.edition import per_edition, root
from levamen.knowledge.loader import Reader, known_word, load_sources, read_checked, read_cite, read_top
from levamen.knowledge.model import Source
from levamen.record import codes

_SEPARATORS = (re.compile(r"\s*[/+&,;]\s*|\s+(?:and|with|plus)\s+", re.IGNORECASE), re.compile(r"\s*-\s*"))
_SHOWN = 60


class Product(Struct, frozen=True, kw_only=True):
    """A product or brand and every ingredient in it, as ids of the vocabulary."""

    id: str
    names: tuple[str, ...]
    drugs: tuple[str, ...]
    cite: Cite
    checked: date
    note: str | None = None


class Question(Struct, frozen=True, kw_only=True):
    """A word that names no single drug. `says` is what it may be."""

    id: str
    names: tuple[str, ...]
    says: str
    cite: Cite | None = None


class Products(Struct, frozen=True):
    """The two lists of one file."""

    products: tuple[Product, ...]
    questions: tuple[Question, ...]


def cited(cite: Cite) -> str:
    """A source as it stands behind a sentence: `source, locator; mark`."""
    return f"{cite.source}, {cite.locator}; {cite.mark}"


class Named(Struct, frozen=True):
    """What a written name stands for. Without `drugs` nobody can tell, and `asks` is one sentence that says why."""

    drugs: tuple[str, ...] = ()
    product: Product | None = None
    asks: str | None = None


def load_products(path: Path, sources: Mapping[str, Source]) -> Products:
    """The products and questions of a file. Raises KnowledgeError."""
    top = read_top(path)
    top.only({"checked", "recheck_by", "products", "questions"})
    checked, _ = read_checked(top)
    seen: dict[str, str] = {}
    products = tuple(_product(id, row, sources, checked, seen) for id, row in top.named("products"))
    questions = tuple(_question(id, row, sources, seen) for id, row in top.named("questions"))
    return Products(products, questions)


@per_edition
def packaged_products() -> Products:
    """The products this version ships."""
    folder = root()
    return load_products(folder / "drugs" / "products.yaml", load_sources(folder / "sources"))


def named(text: str) -> Named:
    """What a written drug name stands for; a combination gives every ingredient, in the order of its product or text.

    An id of the vocabulary is itself; a product comes before a synonym, because it may hold more than that one drug.
    """
    whole = _whole(text)
    if whole is not None:
        return whole
    for separator in _SEPARATORS:
        parts = [_whole(part) for part in separator.split(text.strip())]
        if len(parts) > 1 and all(part is not None for part in parts):
            return Named(tuple(dict.fromkeys(drug for part in parts if part is not None for drug in part.drugs)))
    return Named(asks=_asks(text))


def drugs_named(text: str) -> frozenset[str]:
    """Every drug that a sentence names as whole words: for a statement about drugs, never to add one to a list."""
    words = f" {folded(text)} "
    return frozenset(drug for name, drugs in _spelled().items() if f" {name} " in words for drug in drugs)


def folded(text: str) -> str:
    """A name without case, accents, trade marks and punctuation."""
    plain = unicodedata.normalize("NFKD", re.sub(r"['’®™]", "", text))
    bare = "".join(char for char in plain if not unicodedata.combining(char)).lower().replace("&", " and ")
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare).split())


def _product(id: str, row: Reader, sources: Mapping[str, Source], checked: date, seen: dict[str, str]) -> Product:
    row.only({"names", "drugs", "note", "source", "locator", "mark"})
    names, drugs = _names(id, row, seen), row.words("drugs")
    if not drugs:
        raise row.fail("no drugs; write every ingredient as an id of the vocabulary")
    for drug in drugs:
        known_word(row, "drugs", drug, "drugs")
    for name in names:
        meant = _vocabulary().get(folded(name), drugs[0])
        if meant not in drugs:
            raise row.fail(f"'{name}' is {meant} in the vocabulary, which is not among the drugs; correct one", "names")
    return Product(
        id=id, names=names, drugs=drugs, cite=read_cite(row, sources), checked=checked, note=row.text("note")
    )


def _question(id: str, row: Reader, sources: Mapping[str, Source], seen: dict[str, str]) -> Question:
    row.only({"names", "says", "source", "locator", "mark"})
    names = _names(id, row, seen)
    for name in names:
        if folded(name) in _vocabulary():
            raise row.fail(f"'{name}' is {_vocabulary()[folded(name)]} in the vocabulary; leave it out here", "names")
    cite = read_cite(row, sources) if row.text("source") else None
    return Question(id=id, names=names, says=row.need("says", "say what the word may be"), cite=cite)


def _names(id: str, row: Reader, seen: dict[str, str]) -> tuple[str, ...]:
    names = row.words("names")
    if not names:
        raise row.fail("no names; write the names as people write them")
    for name in names:
        other = seen.setdefault(folded(name), id)
        if other != id:
            raise row.fail(f"'{name}' stands for {other} already; a name has one meaning", "names")
    return names


def _whole(text: str) -> Named | None:
    word = folded(text)
    if word in _ids():
        return Named((_ids()[word],))
    if word in _products():
        product = _products()[word]
        return Named(product.drugs, product)
    return Named((_vocabulary()[word],)) if word in _vocabulary() else None


# ---- the sentence where nobody can tell


def _asks(text: str) -> str:
    word, shown = folded(text), _shown(text)
    question = _questions().get(word)
    if question is not None:
        return f"{shown} may be {question}: say which drug it is"
    inside = _inside(word)
    if inside:
        return (
            f"{shown} is not a known drug; it holds the name {inside}: write the drug alone, and its amount as the dose"
        )
    near = _nearest(word)
    if near:
        return f"{shown} is not a known drug; nearest: {' or '.join(near)}"
    return f"{shown} is not a known drug and no known name is near it; say which drug it is"


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    return f"'{flat[: _SHOWN - 3]}…'" if len(flat) > _SHOWN else f"'{flat}'"


def _inside(word: str) -> str | None:
    """The first and longest known name among the words of a longer text."""
    words = word.split()[:30]
    for size in range(min(4, len(words) - 1), 0, -1):
        for start in range(len(words) - size + 1):
            part = " ".join(words[start : start + size])
            if part in _spelled() and len(part) > 3:
                return _with_drugs(part)
    return None


def _nearest(word: str) -> tuple[str, ...]:
    """Known names one or two typing errors away, at most three drugs. Shown to a person, never chosen."""
    limit = 2 if len(word) > 5 else 1
    near = [
        (steps, name)
        for name in _spelled()
        if abs(len(name) - len(word)) <= limit and (steps := _errors(word, name, limit)) <= limit
    ]
    by_drugs: dict[tuple[str, ...], str] = {}
    for _, name in sorted(near):
        by_drugs.setdefault(_spelled()[name], name)
    return tuple(_with_drugs(name) for name in list(by_drugs.values())[:3])


def _with_drugs(name: str) -> str:
    drugs = _spelled()[name]
    return drugs[0] if (folded(drugs[0]),) == (name,) else f"{name} ({', '.join(drugs)})"


def _errors(one: str, other: str, limit: int) -> int:
    """Typing errors between two words (letters added, left out, changed, or two neighbors exchanged); above the limit
    the number is only known to be above it."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, target in enumerate(other, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                steps = min(steps, older[j - 2] + 1)
            row.append(steps)
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return row[-1]


# ---- every name, folded


@cache
def _ids() -> Mapping[str, str]:
    return {folded(id): id for id in codes.ids("drugs")}


@cache
def _vocabulary() -> Mapping[str, str]:
    """Ids, labels and synonyms of the vocabulary; a name of two drugs is no name."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for id, name in _names_of("drugs"):
        if found.setdefault(folded(name), id) != id:
            twice.add(folded(name))
    return {name: id for name, id in found.items() if name not in twice} | dict(_ids())


def _names_of(section: str) -> Iterator[tuple[str, str]]:
    for id in codes.ids(section):
        row = codes.entry(section, id)
        yield from ((id, str(name)) for name in (id, row.get("label", id), *row.get("synonyms", ())))


@per_edition
def _products() -> Mapping[str, Product]:
    return {folded(name): product for product in packaged_products().products for name in product.names}


@per_edition
def _questions() -> Mapping[str, str]:
    """Words for a class of the vocabulary, and the questions of the file."""
    classes = {folded(name): f"any {codes.label('drug_classes', id)}" for id, name in _names_of("drug_classes")}
    listed = {
        folded(name): f"{row.says} ({cited(row.cite)})" if row.cite else row.says
        for row in packaged_products().questions
        for name in row.names
    }
    return classes | listed


@per_edition
def _spelled() -> Mapping[str, tuple[str, ...]]:
    """Every known name and the drugs it stands for."""
    return {name: (id,) for name, id in _vocabulary().items()} | {n: p.drugs for n, p in _products().items()}
