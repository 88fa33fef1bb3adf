"""JSON texts and objects, data: URLs, and the words of a message: small conversions that formats share."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.request import Media, MediaKind, Message, Part, Text

_DATA_URL = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),", re.DOTALL)
_WRITTEN = ("text/", "application/json")
_MIMES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
}


def json_text(value: object) -> str:
    """A value as JSON text."""
    return msgspec.json.encode(value).decode()


def json_object(text: str) -> dict[str, Any] | None:
    """The object that a JSON text holds; None for anything else."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def arguments_of(text: str) -> dict[str, Any]:
    """The arguments of a call as an object; what a model wrote that is none is kept under one key."""
    if not text.strip():
        return {}
    found = json_object(text)
    return {"arguments": text} if found is None else found


def text_of(parts: Iterable[Part], between: str = "") -> str:
    """The words in these parts."""
    return between.join(part.text for part in parts if isinstance(part, Text))


def data_url(media: Media) -> str:
    """Where the bytes are: a data: URL, or the address they are fetched from."""
    return media.url or f"data:{media.mime or 'application/octet-stream'};base64,{media.data}"


def media_of_url(
    url: str, kind: MediaKind, where: str, *, name: str = "", own: Mapping[str, Any] | None = None
) -> Media:
    """The media behind a URL. Raises Refusal 400 for a data: URL that is not base64."""
    if not url.startswith("data:"):
        return Media(kind, mime=mime_by_name(url), url=url, name=name, own=own or {})
    head = _DATA_URL.match(url)
    if head is None or ";base64" not in head[2]:
        raise invalid(f"{where}: a data: URL must hold base64")
    return Media(kind, head[1], url[head.end() :], name=name, own=own or {})


def mime_by_name(name: str) -> str:
    """The type of a file by the end of its name; empty where that does not tell."""
    return _MIMES.get(name.partition("?")[0].rpartition(".")[2].lower(), "")


def kind_of_mime(mime: str) -> MediaKind:
    """What a type of file is."""
    head = mime.partition("/")[0]
    return head if head in ("image", "audio", "video") else "document"  # type: ignore[return-value]


def words_inside(media: Media) -> str | None:
    """What a document of plain text says; None for one of another kind, and for one that is elsewhere."""
    if media.kind != "document" or not media.data or not media.mime.startswith(_WRITTEN):
        return None
    try:
        return base64.b64decode(media.data).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def under_title(name: str, text: str) -> str:
    """The words of a document below its name, where it has one."""
    return f"{name}\n\n{text}" if name else text


def refuse_kept_file(media: Media) -> None:
    """Raises Refusal 400 for a file that only the client's own provider can read."""
    if media.file_id:
        raise invalid(
            f"file {media.file_id[:80]!r} is kept by one provider, no other can read it; send its content",
            code="untranslatable",
        )


def merged(messages: Iterable[Message]) -> list[Message]:
    """The messages with neighbours of one role made one: some formats want roles to take turns."""
    found: list[Message] = []
    for message in messages:
        if found and found[-1].role == message.role:
            last = found[-1]
            found[-1] = Message(last.role, (*last.parts, *message.parts), {**last.own, **message.own})
        else:
            found.append(message)
    return found


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are set."""
    return {key: value for key, value in values.items() if value is not None}


def instant(value: object) -> int:
    """Epoch seconds as stated; 0 for anything that is none."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else 0
