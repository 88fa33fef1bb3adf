"""A stream of answers, metered: as events (`alt=sse`), or as one JSON array that comes in pieces."""

from __future__ import annotations

from typing import Any

from gateway_core.formats.gemini.answer import ANSWER, Candidate, counted
from gateway_core.formats.json_array import ArraySplitter
from gateway_core.formats.metering import EventMeter
from gateway_core.formats.sse import HELD_LIMIT
from gateway_core.formats.usage_numbers import word
from gateway_core.model.call import Reading


class GeminiMeter(EventMeter):
    """Reads chunks as they pass. Each repeats the counts: the last one wins, field by field."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = False
        self._array: ArraySplitter | None = None
        self._held = bytearray()
        """What has come of an array behind its last whole element."""
        self._usage: dict[str, Any] = {}
        self._odd_usage: Any = None
        self._queries: set[str] = set()
        self._model: str | None = None
        self._ended = False
        self._final = False
        self._failed = False

    def feed(self, chunk: bytes) -> bytes:
        """What the client gets: whole events, or whole elements of an array."""
        if not self._begun and (start := chunk.strip()):
            self._begun = True
            self._array = ArraySplitter() if start.startswith(b"[") else None
        return super().feed(chunk) if self._array is None else self._elements(self._array, chunk)

    def close(self) -> bytes:
        """The last event, or the end of an array that has come to it."""
        if self._array is None:
            return super().close()
        return bytes(self._held) if self.reading.finished else b""

    def _elements(self, array: ArraySplitter, chunk: bytes) -> bytes:
        """What is whole by now. An array that breaks off can thus be closed behind its last element."""
        for element in array.feed(chunk):
            self._look(element)
        held = self._held
        end = len(held) + array.end if array.end else 0
        held += chunk
        if not end and len(held) > HELD_LIMIT:
            end = len(held)
        whole = bytes(held[:end])
        del held[:end]
        return whole

    @property
    def reading(self) -> Reading:
        """What the chunks have said up to now."""
        stated = self._odd_usage if self._odd_usage is not None else self._usage or None
        usage, impossible = counted(stated, self._queries, self._model)
        finished = self._ended and not self._failed
        return Reading(usage, self._model, finished, impossible, usage_final=self._final)

    def _look(self, payload: bytes) -> bool:
        try:
            answer = ANSWER.decode(payload)
        except (ValueError, RecursionError):
            return False
        for candidate in answer.candidates or ():
            self._candidate(candidate)
        self._model = word(answer.model_version) or self._model
        self._states(answer.usage_metadata)
        self._ended = self._ended or answer.ends
        self._final = self._final or (self._ended and answer.usage_metadata is not None)
        self._failed = self._failed or answer.error is not None
        return True

    def _candidate(self, candidate: Candidate) -> None:
        if candidate.grounding_metadata:
            self._queries.update(candidate.grounding_metadata.web_search_queries or ())
        for part in candidate.content.parts or () if candidate.content else ():
            self._saw(part.text)
            self._saw(part.executable_code.code if part.executable_code else None)
            if size := memoryview(part.function_call).nbytes:
                self.output_bytes += size
                self.first_content = True

    def _states(self, usage: Any) -> None:
        if isinstance(usage, dict):
            self._usage |= {name: value for name, value in usage.items() if value is not None}
        elif usage is not None:
            self._odd_usage = usage
