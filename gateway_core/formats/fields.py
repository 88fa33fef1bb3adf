"""Single fields of a request's body, of the type that the format gives them."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.json_object import JsonObject, invalid, read_list

MAX_MODEL = 256
"""Characters of a model's name."""
MAX_NUMBER = 2**31 - 1
"""Tokens, or uses of a tool, above which a number says nothing that anybody could hold for."""
MAX_CANDIDATES = 1024
"""Answers to one call; providers give far fewer."""


class _Typed(msgspec.Struct):
    type: Any = None


_TYPED = msgspec.json.Decoder(list[_Typed])


def model_name(body: JsonObject) -> str:
    """The model asked for. Raises Refusal 400 where the body names none."""
    name = text(body, "model")
    if not name:
        raise invalid("the body names no 'model'")
    return checked_model(name)


def checked_model(name: str) -> str:
    """The same name. Raises Refusal 400 for one that cannot be a model's."""
    if len(name) > MAX_MODEL or not name.isprintable():
        raise invalid("'model' is no name of a model")
    return name


def text(body: JsonObject, key: str) -> str | None:
    """A text. Raises Refusal 400 for anything else."""
    value = body.decoded(key)
    if value is not None and not isinstance(value, str):
        raise invalid(f"{key!r} must be a text")
    return value


def flag(body: JsonObject, key: str) -> bool:
    """True or false; false where it is missing. Raises Refusal 400 for anything else."""
    value = body.decoded(key)
    if value is not None and not isinstance(value, bool):
        raise invalid(f"{key!r} must be true or false")
    return bool(value)


def whole(body: JsonObject, key: str) -> int | None:
    """A whole number. Raises Refusal 400 for anything else: a limit that cannot be read, or that no amount
    of money reaches, limits nothing."""
    value = body.decoded(key)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(f"{key!r} must be a whole number")
    if abs(value) > MAX_NUMBER:
        raise invalid(f"{key!r} must be {MAX_NUMBER} at the most")
    return value


def cap(body: JsonObject, *keys: str) -> int | None:
    """The largest output cap that is set, in tokens: each provider obeys the one that it knows.

    A negative one is how some clients say "none", and then there is none.
    """
    stated = [value for key in keys if key in body.values and (value := whole(body, key)) is not None]
    return max(stated) if stated and min(stated) >= 0 else None


def candidates(body: JsonObject, key: str) -> int:
    """How many answers are asked for, at least 1. Raises Refusal 400 for more than anybody gives."""
    asked = whole(body, key) or 1
    if asked > MAX_CANDIDATES:
        raise invalid(f"{key!r} must be {MAX_CANDIDATES} at the most")
    return max(1, asked)


def beyond_text(body: JsonObject, key: str) -> bool:
    """Whether a list of kinds of output names others than text. Raises Refusal 400 where it is no list."""
    raw = body.raw(key)
    return bool(raw) and any(bytes(each).strip().lower() != b'"text"' for each in read_list(raw, repr(key)))


def length(body: JsonObject, key: str) -> int:
    """Items of a list; 1 for a text or an object in its place, 0 where it is missing."""
    raw = body.raw(key)
    return len(read_list(raw, repr(key))) if raw.startswith(b"[") else int(bool(raw))


def kinds(body: JsonObject, key: str) -> list[str]:
    """The `type` of each object in a list, empty where it states none; all else in them stays undecoded.

    Raises Refusal 400 for anything but a list of objects.
    """
    raw = body.raw(key)
    if not raw:
        return []
    try:
        return [each.type if isinstance(each.type, str) else "" for each in _TYPED.decode(raw)]
    except msgspec.DecodeError:
        raise invalid(f"{key!r} must be a list of objects") from None
