"""Embeddings: what both providers refuse, in their words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI

KEY = "provider-key-of-the-tests"
MODEL = "gemini-embedding-001"
CONTENT = {"parts": [{"text": "a tide table"}]}
ONE = {"model": f"models/{MODEL}", "content": CONTENT}


def embed(simulated: SimulatedProvider, **more: Any) -> Any:
    body = {"model": "text-embedding-3-small", "input": "a tide table", **more}
    return simulated.http.post("/v1/embeddings", json=body, headers=CHAT.credential(KEY))


def embed_gemini(simulated: SimulatedProvider, verb: str, body: dict[str, Any]) -> Any:
    path = f"/v1beta/models/{MODEL}:{verb}"
    return simulated.http.post(path, json=body, headers=GEMINI.credential(KEY))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"surprise": 1}, "Unrecognized request argument supplied: surprise"),
        ({"input": ""}, "'$.input' is invalid"),
        ({"input": []}, "'$.input' is invalid."),
        ({"input": ["a", ""]}, "'$.input' is invalid. Please"),
        ({"input": ["a"] * 2049}, "array too long. Expected an array with maximum length 2048"),
        ({"input": [7] * 8193}, "maximum context length is 8192 tokens, however you requested 8193"),
        ({"encoding_format": "hex"}, "'encoding_format' must be one of"),
        ({"dimensions": 0}, "Expected a value >= 1, but got 0 instead"),
        ({"model": "text-embedding-ada-002", "dimensions": 256}, "does not support specifying dimensions"),
    ],
)
def test_what_openai_refuses(simulated: SimulatedProvider, more: dict[str, Any], said: str) -> None:
    answer = embed(simulated, **more)
    assert answer.status_code == 400, answer.text
    assert said in answer.json()["error"]["message"]
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "more", [{"input": ["a"] * 2048}, {"dimensions": 256, "encoding_format": "base64", "user": "ana"}]
)
def test_what_openai_takes(simulated: SimulatedProvider, more: dict[str, Any]) -> None:
    assert embed(simulated, **more).status_code == 200


@pytest.mark.parametrize(
    ("verb", "body", "said"),
    [
        ("embedContent", {"content": CONTENT, "surprise": 1}, 'Unknown name "surprise"'),
        ("embedContent", {"content": {"parts": []}}, "content: contents is not specified"),
        ("embedContent", {"content": {"parts": [{"text": ""}]}}, "contains an empty Part"),
        ("batchEmbedContents", {"requests": [ONE] * 101}, "at most 100 requests can be in one batch"),
        ("batchEmbedContents", {"requests": [{"content": CONTENT}]}, "model does not match"),
        ("batchEmbedContents", {"requests": [ONE, {**ONE, "content": {}}]}, "requests[1]"),
    ],
)
def test_what_gemini_refuses(
    simulated: SimulatedProvider, verb: str, body: dict[str, Any], said: str
) -> None:
    answer = embed_gemini(simulated, verb, body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT"), answer.text
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("embedContent", {**ONE, "taskType": "RETRIEVAL_QUERY", "output_dimensionality": 8}),
        ("batchEmbedContents", {"requests": [ONE] * 100}),
    ],
)
def test_what_gemini_takes(simulated: SimulatedProvider, verb: str, body: dict[str, Any]) -> None:
    assert embed_gemini(simulated, verb, body).status_code == 200
