"""The events of a streamed OpenAI response, made from the finished one.

https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway_core.simulated.answer import Answer
from gateway_core.simulated.wire.base import Event, encode


class _Numbered:
    """Writes events with their growing sequence number."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, kind: str, content: bool = False, **fields: Any) -> Event:
        data = encode({"type": kind, "sequence_number": self._next, **fields})
        self._next += 1
        return Event(b"event: " + kind.encode() + b"\ndata: " + data + b"\n\n", content)


def events(answer: Answer, finished: dict[str, Any]) -> Iterator[Event]:
    """All events from response.created to response.completed or response.incomplete; there is no [DONE]."""
    say = _Numbered()
    opening = {**finished, "status": "in_progress", "output": [], "usage": None}
    opening |= {"completed_at": None, "incomplete_details": None}
    yield say("response.created", response=opening)
    yield say("response.in_progress", response=opening)
    for at, item in enumerate(finished["output"]):
        match item["type"]:
            case "message":
                yield from _message(say, at, item, answer)
            case "function_call":
                yield from _function_call(say, at, item, answer)
            case _:
                yield say("response.output_item.added", output_index=at, item=item)
                yield say("response.output_item.done", output_index=at, item=item)
    yield say(f"response.{finished['status']}", response=finished)


def _message(say: _Numbered, at: int, item: dict[str, Any], answer: Answer) -> Iterator[Event]:
    part = item["content"][0]
    where = {"item_id": item["id"], "output_index": at, "content_index": 0}
    begun = {**item, "status": "in_progress", "content": []}
    yield say("response.output_item.added", output_index=at, item=begun)
    word = "refusal" if part["type"] == "refusal" else "text"
    kind = f"response.{part['type']}"
    more: dict[str, Any] = {} if word == "refusal" else {"logprobs": []}
    yield say("response.content_part.added", **where, part={**part, word: ""})
    for piece in answer.parts(part[word]):
        yield say(f"{kind}.delta", True, **where, delta=piece, **more)
    yield say(f"{kind}.done", **where, **{word: part[word]}, **more)
    yield say("response.content_part.done", **where, part=part)
    yield say("response.output_item.done", output_index=at, item=item)


def _function_call(say: _Numbered, at: int, item: dict[str, Any], answer: Answer) -> Iterator[Event]:
    where = {"item_id": item["id"], "output_index": at}
    begun = {**item, "status": "in_progress", "arguments": ""}
    yield say("response.output_item.added", output_index=at, item=begun)
    for piece in answer.parts(item["arguments"]):
        yield say("response.function_call_arguments.delta", True, **where, delta=piece)
    done = {"arguments": item["arguments"], "name": item["name"]}
    yield say("response.function_call_arguments.done", **where, **done)
    yield say("response.output_item.done", output_index=at, item=item)
