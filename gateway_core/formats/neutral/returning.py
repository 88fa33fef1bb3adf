"""What a provider said, made ready for a client of another format: tools by the client's names, and what has
to come back with a tool's result in the ids of the calls."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gateway_core.formats.neutral.answer import (
    Answer,
    CallBegun,
    CallPiece,
    Event,
    Said,
    ThoughtEnd,
    ThoughtPiece,
)
from gateway_core.formats.neutral.naming import Naming, text_input
from gateway_core.formats.neutral.request import Thought, ToolCall
from gateway_core.formats.neutral.riding import seal, sealed


def returned(answer: Answer, naming: Naming) -> Answer:
    """A whole answer."""
    candidates = tuple(
        msgspec.structs.replace(each, parts=tuple(_returned(each.parts, naming)))
        for each in answer.candidates
    )
    return msgspec.structs.replace(answer, candidates=candidates)


def _returned(parts: Iterable[Said], naming: Naming) -> list[Said]:
    named = [naming.returned(part) if isinstance(part, ToolCall) else part for part in parts]
    shown: list[Said] = []
    for part in sealed(named):
        if isinstance(part, Thought):
            if part.text:
                shown.append(Thought(part.text))
        else:
            shown.append(part)
    return shown


class Returning:
    """The same for the events of a stream."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._thinking: dict[int, list[str]] = {}
        self._thoughts: dict[int, list[Thought]] = {}
        self._texts: dict[int, list[str]] = {}
        """Arguments of a custom tool's call, which are a text of their own only when they are whole."""

    def take(self, event: Event) -> list[Event]:
        """What the client gets of an event."""
        match event:
            case CallPiece(text=text, at=at):
                if at not in self._texts:
                    return [event]
                self._texts[at].append(text)
                return []
            case ThoughtPiece(text=text, at=at):
                self._thinking.setdefault(at, []).append(text)
            case ThoughtEnd(at=at):
                text = "".join(self._thinking.pop(at, []))
                signed = Thought(text, event.signature, event.origin, event.redacted)
                self._thoughts.setdefault(at, []).append(signed)
                return []
            case CallBegun():
                return [*self._whole(event.at), self._call(event)]
        if self._texts and not isinstance(event, ThoughtPiece):
            return [*self._whole(getattr(event, "at", 0)), event]
        return [event]

    def _call(self, event: CallBegun) -> Event:
        name, group, custom = self._naming.own(event.name)
        if custom:
            self._texts[event.at] = []
        bare = ToolCall(event.id, name, "", custom, event.signature, event.origin)
        call = seal(bare, self._thoughts.pop(event.at, []))
        return CallBegun(call.id, name, event.at, custom, group=group)

    def _whole(self, at: int) -> list[Event]:
        pieces = self._texts.pop(at, None)
        return [] if pieces is None else [CallPiece(text_input("".join(pieces)), at)]
