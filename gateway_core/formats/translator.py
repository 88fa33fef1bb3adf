"""What every format can do for the translation from and to the other ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gateway_core.formats.neutral.answer import Answer, Event
from gateway_core.formats.neutral.failure import Failure
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Output, Request
from gateway_core.model.call import Ask
from gateway_core.model.usage import Usage


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a call is written for: the model, and its output cap where one is known (tokens)."""

    model: str
    most_output: int | None = None
    ask_usage: bool = True
    """Whether a stream has to be asked for its usage."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer's writer knows beside it: the client's call, our id of it, and what it used."""

    ask: Ask
    call_id: str
    usage: Usage | None = None
    created: int = 0
    """Epoch seconds, for answers that state none."""
    as_array: bool = False
    """A Gemini stream that is one JSON array."""
    body: bytes = b""
    """The client's request, of which some formats repeat fields."""


class StreamReader(Protocol):
    """Reads a provider's stream, event by event."""

    failure: Failure | None
    """The error that the stream itself told of."""

    def read(self, payload: bytes) -> list[Event]:
        """What one event's data says; nothing for what cannot be read."""


class StreamWriter(Protocol):
    """Writes a stream for a client."""

    def write(self, event: Event) -> bytes:
        """The bytes of one event; empty where the format has nothing to say to it yet."""

    def end(self, usage: Usage | None) -> bytes:
        """The proper end, with the usage of the whole answer."""


@dataclass(frozen=True, slots=True)
class Translator:
    """One format, from and to the neutral form; all of it pure.

    read_request    raises Refusal 400 for what no rule says how to translate
    read_output     of a request the form of its answer alone; raises Refusal 400 and msgspec's errors
    write_request   raises Refusal 400 for what the format cannot say and may not be dropped
    read_answer     raises ValueError or msgspec's errors for a body that is no answer
    read_failure    never raises
    """

    read_request: Callable[[bytes, Ask], Request]
    read_output: Callable[[bytes], Output | None]
    write_request: Callable[[Request, Goal, Notes], bytes]
    read_answer: Callable[[bytes, Reply], Answer]
    write_answer: Callable[[Answer, Reply], bytes]
    stream_reader: Callable[[Reply], StreamReader]
    stream_writer: Callable[[Reply], StreamWriter]
    read_failure: Callable[[int, bytes], Failure]
    write_failure: Callable[[Failure, str], bytes]
