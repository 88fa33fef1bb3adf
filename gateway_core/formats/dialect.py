"""What every wire format can do: read requests and answers, prepare bodies, meter streams, refuse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gateway_core.model.call import Ask, DialectName, ModelCard, Operation, Prompt, Reading
from gateway_core.model.errors import Refusal

__all__ = ["Dialect", "ModelCard", "StreamMeter"]


class StreamMeter(Protocol):
    """Reads a stream as it passes. Bytes may be split anywhere, also inside a character or a CRLF.

    What a client gets are whole events: an event is held back until its last byte has come, so that a
    stream which breaks can still be ended by a proper event of its own.
    """

    output_bytes: int
    """Bytes of generated content seen so far (text, thinking, tool arguments), for running estimates."""
    first_content: bool
    """Any generated content was seen."""

    def feed(self, chunk: bytes) -> bytes:
        """What the client gets now: the very same object where nothing is held back."""

    def close(self) -> bytes:
        """What is still held back when the provider has ended; an event that is cut short is dropped."""

    @property
    def reading(self) -> Reading:
        """What the stream has said about itself up to now."""

    @property
    def refusal(self) -> Refusal | None:
        """What a client has to be told of an error that the stream itself told of, where that was not
        handed on."""


class Dialect(Protocol):
    """One wire format. Stateless; an instance serves every call."""

    @property
    def name(self) -> DialectName:
        """The format."""

    def read(
        self, operation: Operation, body: bytes, *, path_model: str | None = None, path_stream: bool = False
    ) -> Ask:
        """What a request asks for. Raises Refusal 400 for a body that is no valid request."""

    def prompt(self, body: bytes) -> Prompt:
        """The words that judgement looks at, of a request for an answer that was read before. Raises
        Refusal 400."""

    def prepare(self, body: bytes, ask: Ask, *, model: str, output_cap: int | None, ask_usage: bool) -> bytes:
        """The body for a provider of the same format, byte for byte but for what has to change: the
        model's name, the output cap (tokens), and the wish for usage at the end of a stream."""

    def read_answer(self, operation: Operation, body: bytes) -> Reading:
        """What a whole, successful answer says about itself. Never raises."""

    def meter(self, ask: Ask, *, hide_usage: bool) -> StreamMeter:
        """A meter for one stream. hide_usage: take out what comes only because the gateway asked."""

    def refusal(self, refusal: Refusal, request_id: str) -> bytes:
        """The error body of this format."""

    def stream_refusal(
        self, refusal: Refusal, request_id: str, *, events: bool = True, begun: bool = True
    ) -> tuple[bytes, ...]:
        """The last bytes of a running stream that fails; no client takes them for an end in success.

        Pieces that clients have to get one by one. events: False for a stream that is one JSON array;
        begun: some of its elements have been sent.
        """

    def model_list(self, models: Sequence[ModelCard]) -> bytes:
        """The answer to a request for all models."""

    def model_card(self, model: ModelCard) -> bytes:
        """The answer to a request for one model."""
