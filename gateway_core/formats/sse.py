"""Server-sent events as bytes: whole events out of chunks that may be split anywhere.

Source of the format: html.spec.whatwg.org, "Server-sent events". Lines are split as bytes, never as text:
text has further line ends (U+2028) that may stand inside a JSON string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HELD_LIMIT = 16 * 2**20
"""Bytes of one event that are held back at the most; a longer one passes unread."""

_EVENT_END = re.compile(rb"\n\n|\n\r\n|\r\r")
_USUAL_ENDS = (b"\n\n", b"\r\n\r\n")
_BLANKS = (b"\n\n", b"\n\r\n", b"\r\r")
_DATA = b"data: "
_TYPE = b"event: "
_NEXT = b"\n\n" + _DATA


class Splitter:
    """Holds back the event that has not ended yet."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, chunk: bytes) -> bytes:
        """The events that are whole by now, as they came; empty where none is. The very chunk where
        nothing was held back before and nothing is now."""
        if not self._held and chunk.endswith(_USUAL_ENDS):
            return chunk
        held = self._held
        searched = max(0, len(held) - 2)
        held += chunk
        end = last_end(held, searched)
        if not end and len(held) > HELD_LIMIT:
            end = len(held)
        whole = bytes(held[:end])
        del held[:end]
        return whole

    def take(self) -> bytes:
        """What has come of the event that has not ended; held no longer."""
        held = bytes(self._held)
        self._held.clear()
        return held


def events(block: bytes) -> Iterator[bytes]:
    """The whole events in a block, each with the blank line that ends it."""
    at = 0
    for end in _EVENT_END.finditer(block):
        yield block[at : end.end()]
        at = end.end()
    if at < len(block):
        yield block[at:]


def payloads(block: bytes) -> list[bytes]:
    """The data of each whole event in a block; events without data are left out."""
    if b"\r" in block or not block.endswith(b"\n\n"):
        return [data for event in events(block) if (data := _data(event))]
    if block.startswith(_DATA):
        # One line of data in each event, as most have: one event alone, as most come, or several.
        if block.find(b"\n") == len(block) - 2:
            return [block[len(_DATA) : -2]] if len(block) > len(_NEXT) else []
        if block.count(b"\n") == 2 * block.count(_NEXT) + 2:
            return [data for data in block[len(_DATA) : -2].split(_NEXT) if data]
    return [data for event in block[:-2].split(b"\n\n") if (data := _usual(event))]


def _usual(event: bytes) -> bytes:
    """The data of an event without its end, quickly where it is one line, alone or behind its type."""
    if event.startswith(_DATA):
        if event.find(b"\n") < 0:
            return event[len(_DATA) :]
    elif event.startswith(_TYPE):
        at = event.find(b"\n") + 1
        if event.startswith(_DATA, at) and event.find(b"\n", at) < 0:
            return event[at + len(_DATA) :]
    return _data(event + b"\n\n")


def _data(event: bytes) -> bytes:
    text = event.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in event else event
    if text.startswith(_DATA) and text.find(b"\n") == len(text) - 2:
        return text[len(_DATA) : -2]
    return b"\n".join(line[5:].removeprefix(b" ") for line in text.split(b"\n") if line.startswith(b"data:"))


def last_end(data: bytes | bytearray, start: int = 0) -> int:
    """The offset behind the last blank line that ends at `start` or later; 0 where there is none."""
    found = [(data.rfind(blank, start), len(blank)) for blank in _BLANKS]
    return max((at + length for at, length in found if at >= 0), default=0)
