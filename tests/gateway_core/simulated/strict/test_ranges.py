"""Numbers out of their range are refused in the words of each provider; its ends are taken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, RESPONSES, Wire

KEY = "provider-key-of-the-tests"
BEYOND: list[tuple[Wire, dict[str, Any], str]] = [
    (CHAT, {"temperature": 2.5}, "decimal_above_max_value"),
    (CHAT, {"top_p": -0.1}, "decimal_below_min_value"),
    (CHAT, {"presence_penalty": 3}, "integer_above_max_value"),
    (CHAT, {"frequency_penalty": -2.5}, "decimal_below_min_value"),
    (CHAT, {"n": 0}, "integer_below_min_value"),
    (CHAT, {"n": 129}, "integer_above_max_value"),
    (CHAT, {"logprobs": True, "top_logprobs": 21}, "integer_above_max_value"),
    (CHAT, {"max_completion_tokens": 0}, "integer_below_min_value"),
    (RESPONSES, {"temperature": 2.5}, "decimal_above_max_value"),
    (RESPONSES, {"top_logprobs": 21}, "integer_above_max_value"),
    (RESPONSES, {"max_output_tokens": 15}, "integer_below_min_value"),
]
WITHIN: list[tuple[Wire, dict[str, Any]]] = [
    (CHAT, {"temperature": 2, "top_p": 1.0, "presence_penalty": -2, "frequency_penalty": 2}),
    (CHAT, {"n": 2, "logprobs": True, "top_logprobs": 20, "max_completion_tokens": 1}),
    (RESPONSES, {"temperature": 0, "top_p": 0.5, "top_logprobs": 20, "max_output_tokens": 16}),
]


def post(simulated: SimulatedProvider, wire: Wire, more: dict[str, Any], model: str) -> Any:
    body = {**wire.ask("Hi", model=model), **more}
    return simulated.http.post(wire.path, json=body, headers=wire.credential(KEY))


@pytest.mark.parametrize(
    ("wire", "more", "code"), BEYOND, ids=[f"{at}-{case[0].name}" for at, case in enumerate(BEYOND)]
)
def test_beyond(simulated: SimulatedProvider, wire: Wire, more: dict[str, Any], code: str) -> None:
    answer = post(simulated, wire, more, "gpt-4.1")
    assert answer.status_code == 400, answer.text
    assert (answer.json()["error"]["code"], answer.json()["error"]["param"]) == (code, [*more][-1])


@pytest.mark.parametrize(("wire", "more"), WITHIN)
def test_within(simulated: SimulatedProvider, wire: Wire, more: dict[str, Any]) -> None:
    answer = post(simulated, wire, more, "gpt-4.1")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("value", "status"), [(-0.1, 400), (0, 200), (1, 200), (1.1, 400)])
def test_anthropics_temperature(simulated: SimulatedProvider, value: float, status: int) -> None:
    answer = post(simulated, MESSAGES, {"temperature": value}, "claude-haiku-4-5")
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == {
            "type": "invalid_request_error", "message": "temperature: range: 0..1",
        }  # fmt: skip
