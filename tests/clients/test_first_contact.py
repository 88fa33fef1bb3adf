"""What clients ask before, and beside, their first call."""

from __future__ import annotations

import time

import pytest

from tests.clients.sdks import Place
from tests.support.gateway import RunningGateway

UPGRADE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "openai-beta": "responses_websockets=2026-02-06",
}
"""As Codex asks first; told that there is none, it falls back to POST."""


def test_the_probe_of_claude_code_is_answered(gateway: RunningGateway) -> None:
    response = gateway.http.head("/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ["/v1/responses", "/openai/v1/responses", "/openai/v1/realtime"])
@pytest.mark.parametrize("known", [True, False], ids=["with token", "without"])
def test_a_web_socket_is_declined_at_once(gateway: RunningGateway, path: str, known: bool) -> None:
    token = {"authorization": f"Bearer {gateway.token}"} if known else {}
    began = time.monotonic()
    response = gateway.http.get(path, headers={**UPGRADE, **token})
    assert time.monotonic() - began < 2
    assert response.status_code == 426
    assert response.json()["error"]["code"] == "no_websocket"
    assert gateway.export() == []


def test_three_formats_list_models_on_one_path(gateway: RunningGateway) -> None:
    token = gateway.token
    openai = gateway.http.get("/v1/models", headers={"authorization": f"Bearer {token}"}).json()
    headers = {"x-api-key": token, "anthropic-version": "2026-10-21"}
    anthropic = gateway.http.get("/v1/models", headers=headers).json()
    gemini = gateway.http.get("/v1/models", headers={"x-goog-api-key": token}).json()
    assert openai["object"] == "list" and any(each["id"].startswith("gpt-") for each in openai["data"])
    assert "has_more" in anthropic and all(each["type"] == "model" for each in anthropic["data"])
    assert all(each["name"].startswith("models/") for each in gemini["models"])
    assert any(each["name"].startswith("models/gemini-") for each in gemini["models"])


def test_input_tokens_of_a_response_are_counted_for_nothing(
    gateway: RunningGateway, ours: Place, theirs: Place
) -> None:
    def count(place: Place) -> int:
        counted = place.openai().responses.input_tokens.count(model="gpt-5-mini", input="How many?")
        return counted.input_tokens

    assert count(ours) == count(theirs) > 0
    (row,) = gateway.rows(1)
    assert (row["path"], row["cost_usd"], row["model"]) == (
        "/v1/responses/input_tokens", "0.00", "gpt-5-mini",
    )  # fmt: skip
