"""Latency, errors, prices and circuits of providers: on the admin plane and in the metrics."""

from __future__ import annotations

from typing import Any

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT


def post(gateway: RunningGateway, text: str) -> int:
    body = CHAT.ask(text)
    return gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token)).status_code


def test_what_was_called_is_measured_priced_and_shown(gateways: Gateways) -> None:
    gateway = gateways.start()
    assert post(gateway, "Measured. [[sim ttft=0.05 output=40]]") == 200
    assert post(gateway, "Measured once more. [[sim status=503]]") == 503
    gateway.rows(2)
    found: dict[str, Any] = gateway.admin("GET", "providers/vitals")
    (one,) = found["targets"]
    assert (one["provider"], one["model"], one["calls"], one["running"]) == ("openai", CHAT.model, 2, 0)
    assert 0 < one["error_rate"] < 1 and one["first_byte_ms"] >= 50 and one["tokens_per_second"] > 0
    assert (one["past_calls"], one["past_failed"]) == (2, 1)
    assert one["past_first_byte_p50_ms"] >= 50
    assert float(one["input_usd"]) > 0 and one["price_source"]
    assert found["circuits"] == [] and found["prices_dated"]


def test_a_circuit_is_shown_without_its_key(gateways: Gateways) -> None:
    gateway = gateways.start()
    for _ in range(5):
        assert post(gateway, "Shown. [[sim status=500]]") == 500
    (circuit,) = gateway.admin("GET", "providers/vitals")["circuits"]
    assert circuit["provider"] == "openai" and circuit["faults"] == 5 and "500" in circuit["why"]
    metrics = gateway.http.get("/metrics", headers=CHAT.credential(gateway.token)).text
    assert 'llmconsole_circuits_open{provider="openai"} 1.0' in metrics
    assert f'llmconsole_error_rate{{model="{CHAT.model}",provider="openai"}}' in metrics
