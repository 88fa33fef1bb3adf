"""Dollars that a provider states itself: read as they were written, or not believed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats import DIALECTS
from gateway_core.formats.stated_cost import stated_cost
from gateway_core.model.call import Ask, DialectName, Operation

CREDITS = {"cost": 0.00014, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.00014}}
OWN_KEY = {"cost": 0.95, "is_byok": True, "cost_details": {"upstream_inference_cost": 19}}
TICKS = {"cost_in_usd_ticks": 37_756_000}


@pytest.mark.parametrize(
    ("stated", "nano"),
    [
        (CREDITS, 140_000),
        (OWN_KEY, 19_950_000_000),
        (TICKS, 3_775_600),
        ({"cost_in_usd_ticks": 11}, 2),
        ({"cost": 1e-10}, 1),
        ({"cost": 0}, 0),
        ({"cost_in_usd_ticks": 0}, 0),
        ({"cost": None}, None),
        ({"cost": {"total_cost": 1}}, None),
        ({"prompt_tokens": 3}, None),
        (None, None),
    ],
)
def test_a_cost_is_read_to_the_nano_dollar_and_rounded_up(stated: Any, nano: int | None) -> None:
    assert stated_cost(stated) == (nano, None)


@pytest.mark.parametrize("cost", [-0.01, True, "0.1", [1], 1e9, float("nan"), float("inf")])
@pytest.mark.parametrize("key", ["cost", "cost_in_usd_ticks"])
def test_what_is_no_sum_of_money_is_not_believed(key: str, cost: Any) -> None:
    nano, why = stated_cost({key: cost if cost != 1e9 else 10**18})
    assert nano is None and why


CHAT_USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
RESPONSE_USAGE = {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13}


@pytest.mark.parametrize("more", [CREDITS, TICKS])
def test_whole_answers_and_streams_carry_it(more: dict[str, Any]) -> None:
    nano, _ = stated_cost(more)
    chat = {"id": "c", "choices": [], "usage": {**CHAT_USAGE, **more}}
    response = {"id": "r", "status": "completed", "usage": {**RESPONSE_USAGE, **more}}
    ended = {"type": "response.completed", "response": response}
    for dialect, whole, event in (
        (DialectName.OPENAI_CHAT, chat, chat),
        (DialectName.OPENAI_RESPONSES, response, ended),
    ):
        read = DIALECTS[dialect].read_answer(Operation.GENERATE, json.dumps(whole).encode())
        meter = DIALECTS[dialect].meter(Ask(dialect, Operation.GENERATE, "m"), hide_usage=False)
        meter.feed(f"data: {json.dumps(event)}\n\n".encode())
        assert read.cost_nano == meter.reading.cost_nano == nano
        assert read.usage is not None and read.usage.total == 13
