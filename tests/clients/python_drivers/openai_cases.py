"""The official OpenAI SDK for Python."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from openai import OpenAI
from pydantic import BaseModel, ConfigDict

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


class Trip(BaseModel):
    model_config = ConfigDict(extra="forbid")
    city: str
    days: int


def client(case: str, key: str = TOKEN) -> OpenAI:
    return OpenAI(base_url=f"{URL}/v1", api_key=key, max_retries=0, default_headers=tags(case))


def said(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def ask(case: str, text: str, key: str = TOKEN, **more: Any) -> Any:
    with client(case, key) as openai:
        return openai.chat.completions.create(**{"model": MODEL, "messages": said(text), **more})


def simple(case: str) -> Any:
    answer = ask(case, QUESTION)
    return {"text": answer.choices[0].message.content, "usage": answer.usage.model_dump()}


def stream(case: str, **more: Any) -> Any:
    text, usage = "", None
    with client(case) as openai:
        for chunk in openai.chat.completions.create(
            model=MODEL, messages=said(QUESTION), stream=True, **more
        ):
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            usage = chunk.usage.model_dump() if chunk.usage else usage
    return {"text": text, "usage": usage}


def multi_turn(case: str) -> Any:
    messages = [
        {"role": "developer", "content": "Be brief."},
        *said("Hello."),
        {"role": "assistant", "content": "Good day."},
        *said(QUESTION),
    ]
    return {"text": ask(case, "", messages=messages).choices[0].message.content}


def tools(case: str, *, streamed: bool = False) -> Any:
    """As agents do it: of the calls only id, name and arguments come back."""
    described = [
        {"name": name, "description": f"The {name} of a city.", "parameters": CITY} for name in NAMES
    ]
    more: dict[str, Any] = {
        "tools": [{"type": "function", "function": each} for each in described],
        "max_completion_tokens": 9000,
    }
    messages = said(TOOLS_PLEASE)
    with client(case) as openai:
        if streamed:
            with openai.chat.completions.stream(model=MODEL, messages=messages, **more) as events:
                message = events.get_final_completion().choices[0].message
        else:
            answer = openai.chat.completions.create(model=MODEL, messages=messages, **more)
            message = answer.choices[0].message
        calls = [each.model_dump(include={"id", "type", "function"}) for each in message.tool_calls or ()]
        seen = [
            [each["function"]["name"], sorted(json.loads(each["function"]["arguments"]))] for each in calls
        ]
        messages += [{"role": "assistant", "tool_calls": calls}]
        messages += [{"role": "tool", "tool_call_id": each["id"], "content": "calm"} for each in calls]
        last = openai.chat.completions.create(model=MODEL, messages=messages, **more)
    return {"text": last.choices[0].message.content, "seen": seen}


def structured(case: str) -> Any:
    with client(case) as openai:
        answer = openai.chat.completions.parse(
            model=MODEL, messages=said("Plan a trip."), response_format=Trip
        )
    parsed = answer.choices[0].message.parsed
    return {"keys": sorted(parsed.model_dump()) if parsed else []}


def image(case: str) -> Any:
    part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    content = [{"type": "text", "text": "What is this?"}, part]
    return {"text": ask(case, "", messages=[{"role": "user", "content": content}]).choices[0].message.content}


def respond(case: str, **more: Any) -> Any:
    with client(case) as openai:
        answer = openai.responses.create(**{"model": MODEL, "input": QUESTION, "store": False, **more})
    return {"text": answer.output_text, "status": answer.status, "usage": answer.usage.model_dump()}


def responses_stream(case: str) -> Any:
    with client(case) as openai, openai.responses.stream(model=MODEL, input=QUESTION, store=False) as events:
        answer = events.get_final_response()
    assert answer.usage is not None
    return {"text": answer.output_text, "status": answer.status, "usage": answer.usage.model_dump()}


def reasoning(case: str) -> Any:
    return respond(
        case,
        input="Think hard about it. [[sim output=300 reasoning=200]]",
        reasoning={"effort": "high", "summary": "auto"},
        max_output_tokens=5000,
    )


def cached(case: str) -> Any:
    return {"usage": ask(case, f"{LONG} [[sim input=5000 cached=4000]]").usage.model_dump()}


def counting(case: str) -> Any:
    with client(case) as openai:
        return openai.responses.input_tokens.count(model=MODEL, input=QUESTION).model_dump()


def embeddings(case: str) -> Any:
    small = "text-embedding-3-small" if MODEL.startswith("gpt") else "gemini-embedding-001"
    with client(case) as openai:
        answer = openai.embeddings.create(model=small, input=["tide", "moon"], dimensions=8)
    return {"sizes": [len(each.embedding) for each in answer.data]}


def models(case: str) -> Any:
    with client(case) as openai:
        listed = [each.id for each in openai.models.list()]
        return {"listed": MODEL in listed, "one": openai.models.retrieve(MODEL).id}


def broken(case: str) -> Any:
    text = "Break. [[sim break=clean:2 output=200 chunks=9]]"

    def read() -> None:
        with client(case) as openai:
            for _ in openai.chat.completions.create(model=MODEL, messages=said(text), stream=True):
                pass

    return thrown(read)


def cancel(case: str) -> Any:
    text, chunks = "Go on. [[sim output=400 chunks=80 gap=0.05]]", 0
    with client(case) as openai:
        with openai.chat.completions.create(model=MODEL, messages=said(text), stream=True) as events:
            for chunks, _ in enumerate(events, 1):
                if chunks == 5:
                    break
    return {"chunks": chunks}


def parallel(case: str) -> Any:
    with client(case) as openai:

        def one(number: int) -> object:
            text = f"Question {number}. [[sim output=5]]"
            answer = openai.chat.completions.create(model=MODEL, messages=said(text))
            return answer.choices[0].message.content

        return {"answers": many(100, one)}


run(
    {
        "simple": simple,
        "stream": stream,
        "stream_usage": partial(stream, stream_options={"include_usage": True}),
        "multi_turn": multi_turn,
        "tools": tools,
        "tools_stream": partial(tools, streamed=True),
        "structured": structured,
        "image": image,
        "responses": respond,
        "responses_stream": responses_stream,
        "reasoning": reasoning,
        "cached": cached,
        "counting": counting,
        "embeddings": embeddings,
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
