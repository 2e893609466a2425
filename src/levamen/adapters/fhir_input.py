"""From bytes to the entries of a Bundle: gzip, byte order mark, and one clear sentence when an input is unusable."""

from __future__ import annotations

import re
import zlib

import msgspec

from levamen.adapters.balance import UnusableInput
from levamen.adapters.fhir_types import NOTHING, Bundle, EntryRequest, Head

LIMIT = 256 * 1024 * 1024  # bytes after unpacking: about forty times the largest sample, and a stop for gzip bombs
ELEMENTS = 5_000_000  # commas: some thirty times the largest sample; bounds the memory that tiny entries take
_GZIP = b"\x1f\x8b"
_CHUNK = 1024 * 1024
_BUNDLE = msgspec.json.Decoder(Bundle)
_HEAD = msgspec.json.Decoder(Head)
_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"\s*[,}]')

_FIRST = re.compile(rb"\S")

TYPES_OF_BUNDLES = frozenset(
    {"transaction", "searchset", "collection", "batch", "document", "message", "history"}
    | {"transaction-response", "batch-response"}
)


class LooseEntry(msgspec.Struct, rename="camel", gc=False, frozen=True):
    """An entry whose resource is still undecoded."""

    full_url: str | None = None
    resource: msgspec.Raw = NOTHING
    request: EntryRequest | None = None


def open_bundle(data: bytes) -> Bundle:
    """The Bundle in `data`, plain or gzipped. Raises UnusableInput with one sentence."""
    text = unpack(data)
    first = _FIRST.search(text)
    if first is None:
        raise UnusableInput("The input is empty; a FHIR R4 Bundle in JSON is needed.")
    if text.count(b",") > ELEMENTS:
        raise UnusableInput("The input holds millions of elements; no record of one patient does.")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnusableInput("The input is UTF-16 text; FHIR JSON is UTF-8.")
    if first.group() == b"<":
        kind = "FHIR XML" if b"http://hl7.org/fhir" in text[:2048] else "a web page or XML"
        raise UnusableInput(f"The input is {kind}; a FHIR R4 Bundle in JSON is needed.")
    try:
        bundle = _BUNDLE.decode(text)
    except msgspec.ValidationError as error:
        raise UnusableInput(_not_a_bundle(text, str(error))) from None
    except msgspec.DecodeError as error:
        raise UnusableInput(_not_json(text, str(error))) from None
    except UnicodeDecodeError:
        raise UnusableInput("The input is not UTF-8 text; FHIR JSON is UTF-8.") from None
    except RecursionError:
        raise UnusableInput("The input is nested deeper than any FHIR resource.") from None
    if bundle.resource_type != "Bundle":
        raise UnusableInput(_not_a_bundle(text, ""))
    if not bundle.entry:
        raise UnusableInput("The Bundle has no entries, so it holds no patient.")
    return bundle


def unpack(data: bytes) -> bytes:
    """`data` without gzip and byte order mark. Raises UnusableInput if it is damaged or too large."""
    if data[:2] == _GZIP:
        data = _gunzip(data)
    if len(data) > LIMIT:
        raise UnusableInput(f"The input is larger than {LIMIT // 1024 // 1024} MB.")
    return data[3:] if data[:3] == b"\xef\xbb\xbf" else data


def _gunzip(data: bytes) -> bytes:
    """All members of a gzip file, never more than LIMIT bytes."""
    parts: list[bytes] = []
    size = 0
    while data:
        member = zlib.decompressobj(wbits=31)
        pending = data
        try:
            while not member.eof:
                part = member.decompress(pending, _CHUNK)
                pending = member.unconsumed_tail
                size += len(part)
                if size > LIMIT:
                    raise UnusableInput(f"The gzip file unpacks to more than {LIMIT // 1024 // 1024} MB.")
                if not part and not pending and not member.eof:
                    raise UnusableInput("The gzip file is cut off; copy or download it again.")
                parts.append(part)
        except zlib.error:
            raise UnusableInput("The gzip file is damaged; copy or download it again.") from None
        data = member.unused_data.lstrip(b"\0")
        if data and data[:2] != _GZIP:
            raise UnusableInput("Something that is not gzip follows the gzip data.")
    return b"".join(parts)


def type_of(resource: msgspec.Raw) -> str | None:
    """The resourceType, usually read from the first bytes. Raises msgspec errors if it is no resource at all."""
    found = _TYPE.match(resource)
    if found is not None:
        return found.group(1).decode()
    return _HEAD.decode(resource).resource_type


def _not_a_bundle(text: bytes, reason: str) -> str:
    try:
        kind = _HEAD.decode(text).resource_type
    except (msgspec.MsgspecError, RecursionError):
        kind = None
    if kind == "Bundle":
        return f"The Bundle does not have the shape of FHIR R4: {reason}."
    if kind:
        return (
            f"The input is a single {kind[:64]}, not a Bundle; "
            'wrap it: {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": …}]}.'
        )
    return "The input is JSON but not a FHIR resource: it has no resourceType."


def _not_json(text: bytes, reason: str) -> str:
    if "truncated" in reason:
        return "The JSON ends before it is complete; copy or download it again."
    if "trailing" in reason and text.lstrip()[:1] == b"{":
        return "The input holds more than one JSON document; put the resources into one Bundle."
    return f"The input is not JSON ({reason[:120]}); a FHIR R4 Bundle is needed."
