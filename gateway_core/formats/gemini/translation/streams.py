"""Neutral events written as a stream of answers: as events, or as one JSON array that comes in pieces."""

from __future__ import annotations

from typing import Any

from gateway_core.formats.gemini.translation.answers import (
    response,
    write_candidate,
    write_part,
)
from gateway_core.formats.neutral.answer import (
    Begun,
    CallBegun,
    CallPiece,
    Event,
    Finish,
    Finished,
    TextPiece,
    ThoughtPiece,
    told_end,
)
from gateway_core.formats.neutral.request import ToolCall
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.model.usage import Usage


class AnswerWriter:
    """A call of a function is one part: it is held back until its arguments are whole."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._as_array = reply.as_array
        self._started = False
        self._id, self._model = reply.call_id, ""
        self._calls: dict[int, tuple[CallBegun, list[str]]] = {}
        self._finished: dict[int, Finish] = {}
        self._refused: set[int] = set()

    def write(self, event: Event) -> bytes:
        match event:
            case TextPiece(text=text, at=at):
                if event.refusal:
                    self._refused.add(at)
                return self._called(at) + self._part(at, {"text": text})
            case CallPiece(text=text, at=at):
                if at in self._calls:
                    self._calls[at][1].append(text)
            case ThoughtPiece(text=text, at=at):
                return self._called(at) + self._part(at, {"text": text, "thought": True})
            case CallBegun(at=at):
                before = self._called(at)
                self._calls[at] = (event, [])
                return before
            case Begun():
                self._id, self._model = event.id or self._id, event.model
            case Finished(at=at, finish=finish):
                self._finished[at] = told_end(finish, refused=at in self._refused)
                return self._called(at)
        return b""

    def end(self, usage: Usage | None) -> bytes:
        ends = [write_candidate([], at, finish) for at, finish in sorted(self._finished.items())]
        last = self._chunk(ends or [write_candidate([], 0, Finish.STOP)], usage)
        return last + b"]" if self._as_array else last

    def _called(self, at: int) -> bytes:
        """The call that is whole now, if there is one."""
        if at not in self._calls:
            return b""
        begun, pieces = self._calls.pop(at)
        return self._part(at, write_part(ToolCall(begun.id, begun.name, "".join(pieces))))

    def _part(self, at: int, part: dict[str, Any]) -> bytes:
        return self._chunk([write_candidate([part], at, None)], None)

    def _chunk(self, candidates: list[dict[str, Any]], usage: Usage | None) -> bytes:
        data = encoded(response(candidates, self._id, self._model, usage))
        if not self._as_array:
            return b"data: " + data + b"\r\n\r\n"
        before = b",\r\n" if self._started else b"["
        self._started = True
        return before + data
