"""Bedrock's frames as the server-sent events of Anthropic's format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway_core.formats.json_object import read_body
from gateway_core.formats.splice import encoded, splice
from gateway_core.upstream.envelopes.errors import bedrock_error, bedrock_status

_METRICS = "amazon-bedrock-invocationMetrics"
_COUNTS = {
    "input_tokens": "inputTokenCount",
    "output_tokens": "outputTokenCount",
    "cache_read_input_tokens": "cacheReadInputTokenCount",
    "cache_creation_input_tokens": "cacheWriteInputTokenCount",
}


class _Chunk(msgspec.Struct, rename={"data": "bytes"}):
    data: bytes


class _Event(msgspec.Struct, rename={"metrics": _METRICS}):
    type: str
    usage: Any = None
    metrics: Any = None


_CHUNK = msgspec.json.Decoder(_Chunk)
_EVENT = msgspec.json.Decoder(_Event)


class EventWriter:
    """Writes one stream. Where no event states what was used, the end does, by Bedrock's own metrics."""

    def __init__(self) -> None:
        self._stated = False

    def event(self, headers: Mapping[str, Any], payload: bytes) -> bytes:
        """The event of one frame; b'' for a frame that carries none. An exception is an error event."""
        kind = str(headers.get(":exception-type") or headers.get(":error-code") or "")
        if kind or headers.get(":message-type") in ("exception", "error"):
            said = payload or encoded({"message": str(headers.get(":error-message") or kind)})
            return _sse("error", bedrock_error(kind, bedrock_status(kind, 500), said))
        try:
            data = _CHUNK.decode(payload).data
            event = _EVENT.decode(data)
        except ValueError:
            return b""
        self._stated = self._stated or event.usage is not None
        if isinstance(event.metrics, dict) and not self._stated:
            data = splice(read_body(data), {"usage": encoded(_usage(event.metrics))})
        return _sse(event.type, data)


def _usage(metrics: dict[str, Any]) -> dict[str, Any]:
    return {name: metrics[theirs] for name, theirs in _COUNTS.items() if theirs in metrics}


def _sse(kind: str, data: bytes) -> bytes:
    # Line ends in JSON are white space only; in an event they would end the line.
    line = data.replace(b"\r", b" ").replace(b"\n", b" ")
    return b"event: " + kind.encode() + b"\ndata: " + line + b"\n\n"
