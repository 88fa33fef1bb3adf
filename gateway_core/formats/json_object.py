"""The top level of a JSON object: its values as they were written, and where each of them stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from gateway_core.formats.nesting import deeper_than
from gateway_core.model.errors import Refusal
from gateway_core.model.value import value

MAX_DEPTH = 64
"""Levels of arrays and objects that a request may have."""

_VALUES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_KEY = re.compile(rb'[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_AFTER_VALUE = re.compile(rb"[ \t\r\n]*([,}])")
_AT_BYTE = re.compile(r"\(byte (\d+)\)")


@value
class JsonObject:
    """An object's text, and its values undecoded in the order in which they stand."""

    text: bytes
    values: Mapping[str, msgspec.Raw]

    def decoded(self, key: str) -> object:
        """The value of a key; None where it is missing or null. Raises Refusal 400."""
        return decoded(self.values[key]) if key in self.values else None

    def raw(self, key: str) -> bytes:
        """The value as it was written; empty where it is missing or null."""
        if key not in self.values:
            return b""
        text = bytes(self.values[key])
        return b"" if text == b"null" else text


@value
class Member:
    """Where one key and its value stand: offsets into the text, the ends exclusive."""

    key: int
    key_end: int
    value: int
    end: int


def read_body(body: bytes) -> JsonObject:
    """A request's body as an object. Raises Refusal 400 that says where it is wrong."""
    if not body.isascii():
        _check_utf8(body)
    if deeper_than(MAX_DEPTH, body):
        raise invalid(f"the body is nested deeper than {MAX_DEPTH} levels", code="invalid_json")
    return read_object(body, "the body")


def read_again(body: bytes) -> JsonObject:
    """A request's body that `read_body` has read before, without looking once more for what is wrong."""
    return JsonObject(body, _VALUES.decode(body))


def read_object(text: bytes, what: str) -> JsonObject:
    """An object inside a checked body. `what` names it for a person. Raises Refusal 400."""
    try:
        values = _VALUES.decode(text)
    except msgspec.ValidationError:
        raise invalid(f"{what} must be a JSON object") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _not_json(text, what, str(error)) from None
    found = JsonObject(text, values)
    if len(text) != _least_bytes(values) and len(members(found)) < len(values):
        raise invalid(f"a key of {what} stands twice; it can mean one thing only")
    return found


def read_list(text: bytes, what: str) -> list[msgspec.Raw]:
    """The items of a list inside a checked body, undecoded. Raises Refusal 400."""
    try:
        return _ITEMS.decode(text)
    except msgspec.DecodeError:
        raise invalid(f"{what} must be a list") from None


def decoded(raw: msgspec.Raw | bytes) -> object:
    """Any value. Raises Refusal 400 for what only looks like JSON, such as a number beyond all bounds."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, ValueError) as error:
        raise invalid(f"a value in the body cannot be read: {error}", code="invalid_json") from None


def invalid(message: str, *, code: str = "invalid_request") -> Refusal:
    """The refusal of a body that is wrong."""
    return Refusal(400, code, message)


def members(found: JsonObject) -> dict[str, Member]:
    """The place of each value, by stepping from key to key.

    A key that stands twice breaks the step, since only the last of its values is known: then fewer members
    are found than there are values.
    """
    text, values = found.text, found.values
    places: dict[str, Member] = {}
    at = text.index(b"{") + 1
    if not values:
        return places
    while key := _KEY.match(text, at):
        name = _name(key[1])
        if name in places or name not in values:
            return {}
        end = key.end() + size(values[name])
        after = _AFTER_VALUE.match(text, end)
        if after is None:
            return {}
        places[name] = Member(key.start(1), key.end(1), key.end(), end)
        at = after.end()
        if after[1] == b"}":
            break
    return places if not text[at:].strip(b" \t\r\n") else {}


def size(raw: msgspec.Raw) -> int:
    """Bytes of a value as it was written."""
    return memoryview(raw).nbytes


def _least_bytes(values: Mapping[str, msgspec.Raw]) -> int:
    """Bytes of the object without white space, without escapes in its keys, and with each key once: all of
    these only add bytes, so a text of just this size has none of them."""
    least = max(2, 4 * len(values) + 1)
    for key, raw in values.items():
        least += len(key if key.isascii() else key.encode()) + memoryview(raw).nbytes
    return least


def _name(quoted: bytes) -> str:
    if b"\\" in quoted:
        return str(msgspec.json.decode(quoted))
    return quoted[1:-1].decode()


def _check_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise invalid(f"the body is not UTF-8: invalid at byte {error.start}", code="invalid_json") from None


def _not_json(text: bytes, what: str, error: str) -> Refusal:
    found = _AT_BYTE.search(error)
    # What follows the end is named by the byte behind it.
    at = int(found[1]) - ("trailing characters" in error) if found else None
    where = f"cut short after {len(text)} bytes" if at is None else f"wrong at byte {at}"
    return invalid(f"{what} is not valid JSON: {where}", code="invalid_json")
