"""The common part of the meters: whole events pass, and each is looked at once."""

from __future__ import annotations

from abc import ABC, abstractmethod

from gateway_core.formats.sse import Splitter, payloads
from gateway_core.model.call import Reading
from gateway_core.model.errors import Refusal

_LINE_ENDS = (b"\n", b"\r", b"}", b"]")
"""What a line without data may end with; an error that is no event at all is bare JSON."""
AROUND_TOOL_USE = 64
"""Bytes that stand for what a model writes to use a tool, beside its name and arguments."""


class EventMeter(ABC):
    """A meter of server-sent events whose data is JSON."""

    def __init__(self) -> None:
        self.output_bytes = 0
        self.first_content = False
        self._splitter = Splitter()

    def feed(self, chunk: bytes) -> bytes:
        """The whole events up to now, looked at; the very chunk where nothing is held back."""
        block = self._splitter.feed(chunk)
        if block:
            for payload in payloads(block):
                if not self._look(payload):
                    # It is handed on: whatever it holds counts as content.
                    self.output_bytes += len(payload)
        return block

    def close(self) -> bytes:
        """The last event, where only its blank line is missing; an event that is cut short is no event.

        Where the stream has not come to its end, the blank line is added: an error event may follow.
        """
        last = self._splitter.take()
        readable = [self._look(payload) for payload in payloads(last)]
        if not (all(readable) if readable else last.endswith(_LINE_ENDS)):
            return b""
        return last if self.reading.finished else last + b"\n\n"

    @property
    @abstractmethod
    def reading(self) -> Reading:
        """What the stream has said about itself up to now."""

    @property
    def refusal(self) -> Refusal | None:
        """Nothing: what the stream tells of an error is handed on as it is."""
        return None

    @abstractmethod
    def _look(self, payload: bytes) -> bool:
        """Reads one event's data; False where it cannot be read."""

    def _saw(self, content: object) -> None:
        """Counts generated content, if it is any."""
        if content and isinstance(content, str):
            self.output_bytes += len(content if content.isascii() else content.encode())
            self.first_content = True

    def _uses(self, tool: object) -> None:
        """Counts the beginning of a tool's use, if that is the name of one: it is billed without arguments
        too."""
        if tool and isinstance(tool, str):
            self.output_bytes += AROUND_TOOL_USE
            self._saw(tool)
