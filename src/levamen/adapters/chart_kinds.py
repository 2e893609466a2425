"""The kinds of value that chart fields hold. Each kind both reads a value and describes it in JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from msgspec import Struct

from levamen.adapters.balance import UnusableInput
from levamen.adapters.chart_moments import FIRST_YEAR, LAST_YEAR, PATTERN, read_moment
from levamen.adapters.chart_reading import BadValueError, Context, Fault, bad, nearest_word, short
from levamen.record.codes import UnknownWord, find, ids, nearest
from levamen.text.tree import Fields, Items, Node, Scalar, at_line

Schema = dict[str, Any]


class Kind(Protocol):
    """How a field's value is read and described. `read` raises BadValueError for a value that cannot be used."""

    def read(self, node: Node, context: Context) -> Any: ...

    def schema(self) -> Schema: ...


def scalar(node: Node, wanted: str) -> Scalar:
    """The scalar of a node. Raises BadValueError where it is a list or a mapping."""
    if isinstance(node, Scalar):
        return node
    raise bad(f"{wanted} is wanted here, not a {'list' if isinstance(node, Items) else 'mapping'}")


class Text(Struct, frozen=True):
    """Text as written; a bare number is taken as its digits."""

    pattern: str = ""
    example: str = ""
    refers: str = ""
    """The section of the chart whose ids it holds, where it names another entry."""

    def read(self, node: Node, context: Context) -> str:
        value = scalar(node, "text")
        if value.kind == "boolean":
            raise bad(f'{value.text} is a boolean, text is wanted; write "{value.text}" in quotes if text is meant')
        if value.kind == "null" or not value.text.strip():
            raise bad("the text is empty; leave the field out where it is not known")
        if self.pattern and not re.fullmatch(self.pattern, value.text, re.ASCII):
            raise bad(f"{short(value.text)} is not of the form {self.example}")
        return value.text

    def schema(self) -> Schema:
        if self.pattern:
            return {"type": ["string", "number"], "pattern": f"^(?:{self.pattern})$"}
        return {"type": ["string", "number"]}


class Word(Struct, frozen=True):
    """An id or synonym of one of some vocabulary sections; `loose` keeps an unknown word as text."""

    sections: tuple[str, ...]
    loose: bool = False
    normal: Callable[[str], str] | None = None

    def read(self, node: Node, context: Context) -> str:
        value = scalar(node, "a word")
        if value.kind == "boolean":
            raise bad(f"{value.text} is a boolean, a word is wanted; {self._known()}")
        written = Text().read(value, context)
        word = self.normal(written) if self.normal else written
        if "policies" in self.sections and word in context.policies:
            return word
        for section in self.sections:
            found = find(section, word)
            if found is not None:
                if found != word:
                    context.note(f"`{context.field}` {short(written)} resolved to {found}")
                return found
        if self.loose:
            return written
        refusal = self._refusal(word)
        if refusal is None:
            return written
        if refusal.nearest:
            few = f" ({self._known()})" if len(ids(refusal.section)) <= 6 else ""
            raise bad(f"{refusal.section}: {short(written)} is unknown; nearest: {refusal.nearest}{few}")
        raise bad(f"{self.sections[0]}: {short(written)} is unknown; {self._known()}")

    def _refusal(self, word: str) -> UnknownWord | None:
        """Of the sections, the first that knows a word like it."""
        refusals = [UnknownWord(section, word, nearest(section, word)) for section in self.sections]
        return next((refusal for refusal in refusals if refusal.nearest), refusals[-1] if refusals else None)

    def _known(self) -> str:
        known = [id for section in self.sections for id in ids(section)]
        listed = ", ".join(known) if len(known) <= 12 else f"the ids of {' and '.join(self.sections)} in the vocabulary"
        return f"known: {listed}"

    def schema(self) -> Schema:
        known = [{"$ref": f"#/$defs/word-{section}"} for section in self.sections]
        # Synonyms are accepted too; the list is there for editors that complete it.
        return {"anyOf": [*known, {"type": ["string", "number"]}]}


class Words(Struct, frozen=True):
    """A set of words; one word alone may stand without brackets."""

    word: Word

    def read(self, node: Node, context: Context) -> frozenset[str]:
        return frozenset(Many(self.word).read(node, context))

    def schema(self) -> Schema:
        return Many(self.word).schema()


