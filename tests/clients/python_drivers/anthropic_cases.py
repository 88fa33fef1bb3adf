"""The official Anthropic SDK for Python."""

from __future__ import annotations

import json
from typing import Any

from anthropic import Anthropic

from tests.clients.python_drivers.harness import (
    CITY,
    LONG,
    MODEL,
    NAMES,
    PIXEL,
    QUESTION,
    TOKEN,
    TOOLS_PLEASE,
    URL,
    many,
    run,
    tags,
    thrown,
)


def client(case: str, key: str = TOKEN) -> Anthropic:
    return Anthropic(base_url=URL, api_key=key, max_retries=0, default_headers=tags(case))


def said(text: object) -> list[Any]:
    return [{"role": "user", "content": text}]


def ask(case: str, text: object, key: str = TOKEN, **more: Any) -> Any:
    with client(case, key) as anthropic:
        return anthropic.messages.create(
            **{"model": MODEL, "max_tokens": 900, "messages": said(text), **more}
        )


def text_of(message: Any) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def whole(message: Any) -> Any:
    return {"text": text_of(message), "usage": message.usage.model_dump()}


def stream(case: str) -> Any:
    with client(case) as anthropic:
        with anthropic.messages.stream(model=MODEL, max_tokens=900, messages=said(QUESTION)) as events:
            text = "".join(events.text_stream)
            message = events.get_final_message()
    assert text == text_of(message)
    return whole(message)


def multi_turn(case: str) -> Any:
    messages = [*said("Hello."), {"role": "assistant", "content": "Good day."}, *said(QUESTION)]
    return whole(ask(case, "", system="Be brief.", messages=messages))


def tools(case: str, *, streamed: bool = False) -> Any:
    offered: Any = [
        {"name": name, "description": f"The {name} of a city.", "input_schema": CITY} for name in NAMES
    ]
    messages, more = said(TOOLS_PLEASE), {"model": MODEL, "max_tokens": 9000, "tools": offered}
    with client(case) as anthropic:
        if streamed:
            with anthropic.messages.stream(messages=messages, **more) as events:
                first = events.get_final_message()
        else:
            first = anthropic.messages.create(messages=messages, **more)
        uses = [block for block in first.content if block.type == "tool_use"]
        results = [{"type": "tool_result", "tool_use_id": use.id, "content": "calm"} for use in uses]
        messages += [{"role": "assistant", "content": [block.model_dump() for block in first.content]}]
        last = anthropic.messages.create(messages=[*messages, *said(results)], **more)
    return {**whole(last), "seen": [[use.name, sorted(use.input)] for use in uses]}


def structured(case: str) -> Any:
    wanted = {"format": {"type": "json_schema", "schema": CITY}}
    return {"keys": sorted(json.loads(text_of(ask(case, "Plan a trip.", output_config=wanted))))}


def image(case: str) -> Any:
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    return whole(ask(case, [{"type": "text", "text": "What is this?"}, {"type": "image", "source": source}]))


def thinking(case: str) -> Any:
    message = ask(
        case,
        "Think hard about it. [[sim output=1500 reasoning=1200]]",
        max_tokens=5000,
        thinking={"type": "enabled", "budget_tokens": 2000},
    )
    return whole(message)


def cached(case: str) -> Any:
    begun = {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}
    return whole(ask(case, [begun, {"type": "text", "text": "Go on. [[sim input=5000 cached=4000]]"}]))


def counting(case: str) -> Any:
    with client(case) as anthropic:
        return anthropic.messages.count_tokens(model=MODEL, messages=said(QUESTION)).model_dump()


def models(case: str) -> Any:
    with client(case) as anthropic:
        listed = [each.id for each in anthropic.models.list()]
        return {"listed": MODEL in listed, "one": anthropic.models.retrieve(MODEL).id}


def broken(case: str) -> Any:
    def read() -> None:
        text = "Break. [[sim break=clean:2 output=200 chunks=9]]"
        with client(case) as anthropic:
            for _ in anthropic.messages.create(model=MODEL, max_tokens=900, messages=said(text), stream=True):
                pass

    return thrown(read)


def cancel(case: str) -> Any:
    text, events = "Go on. [[sim output=400 chunks=80 gap=0.05]]", 0
    with client(case) as anthropic:
        more: Any = {"model": MODEL, "max_tokens": 900, "messages": said(text), "stream": True}
        with anthropic.messages.create(**more) as stream:
            for events, _ in enumerate(stream, 1):
                if events == 6:
                    break
    return {"events": events}


def parallel(case: str) -> Any:
    with client(case) as anthropic:

        def one(number: int) -> object:
            text = f"Question {number}. [[sim output=5]]"
            return text_of(anthropic.messages.create(model=MODEL, max_tokens=900, messages=said(text)))

        return {"answers": many(100, one)}


run(
    {
        "simple": lambda case: whole(ask(case, QUESTION)),
        "stream": stream,
        "multi_turn": multi_turn,
        "tools": tools,
        "tools_stream": lambda case: tools(case, streamed=True),
        "structured": structured,
        "image": image,
        "thinking": thinking,
        "cached": cached,
        "counting": counting,
        "models": models,
        "error_400": lambda case: thrown(lambda: ask(case, "", messages="no list")),
        "error_401": lambda case: thrown(lambda: ask(case, "Hello.", "wrong")),
        "budget": lambda case: thrown(lambda: ask(case, "Too dear.")),
        "error_404": lambda case: thrown(lambda: ask(case, "Hello.", model="no-such-model")),
        "error_429": lambda case: thrown(lambda: ask(case, "Fail. [[sim status=429 retry_after=7]]")),
        "error_500": lambda case: thrown(lambda: ask(case, "Fail. [[sim status=500]]")),
        "error_529": lambda case: thrown(lambda: ask(case, "Fail. [[sim status=529]]")),
        "broken": broken,
        "cancel": cancel,
        "parallel": parallel,
    }
)
