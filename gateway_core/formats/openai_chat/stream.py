"""A stream of chat completion chunks, metered."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.metering import EventMeter
from gateway_core.formats.openai_chat.hiding import without_usage
from gateway_core.formats.openai_usage import openai_usage
from gateway_core.formats.stated_cost import stated_cost
from gateway_core.formats.usage_numbers import Stated, believed, word
from gateway_core.model.call import Reading
from gateway_core.model.usage import Usage

_DONE = b"[DONE]"


class _Function(msgspec.Struct, gc=False):
    name: Any = None
    arguments: Any = None


class _ToolCall(msgspec.Struct, gc=False):
    function: _Function | None = None
    custom: Any = None


class _Delta(msgspec.Struct, gc=False):
    content: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    refusal: Any = None
    tool_calls: list[_ToolCall] | None = None
    function_call: _Function | None = None


class _Choice(msgspec.Struct, gc=False):
    delta: _Delta | None = None
    finish_reason: Any = None
    text: Any = None
    """Legacy completions."""


class _Groq(msgspec.Struct, gc=False):
    usage: Any = None


class _Chunk(msgspec.Struct, gc=False):
    choices: list[_Choice] | None = None
    usage: Any = None
    model: Any = None
    service_tier: Any = None
    error: Any = None
    x_groq: _Groq | None = None


_CHUNK = msgspec.json.Decoder(_Chunk)


class ChatMeter(EventMeter):
    """Reads chunks as they pass. The last usage wins; an error event is no proper end."""

    def __init__(self, *, hide_usage: bool) -> None:
        super().__init__()
        self._hide = hide_usage
        self._usage: Any = None
        self._stopped = False
        self._final = False
        self._model: str | None = None
        self._tier: str | None = None
        self._done = False
        self._failed = False

    def feed(self, chunk: bytes) -> bytes:
        """The whole events up to now, without the usage that only the gateway asked for."""
        block = super().feed(chunk)
        return without_usage(block) if self._hide else block

    def close(self) -> bytes:
        """The last event, where only its blank line is missing."""
        last = super().close()
        return without_usage(last) if self._hide else last

    @property
    def reading(self) -> Reading:
        """What the chunks have said up to now."""
        usage, impossible = believed(self._counted, self._usage)
        finished = self._done and not self._failed
        nano, odd = stated_cost(self._usage)
        return Reading(usage, self._model, finished, impossible or odd, nano, usage_final=self._final)

    def _counted(self, stated: Stated) -> Usage | None:
        return openai_usage(stated, service_tier=self._tier)

    def _look(self, payload: bytes) -> bool:
        try:
            chunk = _CHUNK.decode(payload)
        except (ValueError, RecursionError):
            self._done = self._done or payload.startswith(_DONE)
            return payload.startswith(_DONE)
        for choice in chunk.choices or ():
            if choice.finish_reason is not None:
                self._stopped = True
            delta = choice.delta
            if delta is None:
                self._saw(choice.text)
            else:
                if delta.content:
                    self._saw(delta.content)
                if delta.tool_calls or delta.reasoning_content or delta.reasoning or delta.refusal:
                    self._unusual(delta)
                elif delta.function_call:
                    self._function(delta.function_call)
        if self._model is None:
            self._model = word(chunk.model)
        if chunk.usage is not None or chunk.x_groq is not None:
            self._counts(chunk)
        if chunk.service_tier is not None:
            self._tier = word(chunk.service_tier)
        if chunk.error is not None:
            self._failed = True
        return True

    def _unusual(self, delta: _Delta) -> None:
        self._saw(delta.reasoning_content or delta.reasoning)
        self._saw(delta.refusal)
        for call in delta.tool_calls or ():
            if call.function:
                self._function(call.function)
            elif isinstance(call.custom, dict):
                self._uses(call.custom.get("name"))
                self._saw(call.custom.get("input"))
        if delta.function_call:
            self._function(delta.function_call)

    def _function(self, call: _Function) -> None:
        self._uses(call.name)
        self._saw(call.arguments)

    def _counts(self, chunk: _Chunk) -> None:
        stated = chunk.usage if chunk.x_groq is None else chunk.usage or chunk.x_groq.usage
        if stated is not None:
            # Some state it with every chunk; what comes with the end, or beside no content, is the whole.
            self._usage, self._final = stated, self._stopped or not chunk.choices
