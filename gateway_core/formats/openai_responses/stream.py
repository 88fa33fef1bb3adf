"""A stream of response events, metered."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.metering import EventMeter
from gateway_core.formats.openai_responses.answer import ResponseObject, reading_of
from gateway_core.formats.usage_numbers import word
from gateway_core.model.call import Reading

_ENDS = ("response.completed", "response.incomplete", "response.failed")
_BINARY = "response.audio.delta"


class _Item(msgspec.Struct):
    type: Any = None
    name: Any = None


class _Event(msgspec.Struct):
    type: Any = None
    delta: Any = None
    item: _Item | None = None
    response: ResponseObject | None = None


_EVENT = msgspec.json.Decoder(_Event)


class ResponseMeter(EventMeter):
    """Reads events as they pass; the counts stand in the last one."""

    def __init__(self) -> None:
        super().__init__()
        self._response = ResponseObject()
        self._ended = False
        self._failed = False

    @property
    def reading(self) -> Reading:
        """What the events have said up to now."""
        return reading_of(self._response, finished=self._ended and not self._failed)

    def _look(self, payload: bytes) -> bool:
        if payload.startswith(b"[DONE]"):
            return True
        try:
            event = _EVENT.decode(payload)
        except (ValueError, RecursionError):
            return False
        kind = word(event.type) or ""
        if event.response is not None:
            self._response = event.response
            self._ended = self._ended or kind in _ENDS
        elif kind.endswith(".delta") and kind != _BINARY:
            self._saw(event.delta)
        elif event.item is not None and kind == "response.output_item.added":
            self._uses(event.item.name)
        elif kind == "error":
            self._failed = True
        return True
