"""The top level of a JSON object: its values as they were written, and where each of them stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from gateway_core.formats.nesting import deeper_than
from gateway_core.model.errors import Refusal

MAX_DEPTH = 64
"""Levels of arrays and objects that a request may have."""

_VALUES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_KEY = re.compile(rb'[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_AFTER_VALUE = re.compile(rb"[ \t\r\n]*([,}])")
_AT_BYTE = re.compile(r"\(byte (\d+)\)")


@dataclass(frozen=True, slots=True)
class Member:
    """Where one key and its value stand: offsets into the text, the ends exclusive."""

    key: int
    key_end: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object's text, its values undecoded, and the place of each of them."""

    text: bytes
    values: Mapping[str, msgspec.Raw]
    members: Mapping[str, Member]

    def decoded(self, key: str) -> object:
        """The value of a key; None where it is missing or null. Raises Refusal 400."""
        return decoded(self.values[key]) if key in self.values else None

    def size(self, key: str) -> int:
        """Bytes of the value as it was written; 0 where it is missing."""
        member = self.members.get(key)
        return member.end - member.value if member else 0

    def raw(self, key: str) -> bytes:
        """The value as it was written; empty where it is missing or null."""
        member = self.members.get(key)
        text = self.text[member.value : member.end] if member else b""
        return b"" if text == b"null" else text


def read_body(body: bytes) -> JsonObject:
    """A request's body as an object. Raises Refusal 400 that says where it is wrong."""
    if not body.isascii():
        _check_utf8(body)
    if deeper_than(MAX_DEPTH, body):
        raise invalid(f"the body is nested deeper than {MAX_DEPTH} levels", code="invalid_json")
    return read_object(body, "the body")


def read_object(text: bytes, what: str) -> JsonObject:
    """An object inside a checked body. `what` names it for a person. Raises Refusal 400."""
    try:
        values = _VALUES.decode(text)
    except msgspec.ValidationError:
        raise invalid(f"{what} must be a JSON object") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _not_json(text, what, str(error)) from None
    members = _members(text, values)
    if len(members) < len(values):
        raise invalid(f"a key of {what} stands twice; it can mean one thing only")
    return JsonObject(text, values, members)


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


def _members(text: bytes, values: Mapping[str, msgspec.Raw]) -> dict[str, Member]:
    """The place of each value, by stepping from key to key. A key that stands twice breaks the step,
    since only the last of its values is known: then fewer members are found than there are values."""
    members: dict[str, Member] = {}
    at = text.index(b"{") + 1
    while key := _KEY.match(text, at):
        name = _name(key[1])
        if name in members or name not in values:
            return {}
        end = key.end() + memoryview(values[name]).nbytes
        after = _AFTER_VALUE.match(text, end)
        if after is None:
            return {}
        members[name] = Member(key.start(1), key.end(1), key.end(), end)
        at = after.end()
        if after[1] == b"}":
            break
    return members if not text[at:].strip(b" \t\r\n}") else {}


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
    where = f"wrong at byte {found[1]}" if found else f"cut short after {len(text)} bytes"
    return invalid(f"{what} is not valid JSON: {where}", code="invalid_json")
