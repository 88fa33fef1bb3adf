"""Neutral events written as a stream of response events, up to the finished response in the last one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

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
    ThoughtPiece,
)
from gateway_core.formats.neutral.request import Text, Thought, ToolCall
from gateway_core.formats.openai_responses.translation.answers import (
    write_content,
    write_head,
    write_item,
    write_response,
)
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.model.usage import Usage


class ResponseWriter:
    """Items one after the other, each begun, grown and done; of the first candidate."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._number = 0
        self._answer = Answer("", "", ())
        self._items: list[dict[str, Any]] = []
        self._open: Said | None = None
        """The part that grows, without what it has grown by."""
        self._pieces: list[str] = []
        self._item_id = ""
        self._finish = Finish.STOP

    def write(self, event: Event) -> bytes:
        match event:
            case TextPiece(text=text, refusal=refusal):
                return self._grow(Text("", refusal), text)
            case CallPiece(text=text):
                return self._delta(text) if isinstance(self._open, ToolCall) else b""
            case ThoughtPiece(text=text):
                return self._grow(Thought(), text)
            case CallBegun():
                call = ToolCall(event.id, event.name, "", event.custom, group=event.group)
                return self._close() + self._begin(call)
            case Begun():
                self._answer = Answer(event.id, event.model, (), event.created)
                head = write_head(self._answer, self._reply)
                return self._say("response.created", response=head) + self._say(
                    "response.in_progress", response=head
                )
            case Finished(finish=finish):
                self._finish = finish
        return b""

    def end(self, usage: Usage | None) -> bytes:
        closed = self._close()
        whole = msgspec.structs.replace(self._answer, candidates=(Candidate((), self._finish),))
        response = write_response(whole, replace(self._reply, usage=usage), self._items)
        return closed + self._say(f"response.{response['status']}", response=response)

    def _say(self, kind: str, **fields: Any) -> bytes:
        data = encoded({"type": kind, "sequence_number": self._number, **fields})
        self._number += 1
        return b"event: " + kind.encode() + b"\ndata: " + data + b"\n\n"

    @property
    def _where(self) -> dict[str, Any]:
        return {"item_id": self._item_id, "output_index": len(self._items)}

    def _item(self, part: Said) -> dict[str, Any]:
        return write_item(part, f"{self._reply.call_id}_{len(self._items)}")

    def _grow(self, part: Text | Thought, text: str) -> bytes:
        same = type(self._open) is type(part) and not (
            isinstance(part, Text) and isinstance(self._open, Text) and part.refusal != self._open.refusal
        )
        before = b"" if same else self._close() + self._begin(part)
        return before + self._delta(text)

    def _begin(self, part: Said) -> bytes:
        self._open, self._pieces = part, []
        item = {**self._item(part), "status": "in_progress"}
        self._item_id = item["id"]
        at = len(self._items)
        match part:
            case Text():
                added = self._say("response.output_item.added", output_index=at, item={**item, "content": []})
                return added + self._say(
                    "response.content_part.added", **self._where, content_index=0, part=write_content(part)
                )
            case Thought():
                del item["status"]
                added = self._say("response.output_item.added", output_index=at, item=item)
                return added + self._say(
                    "response.reasoning_summary_part.added",
                    **self._where,
                    summary_index=0,
                    part={"type": "summary_text", "text": ""},
                )
            case ToolCall():
                said = "input" if part.custom else "arguments"
                return self._say("response.output_item.added", output_index=at, item={**item, said: ""})

    def _delta(self, text: str) -> bytes:
        self._pieces.append(text)
        kind, where = _grows(self._open)
        more: dict[str, Any] = {"logprobs": []} if kind == "response.output_text" else {}
        return self._say(f"{kind}.delta", **self._where, **where, delta=text, **more)

    def _close(self) -> bytes:
        """The end of the part that is open."""
        part = self._open
        if part is None:
            return b""
        whole = _grown(part, "".join(self._pieces))
        item = self._item(whole)
        done = b"".join(self._done(whole, item))
        done += self._say("response.output_item.done", output_index=len(self._items), item=item)
        self._items.append(item)
        self._open = None
        return done

    def _done(self, part: Said, item: dict[str, Any]) -> Iterator[bytes]:
        kind, where = _grows(part)
        place = {**self._where, **where}
        match part:
            case Text():
                said = {"refusal": part.text} if part.refusal else {"text": part.text, "logprobs": []}
                yield self._say(f"{kind}.done", **place, **said)
                yield self._say("response.content_part.done", **place, part=item["content"][0])
            case Thought():
                yield self._say(f"{kind}.done", **place, text=part.text)
                summary = {"type": "summary_text", "text": part.text}
                yield self._say("response.reasoning_summary_part.done", **place, part=summary)
            case ToolCall():
                said = (
                    {"input": part.arguments}
                    if part.custom
                    else {"arguments": item["arguments"], "name": part.name}
                )
                yield self._say(f"{kind}.done", **place, **said)


def _grows(part: Said | None) -> tuple[str, dict[str, int]]:
    """What the events of a growing part are called, and which of the item's parts they mean."""
    match part:
        case Thought():
            return "response.reasoning_summary_text", {"summary_index": 0}
        case ToolCall():
            return (
                "response.custom_tool_call_input" if part.custom else "response.function_call_arguments",
                {},
            )
        case Text(refusal=True):
            return "response.refusal", {"content_index": 0}
    return "response.output_text", {"content_index": 0}


def _grown(part: Said, text: str) -> Said:
    match part:
        case ToolCall():
            return msgspec.structs.replace(part, arguments=text)
        case Text():
            return Text(text, part.refusal)
        case Thought():
            return Thought(text)
