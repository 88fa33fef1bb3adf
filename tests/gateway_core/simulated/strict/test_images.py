"""Images of a kind that no provider reads, and data that is no base64."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, Wire

KEY = "provider-key-of-the-tests"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def chat(kind: str, data: str) -> dict[str, Any]:
    part = {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{data}"}}
    return {"messages": [{"role": "user", "content": [part]}]}


def responses(kind: str, data: str) -> dict[str, Any]:
    part = {"type": "input_image", "image_url": f"data:{kind};base64,{data}"}
    return {"input": [{"role": "user", "content": [part]}]}


def messages(kind: str, data: str) -> dict[str, Any]:
    source = {"type": "base64", "media_type": kind, "data": data}
    return {"messages": [{"role": "user", "content": [{"type": "image", "source": source}]}]}


def result(kind: str, data: str) -> dict[str, Any]:
    use = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
    image = messages(kind, data)["messages"][0]["content"]
    answered = {"type": "tool_result", "tool_use_id": "toolu_1", "content": image}
    talk = [("user", "Hi"), ("assistant", [use]), ("user", [answered])]
    return {"messages": [{"role": role, "content": content} for role, content in talk]}


def gemini(kind: str, data: str) -> dict[str, Any]:
    part = {"inlineData": {"mimeType": kind, "data": data}}
    return {"contents": [{"role": "user", "parts": [part]}]}


FORMS = [(CHAT, chat), (RESPONSES, responses), (MESSAGES, messages), (MESSAGES, result), (GEMINI, gemini)]
REFUSED = [
    (CHAT, chat("image/bmp", DOT), "You uploaded an unsupported image."),
    (CHAT, chat("image/png", "no base64!"), "Invalid base64 image_url."),
    (CHAT, chat("image/png", ""), "Invalid base64 image_url."),
    (RESPONSES, responses("image/svg+xml", DOT), "You uploaded an unsupported image."),
    (
        MESSAGES,
        messages("image/jpg", DOT),
        "messages.0.content.0.image.source.base64.media_type: Input should",
    ),
    (MESSAGES, messages("image/png", "%%"), "messages.0.content.0.image.source.base64: invalid base64 data"),
    (
        MESSAGES,
        result("image/bmp", DOT),
        "messages.2.content.0.tool_result.content.0.image.source.base64.media_type: Input should",
    ),
    (GEMINI, gemini("image/png", "no base64!"), "'contents[0].parts[0].inline_data.data' (TYPE_BYTES)"),
]


def post(simulated: SimulatedProvider, wire: Wire, body: dict[str, Any]) -> Any:
    whole = {**wire.ask("Hi"), **body}
    return simulated.http.post(wire.path, json=whole, headers=wire.credential(KEY))


@pytest.mark.parametrize(
    ("wire", "body", "said"), REFUSED, ids=[f"{at}-{case[0].name}" for at, case in enumerate(REFUSED)]
)
def test_refused(simulated: SimulatedProvider, wire: Wire, body: dict[str, Any], said: str) -> None:
    answer = post(simulated, wire, body)
    assert answer.status_code == 400, answer.text
    assert said in wire.error_of(answer.json())[1]


@pytest.mark.parametrize(("wire", "form"), FORMS, ids=[form.__name__ for _, form in FORMS])
def test_taken(simulated: SimulatedProvider, wire: Wire, form: Any) -> None:
    answer = post(simulated, wire, form("image/png", DOT))
    assert answer.status_code == 200, answer.text
