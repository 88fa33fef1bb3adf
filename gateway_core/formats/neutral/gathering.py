"""The whole answer that a stream's events add up to."""

from __future__ import annotations

from gateway_core.formats.neutral.answer import (
    Answer,
    Begun,
    CallBegun,
    CallPiece,
    Candidate,
    Event,
    Finish,
    Finished,
    Said,
    TextPiece,
    ThoughtEnd,
    ThoughtPiece,
)
from gateway_core.formats.neutral.request import Text, Thought, ToolCall


class _Growing:
    """One candidate on its way: parts that are whole, and the pieces of the one that is not."""

    def __init__(self) -> None:
        self.parts: list[Said] = []
        self.kind: type[Event] | None = None
        self.refusal = False
        self.begun: CallBegun | None = None
        self.pieces: list[str] = []
        self.finished = Finished(Finish.STOP)

    def take(self, event: TextPiece | ThoughtPiece | CallPiece) -> None:
        refusal = isinstance(event, TextPiece) and event.refusal
        if self.kind is not type(event) or refusal != self.refusal:
            self.end()
            self.kind, self.refusal = type(event), refusal
        self.pieces.append(event.text)

    def call(self, begun: CallBegun) -> None:
        self.end()
        self.kind, self.begun = CallPiece, begun

    def sign(self, event: ThoughtEnd) -> None:
        text = "".join(self.pieces) if self.kind is ThoughtPiece else ""
        if self.kind is not ThoughtPiece:
            self.end()
        self.kind, self.pieces = None, []
        self.parts.append(Thought(text, event.signature, event.origin, event.redacted))

    def end(self) -> None:
        text = "".join(self.pieces)
        if self.begun is not None:
            begun = self.begun
            self.parts.append(
                ToolCall(begun.id, begun.name, text, begun.custom, begun.signature, begun.origin, begun.group)
            )
        elif self.kind is TextPiece:
            self.parts.append(Text(text, self.refusal))
        elif self.kind is ThoughtPiece:
            self.parts.append(Thought(text))
        self.kind, self.begun, self.pieces = None, None, []


class Gathering:
    """Takes events one by one; `answer` is right at every moment."""

    def __init__(self) -> None:
        self._begun = Begun("", "")
        self._growing: dict[int, _Growing] = {}

    def take(self, event: Event) -> None:
        """One event more."""
        if isinstance(event, Begun):
            self._begun = event
            return
        growing = self._growing.setdefault(event.at, _Growing())
        match event:
            case TextPiece() | ThoughtPiece() | CallPiece():
                growing.take(event)
            case ThoughtEnd():
                growing.sign(event)
            case CallBegun():
                growing.call(event)
            case Finished():
                growing.end()
                growing.finished = event

    @property
    def answer(self) -> Answer:
        """What has come up to now; a part that is not whole is left out."""
        found = [self._growing[at] for at in sorted(self._growing)]
        candidates = tuple(
            Candidate(tuple(one.parts), one.finished.finish, one.finished.stop) for one in found
        )
        return Answer(self._begun.id, self._begun.model, candidates, self._begun.created)
