"""What an answer says, in nobody's words: whole, or as the events of a stream."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from gateway_core.formats.neutral.request import Text, Thought, ToolCall
from gateway_core.model.call import DialectName

Said = Text | Thought | ToolCall


class Finish(StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    STOP_SEQUENCE = "stop_sequence"
    LENGTH = "length"
    TOOLS = "tools"
    FILTERED = "filtered"
    """The provider or the model declined."""


class Candidate(msgspec.Struct, frozen=True):
    """One of the answers. `stop`: the stop sequence that was met, where the provider names it."""

    parts: tuple[Said, ...]
    finish: Finish = Finish.STOP
    stop: str | None = None

    @property
    def refused(self) -> bool:
        """Whether the model declined in words of its own."""
        return any(isinstance(part, Text) and part.refusal for part in self.parts)


class Answer(msgspec.Struct, frozen=True):
    """A whole answer. `created` is epoch seconds, 0 where the provider does not say."""

    id: str
    model: str
    candidates: tuple[Candidate, ...]
    created: int = 0


class Begun(msgspec.Struct, frozen=True):
    """The stream begins; comes once, before all else."""

    id: str
    model: str
    created: int = 0


class TextPiece(msgspec.Struct, frozen=True):
    """More of the text of candidate `at`."""

    text: str
    at: int = 0
    refusal: bool = False


class ThoughtPiece(msgspec.Struct, frozen=True):
    """More of the thinking of candidate `at`."""

    text: str
    at: int = 0


class ThoughtEnd(msgspec.Struct, frozen=True):
    """The thinking up to here is signed; `redacted`: the signature is all there is of it."""

    signature: str
    origin: DialectName
    at: int = 0
    redacted: bool = False


class CallBegun(msgspec.Struct, frozen=True):
    """A call of a tool; its arguments follow until anything else comes for this candidate."""

    id: str
    name: str
    at: int = 0
    custom: bool = False
    signature: str = ""
    origin: DialectName | None = None
    group: str = ""


class CallPiece(msgspec.Struct, frozen=True):
    """More of the arguments of the call that was begun last."""

    text: str
    at: int = 0


class Finished(msgspec.Struct, frozen=True):
    """Candidate `at` is whole."""

    finish: Finish
    at: int = 0
    stop: str | None = None


def told_end(finish: Finish, *, refused: bool) -> Finish:
    """The end in a format that has no place for a refusal in words: there the end has to tell of it."""
    return Finish.FILTERED if refused and finish is Finish.STOP else finish


Event = Begun | TextPiece | ThoughtPiece | ThoughtEnd | CallBegun | CallPiece | Finished
