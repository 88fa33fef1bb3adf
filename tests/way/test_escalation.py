"""Escalation: a cheap model's answer is checked, and where it is distrusted a stronger one is asked; every
attempt is booked, and what the ledger says is what the provider counted."""

from __future__ import annotations

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.support.abrupt import abrupt_provider
from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, WIRES, Wire

CHEAP, STRONG = "openai/gpt-4.1-mini", "anthropic/claude-sonnet-4-5"
ROUTE = """
[[routes]]
name = "cheap first"
when = {}
use = ["gpt-4.1-mini", "claude-sonnet-4-5"]
escalate = 0.5
"""
DISTRUSTED = "List three boats as one JSON object."
"""The simulated models answer in prose whatever they are asked."""


def send(
    gateway: RunningGateway, wire: Wire, prompt: str, *, stream: bool = False, **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = gateway.http.post(
        wire.at(stream),
        json=wire.ask(prompt, stream=stream),
        headers={**wire.credential(gateway.token), **named},
    )
    assert answer.status_code == 200, answer.text
    return answer


def spent(gateway: RunningGateway) -> Decimal:
    (budget,) = [each for each in gateway.admin("GET", "budgets")["budgets"] if each["name"] == "all"]
    assert budget["held_usd"] == "0.00"
    return Decimal(budget["spent_usd"])


ALL = '[[budgets]]\nname = "all"\nmatch = {}\nlimit_usd = "50"\nwindow = "month"\n'


def attempts(gateway: RunningGateway, row: dict[str, Any]) -> list[dict[str, Any]]:
    earlier: list[dict[str, Any]] = gateway.admin("GET", f"calls/{row['id']}")["earlier"]
    return earlier


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_distrusted_answer_is_asked_for_anew(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    gateway = gateways.start(ROUTE + ALL)
    before = simulated.mark()
    answer = send(gateway, wire, DISTRUSTED)
    assert answer.headers["x-llmconsole-model"] == "claude-sonnet-4-5"
    assert [each["model"] for each in simulated.seen(before)] == ["gpt-4.1-mini", "claude-sonnet-4-5"]
    (row,) = gateway.rows(1)
    assert (row["model"], row["attempts"], row["outcome"]) == ("claude-sonnet-4-5", 2, "ok")
    assert re.search(rf"{CHEAP} distrusted 0\.\d\d \(json[^)]*\), asked {STRONG}", row["route_reason"])
    (cheap,) = attempts(gateway, row)
    assert (cheap["model"], cheap["http_status"], cheap["number"]) == ("gpt-4.1-mini", 200, 1)
    assert re.search(r"distrusted 0\.\d\d: json", cheap["error"])
    own = Decimal(row["cost_usd"]) - Decimal(cheap["cost_usd"])
    assert own > Decimal(cheap["cost_usd"]) > 0
    priced = Decimal(3 * row["input_tokens"] + 15 * row["output_tokens"]) / 10**6
    assert own == priced, "the columns are those of the answer that the client got"
    assert spent(gateway) == Decimal(row["cost_usd"]) == Decimal(answer.headers["x-llmconsole-cost-usd"])
    assert not gateway.doctor(ledger_only=True)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_trusted_answer_stands(gateways: Gateways, simulated: SimulatedProvider, wire: Wire) -> None:
    gateway = gateways.start(ROUTE + ALL)
    before = simulated.mark()
    answer = send(gateway, wire, "Tell me of boats.")
    assert answer.headers["x-llmconsole-model"] == "gpt-4.1-mini"
    assert len(simulated.seen(before)) == 1
    (row,) = gateway.rows(1)
    assert (row["attempts"], attempts(gateway, row)) == (1, [])
    assert spent(gateway) == Decimal(row["cost_usd"]) > 0


def test_a_call_of_a_tool_is_no_answer_to_check(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(ROUTE)
    before = simulated.mark()
    tool = {"name": "find", "parameters": {"type": "object", "properties": {}}}
    body = {**CHAT.ask(f"{DISTRUSTED} use the tool"), "tools": [{"type": "function", "function": tool}]}
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert answer.json()["choices"][0]["message"]["tool_calls"]
    assert len(simulated.seen(before)) == 1


REFUSING = ROUTE + '[[budgets]]\nname = "strong"\nmatch = { model = "claude*" }\nlimit_usd = "0.0001"\n'


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_the_cheap_answer_stands_where_the_strong_one_is_refused(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    gateway = gateways.start(REFUSING + ALL)
    before = simulated.mark()
    answer = send(gateway, wire, DISTRUSTED, x_llmconsole_cache="on")
    assert answer.headers["x-llmconsole-model"] == "gpt-4.1-mini"
    assert [each["model"] for each in simulated.seen(before)] == ["gpt-4.1-mini"]
    (row,) = gateway.rows(1)
    assert (row["model"], row["attempts"], row["outcome"]) == ("gpt-4.1-mini", 1, "ok")
    assert attempts(gateway, row) == []
    assert row["output_tokens"] > 0
    assert f"{STRONG}: budget_spent, so the first answer stands" in row["route_reason"]
    assert spent(gateway) == Decimal(row["cost_usd"]) == Decimal(answer.headers["x-llmconsole-cost-usd"])
    again = send(gateway, wire, DISTRUSTED, x_llmconsole_cache="on")
    assert again.headers["x-llmconsole-cache"] == "miss", "what is distrusted is not kept"
    assert not gateway.doctor(ledger_only=True)


def failing(url: str) -> str:
    return f"""
[providers.gone]
format = "openai"
base_url = "{url}"
api_key = "none"
models = ["strong"]

[prices."gone/strong"]
input = "5"
output = "20"

[[routes]]
name = "cheap first"
when = {{}}
use = ["gpt-4.1-mini", "gone/strong"]
escalate = 0.5
"""


def test_the_cheap_answer_stands_where_the_strong_one_cannot_be_reached(gateways: Gateways) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        gateway = gateways.start(failing(url) + ALL)
        answer = send(gateway, CHAT, DISTRUSTED)
    assert answer.headers["x-llmconsole-model"] == "gpt-4.1-mini"
    (row,) = gateway.rows(1)
    assert (row["model"], row["outcome"], row["error"]) == ("gpt-4.1-mini", "ok", None)
    assert "gone/strong: provider_unreachable, so the first answer stands" in row["route_reason"]
    cheap, strong = attempts(gateway, row)
    assert (cheap["model"], strong["model"], strong["cost_usd"]) == ("gpt-4.1-mini", "strong", "0.00")
    assert spent(gateway) == Decimal(row["cost_usd"]) == Decimal(cheap["cost_usd"]) > 0
    assert not gateway.doctor(ledger_only=True)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_stream_is_never_begun_before_it_is_trusted(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    """Without the route's word a stream is relayed at once and as it is; with it, only the last one is."""
    relaying = gateways.start(ROUTE)
    assert send(relaying, wire, DISTRUSTED, stream=True).headers["x-llmconsole-model"] == "gpt-4.1-mini"
    (row,) = relaying.rows(1)
    assert row["attempts"] == 1
    gateway = gateways.start(ROUTE + "escalate_streams = true\n" + ALL)
    before = simulated.mark()
    answer = send(gateway, wire, DISTRUSTED, stream=True)
    assert answer.headers["x-llmconsole-model"] == "claude-sonnet-4-5"
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [each["model"] for each in simulated.seen(before)] == ["gpt-4.1-mini", "claude-sonnet-4-5"]
    (row,) = gateway.rows(1)
    (cheap,) = attempts(gateway, row)
    own = Decimal(row["cost_usd"]) - Decimal(cheap["cost_usd"])
    assert own == Decimal(3 * row["input_tokens"] + 15 * row["output_tokens"]) / 10**6
    assert spent(gateway) == Decimal(row["cost_usd"])


def test_the_cache_keeps_the_final_answer_only(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(ROUTE)
    first = send(gateway, CHAT, DISTRUSTED, x_llmconsole_cache="on")
    gateway.rows(1)
    before = simulated.mark()
    second = send(gateway, CHAT, DISTRUSTED, x_llmconsole_cache="on")
    assert second.headers["x-llmconsole-cache"] == "hit"
    assert second.content == first.content
    assert not simulated.seen(before)


def test_a_conversation_that_went_up_stays_there(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(ROUTE)
    send(gateway, CHAT, DISTRUSTED, session_id="up")
    before = simulated.mark()
    again = send(gateway, CHAT, DISTRUSTED, session_id="up")
    assert again.headers["x-llmconsole-model"] == "claude-sonnet-4-5"
    assert [each["model"] for each in simulated.seen(before)] == ["claude-sonnet-4-5"]


def test_the_callers_own_limit_counts_both(gateways: Gateways) -> None:
    """Enough for the cheap answer, and not for the strong one on top of it."""
    gateway = gateways.start(ROUTE)
    answer = send(gateway, MESSAGES, DISTRUSTED, x_llmconsole_max_cost="0.002")
    assert answer.headers["x-llmconsole-model"] == "gpt-4.1-mini"
    (row,) = gateway.rows(1)
    assert "so the first answer stands" in row["route_reason"]


def test_going_up_for_nothing_is_no_saving(gateways: Gateways) -> None:
    gateway = gateways.start(ROUTE)
    body = {**MESSAGES.ask(DISTRUSTED, model="claude-sonnet-4-5")}
    gateway.http.post(MESSAGES.path, json=body, headers=MESSAGES.credential(gateway.token))
    (row,) = gateway.rows(1)
    (cheap,) = attempts(gateway, row)
    assert Decimal(row["saved_usd"]) == -Decimal(cheap["cost_usd"])


HALF = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"id": '


@pytest.mark.parametrize("answer", [b"", HALF], ids=["silent", "half"])
def test_a_strong_model_that_may_bill_stays_booked(gateways: Gateways, answer: bytes) -> None:
    """It took the call: what that may cost is an attempt of its own beside the answer that stands."""
    with abrupt_provider(answer) as url:
        gateway = gateways.start(failing(url) + ALL)
        given = send(gateway, CHAT, DISTRUSTED)
    assert given.headers["x-llmconsole-model"] == "gpt-4.1-mini"
    assert given.json()["choices"][0]["message"]["content"]
    (row,) = gateway.rows(1)
    cheap, strong = attempts(gateway, row)
    assert (cheap["model"], strong["model"]) == ("gpt-4.1-mini", "strong")
    assert Decimal(strong["cost_usd"]) > 0
    assert (row["model"], row["outcome"], row["certainty"]) == ("gpt-4.1-mini", "ok", "estimated")
    assert Decimal(row["cost_usd"]) == Decimal(cheap["cost_usd"]) + Decimal(strong["cost_usd"])
    assert spent(gateway) == Decimal(row["cost_usd"])
    assert not gateway.doctor(ledger_only=True)


def test_a_death_between_both_books_what_was_used_and_what_was_held(gateways: Gateways) -> None:
    with abrupt_provider(seconds=60) as url:
        gateway = gateways.start(failing(url) + ALL)
        with ThreadPoolExecutor(1) as beside:
            asking = beside.submit(send, gateway, CHAT, DISTRUSTED)
            wait_for(lambda: in_flight(gateway, "strong"), what="the strong model to be asked")
            held = Decimal(gateway.admin("GET", "calls")["in_flight"][0]["held_usd"])
            gateway.kill()
            with pytest.raises(httpx.HTTPError):
                asking.result()
        after = gateways.again(gateway.data, gateway.config)
        (row,) = after.rows(1)
    assert (row["outcome"], row["model"]) == ("recovered", "strong")
    (cheap,) = attempts(after, row)
    assert (cheap["model"], cheap["http_status"]) == ("gpt-4.1-mini", 200)
    assert Decimal(row["cost_usd"]) == Decimal(cheap["cost_usd"]) + held
    assert spent(after) == Decimal(row["cost_usd"])
    assert not after.doctor(ledger_only=True)


def test_a_client_that_leaves_meanwhile_pays_for_what_was_sent(gateways: Gateways) -> None:
    with abrupt_provider(seconds=60) as url:
        gateway = gateways.start(failing(url) + ALL)
        with pytest.raises(httpx.ReadTimeout):
            gateway.http.post(
                CHAT.path, json=CHAT.ask(DISTRUSTED), headers=CHAT.credential(gateway.token), timeout=3
            )
        (row,) = gateway.rows(1)
    assert (row["outcome"], row["model"]) == ("cancelled", "strong")
    (cheap,) = attempts(gateway, row)
    assert Decimal(row["cost_usd"]) > Decimal(cheap["cost_usd"]) > 0
    assert spent(gateway) == Decimal(row["cost_usd"])
    assert not gateway.doctor(ledger_only=True)


def in_flight(gateway: RunningGateway, model: str) -> bool:
    return any(each["model"] == model for each in gateway.admin("GET", "calls")["in_flight"])
