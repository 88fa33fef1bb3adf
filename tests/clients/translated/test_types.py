"""Whatever answers, a client gets what its own SDK's types describe: whole answers, every event of a stream.

On models of its own maker this proves the simulated provider, on models of others our translation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.translated.asking import CITY, PIXEL, QUESTION, TOOLS, TOOLS_PLEASE, Ledger
from tests.support.sdk_types import events, whole
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, WIRES, Wire, events_of

Body = dict[str, Any]
MODELS = ("gpt-5-mini", "gpt-4o-mini", "claude-sonnet-5-5", "gemini-3.8-flash", "gemini-2.5-flash")


def plain(wire: Wire, body: Body) -> Body:
    return body


def tools(wire: Wire, body: Body) -> Body:
    offered: list[Body] = [{"name": name, "description": what} for name, what in TOOLS.items()]
    match wire.name:
        case "openai":
            functions = [{**each, "parameters": CITY} for each in offered]
            return {**body, "tools": [{"type": "function", "function": each} for each in functions]}
        case "responses":
            more = {"type": "function", "parameters": CITY, "strict": False}
            return {**body, "tools": [{**each, **more} for each in offered]}
        case "anthropic":
            return {**body, "tools": [{**each, "input_schema": CITY} for each in offered]}
    declared = [{**each, "parametersJsonSchema": CITY} for each in offered]
    return {**body, "tools": [{"functionDeclarations": declared}]}


def schema(wire: Wire, body: Body) -> Body:
    match wire.name:
        case "openai":
            named = {"name": "trip", "schema": CITY, "strict": True}
            return {**body, "response_format": {"type": "json_schema", "json_schema": named}}
        case "responses":
            return {**body, "text": {"format": {"type": "json_schema", "name": "trip", "schema": CITY}}}
        case "anthropic":
            return {**body, "output_config": {"format": {"type": "json_schema", "schema": CITY}}}
    config = {**body["generationConfig"], "responseMimeType": "application/json", "responseJsonSchema": CITY}
    return {**body, "generationConfig": config}


def thinking(wire: Wire, body: Body) -> Body:
    match wire.name:
        case "openai":
            return {**body, "reasoning_effort": "low"}
        case "responses":
            return {**body, "reasoning": {"effort": "low", "summary": "auto"}}
        case "anthropic":
            return {**body, "thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 4000}
    config = {**body["generationConfig"], "thinkingConfig": {"includeThoughts": True, "thinkingBudget": 1024}}
    return {**body, "generationConfig": {**config, "maxOutputTokens": 4000}}


def image(wire: Wire, body: Body) -> Body:
    url = f"data:image/png;base64,{PIXEL}"
    match wire.name:
        case "openai":
            part: Body = {"type": "image_url", "image_url": {"url": url}}
        case "responses":
            part = {"type": "input_image", "image_url": url, "detail": "auto"}
            return {
                **body,
                "input": [{"role": "user", "content": [{"type": "input_text", "text": QUESTION}, part]}],
            }
        case "anthropic":
            source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
            part = {"type": "image", "source": source}
        case _:
            parts = [{"text": QUESTION}, {"inlineData": {"mimeType": "image/png", "data": PIXEL}}]
            return {**body, "contents": [{"role": "user", "parts": parts}]}
    content = [{"type": "text", "text": QUESTION}, part]
    return {**body, "messages": [{"role": "user", "content": content}]}


KINDS: dict[str, tuple[str, Callable[[Wire, Body], Body]]] = {
    "text": (QUESTION, plain),
    "cut": ("Go on. [[sim output=900]]", plain),
    "cached": ("The same again. " * 600 + "[[sim input=3000 cached=2048]]", plain),
    "tools": (TOOLS_PLEASE, tools),
    "schema": ("Plan a trip.", schema),
    "thinking": ("Think. [[sim output=700 reasoning=600]]", thinking),
    "image": (QUESTION, image),
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_what_the_client_gets_is_of_its_types(rows: Ledger, wire: Wire, kind: str, stream: bool) -> None:
    prompt, shaped = KINDS[kind]
    gateway, wrong = rows.gateway, []
    for model in MODELS:
        body = shaped(wire, wire.ask(prompt, cap=600, stream=stream, model=model))
        answer = gateway.http.post(
            wire.for_model(model, stream=stream), json=body, headers=wire.credential(gateway.token)
        )
        if (kind, model) == ("thinking", "gpt-4o-mini") and answer.status_code == 400:
            continue
        assert answer.status_code == 200, (model, answer.text)
        found = (
            events(wire.name, events_of(answer.content))
            if stream
            else whole(wire.name, "generate", answer.json())
        )
        wrong += [f"{model}: {each}" for each in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("model", MODELS)
def test_counts_and_embeddings_are_of_their_types(rows: Ledger, model: str) -> None:
    gateway = rows.gateway
    counting = {
        key: value for key, value in MESSAGES.ask("Count.", model=model).items() if key != "max_tokens"
    }
    answer = gateway.http.post(
        "/v1/messages/count_tokens", json=counting, headers={**MESSAGES.credential(gateway.token)}
    )
    assert not whole("anthropic", "count", answer.json())
    path = GEMINI.for_model(model).replace(":generateContent", ":countTokens")
    answer = gateway.http.post(
        path, json={"contents": [{"parts": [{"text": "Count."}]}]}, headers=GEMINI.credential(gateway.token)
    )
    assert not whole("gemini", "count", answer.json())


@pytest.mark.parametrize("model", ["text-embedding-3-small", "gemini-embedding-001"])
def test_embeddings_are_of_their_types(rows: Ledger, model: str) -> None:
    gateway = rows.gateway
    answer = gateway.http.post(
        "/v1/embeddings",
        json={"model": model, "input": ["one", "two"]},
        headers=CHAT.credential(gateway.token),
    )
    assert not whole("openai", "embed", answer.json())
    path = f"/v1beta/models/{model}:batchEmbedContents"
    each = {"model": f"models/{model}", "content": {"parts": [{"text": "one"}]}}
    answer = gateway.http.post(path, json={"requests": [each]}, headers=GEMINI.credential(gateway.token))
    assert not whole("gemini", "embed", answer.json())


def test_every_format_is_looked_at() -> None:
    assert {wire.name for wire in WIRES} == {CHAT.name, RESPONSES.name, MESSAGES.name, GEMINI.name}
