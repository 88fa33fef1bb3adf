"""A stream of message events, metered."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.anthropic.usage import anthropic_usage
from gateway_core.formats.metering import EventMeter
from gateway_core.formats.usage_numbers import believed, word
from gateway_core.model.call import Reading


class _Delta(msgspec.Struct, gc=False):
    text: Any = None
    thinking: Any = None
    partial_json: Any = None
    stop_reason: Any = None


class _Block(msgspec.Struct, gc=False):
    name: Any = None


class _Message(msgspec.Struct, gc=False):
    model: Any = None
    usage: Any = None


class _Event(msgspec.Struct, gc=False):
    type: Any = None
    delta: _Delta | None = None
    content_block: _Block | None = None
    message: _Message | None = None
    usage: Any = None


_EVENT = msgspec.json.Decoder(_Event)


class MessageMeter(EventMeter):
    """Reads events as they pass. Counts are cumulative: the last one wins, field by field."""

    def __init__(self) -> None:
        super().__init__()
        self._usage: dict[str, Any] = {}
        self._odd_usage: Any = None
        self._model: str | None = None
        self._ending = False
        self._final = False
        self._stopped = False
        self._failed = False

    @property
    def reading(self) -> Reading:
        """What the events have said up to now."""
        stated = self._odd_usage if self._odd_usage is not None else self._usage or None
        usage, impossible = believed(anthropic_usage, stated)
        finished = self._stopped and not self._failed
        return Reading(usage, self._model, finished, impossible, usage_final=self._final)

    def _look(self, payload: bytes) -> bool:
        try:
            event = _EVENT.decode(payload)
        except (ValueError, RecursionError):
            return False
        if event.delta is not None:
            self._saw(event.delta.text)
            self._saw(event.delta.thinking)
            self._saw(event.delta.partial_json)
            self._ending = self._ending or event.delta.stop_reason is not None
        if event.content_block is not None:
            self._uses(event.content_block.name)
        if event.message is not None:
            self._model = word(event.message.model)
            self._states(event.message.usage)
        self._states(event.usage)
        # What the start states of the output is what there was by then.
        if self._ending and isinstance(event.usage, dict) and event.usage.get("output_tokens") is not None:
            self._final = True
        self._stopped = self._stopped or event.type == "message_stop"
        self._failed = self._failed or event.type == "error"
        return True

    def _states(self, usage: Any) -> None:
        if isinstance(usage, dict):
            self._usage |= {name: value for name, value in usage.items() if value is not None}
        elif usage is not None:
            self._odd_usage = usage