class Many(Struct, frozen=True):
    """A list of one kind, in its order; `alone` accepts a single value without brackets."""

    kind: Kind
    alone: bool = True

    def read(self, node: Node, context: Context) -> tuple[Any, ...]:
        if not isinstance(node, Items):
            if self.alone:
                return (self.kind.read(node, context),)
            raise bad("a list is wanted here")
        found: list[Any] = []
        faults: list[Fault] = []
        for index, item in enumerate(node.items):
            context.enter(f"[{index}]")
            try:
                found.append(self.kind.read(item, context))
            except BadValueError as error:
                faults += error.under(f"[{index}]", item.line)
            finally:
                context.leave()
        if faults:
            raise BadValueError(*faults)
        return tuple(found)

    def schema(self) -> Schema:
        one = self.kind.schema()
        several = {"type": "array", "items": one}
        return {"anyOf": [one, several]} if self.alone else several


class Moment(Struct, frozen=True):
    """A date, perhaps partial, or a time. `timed`: usually stated with its time of day; both are read either way."""

    timed: bool = False

    def read(self, node: Node, context: Context) -> Any:
        value = scalar(node, "a date or time")
        return read_moment(value.text, context.zone)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/moment"}

    def definition(self) -> Schema:
        """The schema that `schema` refers to."""
        year = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        return {"anyOf": [{"type": "string", "pattern": PATTERN}, year]}


class Number(Struct, frozen=True):
    """A number between bounds, as written. `unit` and `whole` are told in messages."""

    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False

    def read(self, node: Node, context: Context) -> Decimal | int:
        value = scalar(node, "a number")
        number = read_number(value)
        if self.low is not None and number < self.low:
            raise bad(f"{value.text} is less than {self.low}, the least it can be")
        if self.high is not None and number > self.high:
            raise bad(f"{value.text} is more than {self.high}, the most it can be")
        if self.whole:
            if number != number.to_integral_value():
                raise bad(f"{value.text} is not a whole number")
            return int(number)
        return number

    def schema(self) -> Schema:
        schema: Schema = {"type": "integer" if self.whole else "number"}
        if self.low is not None:
            schema["minimum"] = int(self.low)
        if self.high is not None:
            schema["maximum"] = int(self.high)
        return schema


def read_number(value: Scalar) -> Decimal:
    """The number a scalar writes. Raises BadValueError for text, for quoted digits and for absurd sizes."""
    if value.kind != "number":
        hint = "; write it without quotes" if re.fullmatch(r"[-+]?\d+(\.\d+)?", value.text, re.ASCII) else ""
        raise bad(f"a number is wanted, {short(value.text)} is {_said(value)}{hint}")
    if len(value.text) > 30:
        raise bad(f"{short(value.text)} has more digits than a clinical number has")
    number = as_written(value.text)
    if number is None:
        raise bad(f"{short(value.text)} is beyond the size of a clinical number")
    return number


