"""Thinking comes back as it was said: a signature is for one text, and made by the provider."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.simulated import SimulatedProvider
from tests.support.wires import GEMINI, MESSAGES, RESPONSES

KEY = "provider-key-of-the-tests"
THINKING = {"type": "enabled", "budget_tokens": 1024}
HI = {"role": "user", "content": "Hi"}
MORE = {"role": "user", "content": "And then?"}


def said(simulated: SimulatedProvider, *messages: Any) -> Any:
    body = {"model": "claude-sonnet-4-5", "max_tokens": 4000, "thinking": THINKING, "messages": messages}
    return simulated.http.post(MESSAGES.path, json=body, headers=MESSAGES.credential(KEY))


def thought(simulated: SimulatedProvider) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = said(simulated, HI).json()["content"]
    assert content[0]["type"] == "thinking" and content[0]["thinking"]
    return content


def test_thinking_comes_back_unchanged(simulated: SimulatedProvider) -> None:
    assistant = {"role": "assistant", "content": thought(simulated)}
    assert said(simulated, HI, assistant, MORE).status_code == 200


def test_changed_thinking_is_refused_in_the_latest_answer_only(simulated: SimulatedProvider) -> None:
    block, *rest = thought(simulated)
    changed = {"role": "assistant", "content": [{**block, "thinking": "Something else."}, *rest]}
    answer = said(simulated, HI, changed, MORE)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("messages.1.content.0: `thinking` or `redacted")
    assert said(simulated, HI, changed, MORE, {"role": "assistant", "content": "So."}, HI).status_code == 200


@pytest.mark.parametrize(("altered", "status"), [(False, 200), (True, 400)])
def test_encrypted_reasoning(simulated: SimulatedProvider, altered: bool, status: int) -> None:
    def send(items: list[Any]) -> Any:
        body = {"model": "gpt-5-mini", "input": items, "include": ["reasoning.encrypted_content"]}
        return simulated.http.post(RESPONSES.path, json=body, headers=RESPONSES.credential(KEY))

    reasoning, *rest = send([HI]).json()["output"]
    assert reasoning["type"] == "reasoning"
    if altered:
        reasoning["encrypted_content"] = "gAAA" + reasoning["encrypted_content"][::-1]
    answer = send([HI, reasoning, *rest, MORE])
    assert answer.status_code == status, answer.text
    if altered:
        assert answer.json()["error"]["code"] == "invalid_encrypted_content"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"contents": [{"role": "function", "parts": [{"text": "Hi"}]}]}, "Role 'function' is not supported"),
        (
            {"contents": [{"role": "model", "parts": [{"functionCall": {"name": "tides", "args": {}}}]}]},
            "function call turn comes immediately after a user turn",
        ),
        (
            {"tools": [{"functionDeclarations": [{"name": "tides"}]}] * 2},
            "Duplicate function declaration found: tides",
        ),
    ],
)
def test_geminis_turns_and_names(simulated: SimulatedProvider, more: dict[str, Any], words: str) -> None:
    body = {**GEMINI.ask("Hi"), **more}
    answer = simulated.http.post(GEMINI.path, json=body, headers=GEMINI.credential(KEY))
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["error"]["message"]
