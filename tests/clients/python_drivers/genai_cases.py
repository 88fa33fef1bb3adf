"""The official Google SDK for Python."""

from __future__ import annotations

import base64
import json
from typing import Any

from google import genai
from google.genai import types

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


def client(case: str, key: str = TOKEN) -> genai.Client:
    return genai.Client(api_key=key, http_options=types.HttpOptions(base_url=URL, headers=tags(case)))


def ask(case: str, contents: Any, key: str = TOKEN, *, model: str = MODEL, **config: Any) -> Any:
    with client(case, key) as google:
        return google.models.generate_content(
            model=model, contents=contents, config=types.GenerateContentConfig(**config)
        )


def whole(answer: Any) -> Any:
    usage = answer.usage_metadata.model_dump(by_alias=True, mode="json") if answer.usage_metadata else None
    return {"text": answer.text, "usage": usage}


def stream(case: str) -> Any:
    text, last = "", None
    with client(case) as google:
        for last in google.models.generate_content_stream(model=MODEL, contents=QUESTION):
            text += last.text or ""
    return {**whole(last), "text": text}


def multi_turn(case: str) -> Any:
    with client(case) as google:
        chat = google.chats.create(
            model=MODEL, config=types.GenerateContentConfig(system_instruction="Be brief.")
        )
        chat.send_message("Hello.")
        return whole(chat.send_message(QUESTION))


def tools(case: str) -> Any:
    declared = [
        types.FunctionDeclaration(
            name=name, description=f"The {name} of a city.", parameters_json_schema=CITY
        )
        for name in NAMES
    ]
    more: dict[str, Any] = {"tools": [types.Tool(function_declarations=declared)]}
    contents: list[Any] = [types.Content(role="user", parts=[types.Part(text=TOOLS_PLEASE)])]
    first = ask(case, contents, **more)
    calls = first.function_calls or []
    answers = [
        types.Part(
            function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": "calm"})
        )
        for call in calls
    ]
    contents += [first.candidates[0].content, types.Content(role="user", parts=answers)]
    return {**whole(ask(case, contents, **more)), "seen": [[call.name, sorted(call.args)] for call in calls]}


def structured(case: str) -> Any:
    answer = ask(case, "Plan a trip.", response_mime_type="application/json", response_json_schema=CITY)
    return {"keys": sorted(json.loads(answer.text))}


def image(case: str) -> Any:
    part = types.Part.from_bytes(data=base64.b64decode(PIXEL), mime_type="image/png")
    return whole(ask(case, ["What is this?", part]))


def thinking(case: str) -> Any:
    config = types.ThinkingConfig(include_thoughts=True, thinking_budget=2000)
    text = "Think hard about it. [[sim output=1500 reasoning=1200]]"
    return whole(ask(case, text, thinking_config=config, max_output_tokens=5000))


def counting(case: str) -> Any:
    with client(case) as google:
        counted = google.models.count_tokens(model=MODEL, contents=QUESTION)
    return {"totalTokens": counted.total_tokens}


def embeddings(case: str) -> Any:
    with client(case) as google:
        answer = google.models.embed_content(
            model="gemini-embedding-001",
            contents=["tide", "moon"],
            config=types.EmbedContentConfig(output_dimensionality=8),
        )
    return {"sizes": [len(each.values or ()) for each in answer.embeddings or ()]}


def models(case: str) -> Any:
    with client(case) as google:
        listed = [each.name for each in google.models.list()]
        one = google.models.get(model=MODEL)
    return {"listed": f"models/{MODEL}" in listed, "one": str(one.name).removeprefix("models/")}


def broken(case: str) -> Any:
    def read() -> None:
        text = "Break. [[sim break=error:2 output=200 chunks=9]]"
        with client(case) as google:
            for _ in google.models.generate_content_stream(model=MODEL, contents=text):
                pass

    return thrown(read)


def cancel(case: str) -> Any:
    text, chunks = "Go on. [[sim output=400 chunks=80 gap=0.05]]", 0
    with client(case) as google:
        events = google.models.generate_content_stream(model=MODEL, contents=text)
        for chunks, _ in enumerate(events, 1):
            if chunks == 5:
                break
        events.close()  # type: ignore[attr-defined]
    return {"chunks": chunks}


def parallel(case: str) -> Any:
    with client(case) as google:

        def one(number: int) -> object:
            text = f"Question {number}. [[sim output=5]]"
            return google.models.generate_content(model=MODEL, contents=text).text

        return {"answers": many(100, one)}


run(
    {
        "simple": lambda case: whole(ask(case, QUESTION)),
        "stream": stream,
        "multi_turn": multi_turn,
        "tools": tools,
        "structured": structured,
        "image": image,
        "thinking": thinking,
        "cached": lambda case: whole(ask(case, f"{LONG} [[sim input=5000 cached=4000]]")),
        "counting": counting,
        "embeddings": embeddings,
        "models": models,
        "error_400": lambda case: thrown(lambda: ask(case, "Hello.", max_output_tokens=2**40)),
        "error_401": lambda case: thrown(lambda: ask(case, "Hello.", "wrong")),
        "budget": lambda case: thrown(lambda: ask(case, "Too dear.")),
        "error_404": lambda case: thrown(lambda: ask(case, "Hello.", model="no-such-model")),
        "error_429": lambda case: thrown(lambda: ask(case, "Fail. [[sim status=429 retry_after=7]]")),
        "error_500": lambda case: thrown(lambda: ask(case, "Fail. [[sim status=500]]")),
        "broken": broken,
        "cancel": cancel,
        "parallel": parallel,
    }
)
