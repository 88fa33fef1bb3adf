"""How much a request gives a model to read: bytes of text, and media that no byte count bounds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import msgspec

from gateway_core.formats.json_object import JsonObject, decoded, size

_OPAQUE = frozenset({"input", "args", "arguments", "input_schema", "parameters", "schema"})
"""Keys under which stands what a tool or a schema says: content, whatever it looks like."""


@dataclass(frozen=True, slots=True)
class Media:
    """One image, clip or file in a request. `data`: its bytes as base64, empty where it is elsewhere."""

    data: str = ""
    image: bool = False
    by_reference: bool = False
    """The provider fetches or keeps it, so that the body does not bound its size."""


@dataclass(slots=True)
class Content:
    """What a request gives to read."""

    bytes: int = 0
    media: int = 0
    images: int = 0
    by_reference: bool = False


MediaOf = Callable[[dict[str, object]], Media | None]
"""The media that an object is, in one format; None for any other object."""


def content_of(
    body: JsonObject, *, beside: Collection[str], marks: Collection[bytes], media_of: MediaOf
) -> Content:
    """The content of a body: all its values but those that are known to be no content.

    beside: keys of values that no model reads; marks: bytes without which no media can be in a body.
    """
    found = Content()
    content = [raw for key, raw in body.values.items() if key not in beside]
    if b"\\u" not in body.text and not any(mark in body.text for mark in marks):
        found.bytes = sum(map(size, content))
        return found
    for raw in content:
        _add(found, bytes(raw), media_of)
    return found


def _add(found: Content, raw: bytes, media_of: MediaOf) -> None:
    value = decoded(raw)
    # An escape such as \u4e2d takes six bytes for a character of three, and may hide a mark.
    found.bytes += len(msgspec.json.encode(value)) if b"\\u" in raw else len(raw)
    _walk(found, value, media_of)


def _walk(found: Content, value: object, media_of: MediaOf) -> None:
    if isinstance(value, list):
        for each in value:
            _walk(found, each, media_of)
    elif isinstance(value, dict):
        if media := media_of(value):
            _count(found, media)
        else:
            for key, each in value.items():
                if key not in _OPAQUE:
                    _walk(found, each, media_of)


def _count(found: Content, media: Media) -> None:
    found.bytes -= len(media.data)
    found.media += 1
    found.images += media.image
    found.by_reference |= media.by_reference


def remote(url: object) -> bool:
    """Whether media stand elsewhere: not in a data: URL."""
    return isinstance(url, str) and not url.startswith("data:")


def data_of(value: object) -> str:
    """Base64 in a data: URL or bare; empty for anything that is elsewhere or is text."""
    if not isinstance(value, str) or value.startswith(("http:", "https:", "gs:", "file:", "data:text/")):
        return ""
    return value
