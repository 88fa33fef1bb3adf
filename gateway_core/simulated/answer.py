"""What the simulated model answers, before any format has written it down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway_core.model.usage import Usage
from gateway_core.simulated.words import slices

_CHARACTERS_A_CHUNK = 20


class Finish(StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    STOP_SEQUENCE = "stop_sequence"
    LENGTH = "length"
    TOOLS = "tools"
    REFUSED = "refused"
    """The model declined; the text is how."""
    FILTERED = "filtered"
    """A filter of the provider ended it; without a text, before it began."""

    @property
    def declined(self) -> bool:
        return self in (Finish.REFUSED, Finish.FILTERED)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of one tool. `number` is unique within the answer and stable; formats make their ids of it."""

    number: str
    name: str
    arguments: str
    """Compact JSON."""


@dataclass(frozen=True, slots=True)
class Choice:
    text: str
    calls: tuple[ToolCall, ...] = ()
    finish: Finish = Finish.STOP
    stop: str | None = None
    """The stop sequence that ended the text."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds: until the first byte, between two chunks of a stream, and for the whole answer at once."""

    first: float
    gap: float
    whole: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, complete. `id` is 32 hex digits made of the seed and the prompt."""

    id: str
    model: str
    created: int
    choices: tuple[Choice, ...]
    thinking: str
    """Shown thinking; empty where it is hidden or there is none."""
    usage: Usage
    tempo: Tempo
    chunks: int | None = None
    """Content chunks that a stream must have."""

    def parts(self, text: str) -> list[str]:
        """A text in the pieces in which a stream carries it. No piece for no text."""
        wanted = self.chunks or -(-len(text) // _CHARACTERS_A_CHUNK)
        return list(slices(text, wanted)) if text else []

    def thinking_parts(self) -> list[str]:
        """Shown thinking in pieces of the usual size: `chunks` counts the text alone."""
        count = -(-len(self.thinking) // _CHARACTERS_A_CHUNK)
        return list(slices(self.thinking, count)) if self.thinking else []
