"""Bedrock's newer address: Anthropic's own paths, signed, and other regions beside the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.clouds import BEARER, PAIR, bedrock
from tests.support.gateway import Gateways
from tests.support.simulated import SimulatedProvider
from tests.support.wires import MESSAGES


@pytest.mark.parametrize("key", [PAIR, BEARER])
def test_messages_and_counts(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path, key: str
) -> None:
    section = bedrock(simulated, tmp_path, key).replace("bedrock]", "bedrock-mantle]")
    gateway = gateways.start(section.replace(simulated.url, f"{simulated.url}/anthropic"), base_urls={})
    headers = MESSAGES.credential(gateway.token)
    model = "bedrock-mantle/claude-sonnet-4-5"
    for stream in (False, True):
        body = MESSAGES.ask("Hello, mantle.", model=model, stream=stream)
        answer = gateway.http.post(MESSAGES.path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
    body = MESSAGES.ask("How many?", model=model)
    counted = gateway.http.post("/v1/messages/count_tokens", json=body, headers=headers)
    assert counted.json()["input_tokens"] > 0
    assert gateway.admin("POST", "keys/bedrock-mantle/test", json={})["ok"]
    assert {row["outcome"] for row in gateway.rows(3)} == {"ok"}


def test_a_further_region(gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path) -> None:
    other = bedrock(simulated, tmp_path).replace("bedrock]", 'bedrock-us]\nkind = "bedrock"')
    gateway = gateways.start(
        bedrock(simulated, tmp_path) + other.replace("eu-central-1", "us-east-1"), base_urls={}
    )
    model = "bedrock-us/us.anthropic.claude-haiku-4-5-20251001-v1:0"
    body = MESSAGES.ask("Hello over there.", model=model)
    answer = gateway.http.post(MESSAGES.path, json=body, headers=MESSAGES.credential(gateway.token))
    assert answer.status_code == 200, answer.text
    (row,) = gateway.rows(1)
    assert row["provider"] == "bedrock-us" and row["certainty"] == "computed"
