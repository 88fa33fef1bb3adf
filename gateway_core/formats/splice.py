"""Changes to a JSON object's bytes that leave every other byte as it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from gateway_core.formats.json_object import JsonObject, members, read_object


def encoded(value: object) -> bytes:
    """A value as JSON."""
    return msgspec.json.encode(value)


def splice(
    found: JsonObject, values: Mapping[str, bytes], *, renamed: Mapping[str, str] | None = None
) -> bytes:
    """The object's text with these values (as JSON) in place of its own; keys that it lacks come last.

    renamed: keys to give another name, by the name they have.
    """
    places = members(found)
    edits = [(places[key].key, places[key].key_end, encoded(name)) for key, name in (renamed or {}).items()]
    edits += [(places[key].value, places[key].end, value) for key, value in values.items() if key in places]
    added = b",".join(encoded(key) + b":" + value for key, value in values.items() if key not in places)
    if added:
        brace = found.text.rindex(b"}")
        edits.append((brace, brace, b"," + added if places else added))
    return _edited(found.text, edits)


def splice_within(found: JsonObject, key: str, values: Mapping[str, bytes]) -> bytes:
    """The object that is the value of a key, with these values in it; made where there is none.

    Raises Refusal 400 where the value is something else than an object or null.
    """
    inner = found.raw(key) or b"{}"
    return splice(read_object(inner, repr(key)), values)


def without(found: JsonObject, key: str) -> bytes:
    """The object's text without a key, its value and the comma that parts it from the others."""
    places = members(found)
    start, end = places[key].key, places[key].end
    if next(iter(places)) != key:
        start = found.text.rindex(b",", 0, start)
    elif len(places) > 1:
        end = found.text.index(b",", end) + 1
    return _edited(found.text, [(start, end, b"")])


def _edited(text: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for start, end, replacement in sorted(edits):
        pieces += (text[at:start], replacement)
        at = end
    return b"".join((*pieces, text[at:]))
