"""A stream translated as it is metered."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.formats.dialect import StreamMeter
from gateway_core.formats.neutral.returning import Returning
from gateway_core.formats.sse import payloads
from gateway_core.formats.translator import StreamReader, StreamWriter
from gateway_core.model.call import Reading
from gateway_core.model.errors import Refusal


class TranslatingMeter:
    """The provider's meter counts; what it lets pass is read, and written anew for the client."""

    def __init__(
        self, inner: StreamMeter, reader: StreamReader, returning: Returning, writer: StreamWriter
    ) -> None:
        self._inner = inner
        self._reader = reader
        self._returning = returning
        self._writer = writer
        self.output_bytes = 0
        self.first_content = False

    @property
    def reading(self) -> Reading:
        """What the provider's stream has said about itself."""
        reading = self._inner.reading
        return reading if self._reader.failure is None else replace(reading, finished=False)

    @property
    def refusal(self) -> Refusal | None:
        """The error by which the provider ended the stream, if it did."""
        failure = self._reader.failure
        return failure.refusal() if failure is not None else None

    def feed(self, chunk: bytes) -> bytes:
        """The translation of the events that are whole by now."""
        block = self._inner.feed(chunk)
        self.output_bytes, self.first_content = self._inner.output_bytes, self._inner.first_content
        return self._translated(block)

    def close(self) -> bytes:
        """The rest, and the client's own end mark where the provider's stream came to its end."""
        rest = self._translated(self._inner.close())
        reading = self.reading
        return rest + self._writer.end(reading.usage) if reading.finished else rest

    def _translated(self, block: bytes) -> bytes:
        if not block or self._reader.failure is not None:
            return b""
        write, take = self._writer.write, self._returning.take
        out: list[bytes] = []
        for payload in payloads(block):
            for event in self._reader.read(payload):
                out += [write(each) for each in take(event)]
        return b"".join(out)