def as_written(text: str) -> Decimal | None:
    """The number a text writes, or None where its size is absurd (a huge exponent would fill the memory)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    small = isinstance(exponent, int) and -30 <= exponent <= 12
    return number if small and number.adjusted() <= 12 else None


def _said(value: Scalar) -> str:
    return "a boolean" if value.kind == "boolean" else "text"


class Flag(Struct, frozen=True):
    """true or false."""

    def read(self, node: Node, context: Context) -> bool:
        value = scalar(node, "true or false")
        if value.kind != "boolean":
            raise bad(f"true or false is wanted, {short(value.text)} is {value.kind}; write true or false")
        return value.text.lower() == "true"

    def schema(self) -> Schema:
        return {"type": "boolean"}


class NumberOrText(Struct, frozen=True):
    """A number as written, or text."""

    def read(self, node: Node, context: Context) -> Decimal | str:
        value = scalar(node, "a number or text")
        return read_number(value) if value.kind == "number" else Text().read(value, context)

    def schema(self) -> Schema:
        return {"type": ["number", "string"]}


class OneOf(Struct, frozen=True):
    """The first of some kinds that fits."""

    kinds: tuple[Kind, ...]

    def read(self, node: Node, context: Context) -> Any:
        refusal: BadValueError | None = None
        for kind in self.kinds:
            try:
                return kind.read(node, context)
            except BadValueError as error:
                refusal = error
        raise refusal or bad("no value fits")

    def schema(self) -> Schema:
        return {"anyOf": [kind.schema() for kind in self.kinds]}


class Nullable(Struct, frozen=True):
    """A list item that may be null: an unanswered item of a questionnaire."""

    kind: Kind

    def read(self, node: Node, context: Context) -> Any:
        return None if is_null(node) else self.kind.read(node, context)

    def schema(self) -> Schema:
        return {"anyOf": [self.kind.schema(), {"type": "null"}]}


class Pairs(Struct, frozen=True):
    """Names with a word each; which names are known is checked where the entry is known.

    `names` and `words` are the vocabulary sections they come from, where these are always the same.
    """

    names: str = ""
    words: str = ""

    def read(self, node: Node, context: Context) -> dict[str, str]:
        if not isinstance(node, Fields):
            raise bad("a mapping of `name: word` is wanted here")
        found: dict[str, str] = {}
        for name, value in node.entries.items():
            try:
                found[name] = Text().read(value, context)
            except BadValueError as error:
                raise BadValueError(*error.under(name, value.line)) from None
        return found

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": {"type": ["string", "number"]}}


class Field(Struct, frozen=True):
    """A key of the chart, the kind of its value, and the attribute it fills (its own name unless said).

    `title` is what a person reads for it: the key in words unless said. `alias`: another way to write another field.
    """

    name: str
    kind: Kind
    attribute: str = ""
    says: str = ""
    title: str = ""
    alias: bool = False

    @property
    def target(self) -> str:
        return self.attribute or self.name


class Table(Struct, frozen=True):
    """The fields of one mapping. `required` must be there; of each group in `any_of`, at least one."""

    name: str
    fields: tuple[Field, ...]
    required: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    says: str = ""
    make: Callable[[dict[str, Any], Context], Any] | None = None
    title: str = ""

    def read(self, node: Node, context: Context) -> Any:
        """The values given, by attribute, or what `make` makes of them.

        Raises UnusableInput for an unknown key, which may be a misspelt field, and BadValueError for wrong values.
        """
        if not isinstance(node, Fields):
            raise bad(f"a mapping of fields is wanted here, not {'a list' if isinstance(node, Items) else 'one value'}")
        self._refuse_unknown(node, context)
        values = self._values(node, context)
        return self.make(values, context) if self.make else values

    def _refuse_unknown(self, node: Fields, context: Context) -> None:
        known = [field.name for field in self.fields]
        for key in node.entries:
            if key not in known:
                place = f" in {context.path}" if context.path else ""
                where = at_line(context.origin, node.lines[key])
                raise UnusableInput(f"{where}: unknown key {short(key)}{place}; {nearest_word(key, known)}")

    def _values(self, node: Fields, context: Context) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for field in self.fields:
            value = node.entries.get(field.name)
            if value is None or is_null(value):
                continue
            context.enter(field.name)
            try:
                values[field.target] = field.kind.read(value, context)
            except BadValueError as error:
                faults += error.under(field.name, value.line)
            finally:
                context.leave()
        given = {name for name, value in node.entries.items() if not is_null(value)}
        faults += [Fault("", f"`{name}` is missing") for name in self.required if name not in given]
        if self.any_of and not given & set(self.any_of):
            faults.append(Fault("", f"one of {', '.join(f'`{name}`' for name in self.any_of)} is missing"))
        if faults:
            raise BadValueError(*faults)
        return values

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        """The schema that `schema` refers to."""
        schema: Schema = {"type": "object", "additionalProperties": False}
        if self.says:
            schema["description"] = self.says
        schema["properties"] = {field.name: _described(field) for field in self.fields}
        if self.required:
            schema["required"] = list(self.required)
        if self.any_of:
            schema["anyOf"] = [{"required": [name]} for name in self.any_of]
        return schema


def _described(field: Field) -> Schema:
    schema = field.kind.schema()
    # A null field is a field left out.
    schema = {"anyOf": [schema, {"type": "null"}]}
    return {"description": field.says, **schema} if field.says else schema


def is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "null"
