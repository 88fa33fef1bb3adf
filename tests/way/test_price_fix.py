"""A price that was wrong or missing is set right: past calls count anew, who was blocked is free again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import total_cost
from tests.support.wires import CHAT

BUDGET = """
[[budgets]]
name = "ann's dollar"
match = { user = "ann" }
limit_usd = "1.00"
window = "month"
at_limit = "block"
[[budgets]]
name = "rolling"
match = {}
limit_usd = "500.00"
window = "rolling:6h"
at_limit = "alert"
"""


def priced(input: str | None, output: str = "0") -> str:
    """A policy with a price of the model in dollars per million tokens."""
    name = f"{CHAT.provider}/{CHAT.model}"
    price = f'[prices."{name}"]\ninput = "{input}"\noutput = "{output}"\n' if input else ""
    return price + BUDGET


def ask(gateway: RunningGateway, user: str = "ann") -> int:
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": f"user={user}"}
    body = CHAT.ask("Hello there. [[sim output=100]]", cap=100)
    return gateway.http.post(CHAT.path, headers=headers, json=body).status_code


def fix(gateway: RunningGateway, **body: Any) -> Any:
    return gateway.admin("POST", "prices/fix", json=body)


def spent(gateway: RunningGateway) -> dict[str, Decimal]:
    budgets = gateway.admin("GET", "budgets")["budgets"]
    return {budget["name"]: Decimal(budget["spent_usd"]) for budget in budgets}


def test_who_was_blocked_by_a_mistyped_price_is_free_again(gateways: Gateways) -> None:
    gateway = gateways.start(priced("0", "10000"))
    assert [ask(gateway) for _ in range(2)] == [200, 402], "100 tokens at a cent each are a dollar"
    gateway.admin("PUT", "policy", json={"toml": priced("0", "10")})
    assert ask(gateway) == 402, "what was booked stays booked until somebody corrects it"
    tried = fix(gateway)
    assert (tried["applied"], tried["total"]["calls"]) == (False, 1)
    assert (tried["total"]["before_usd"], tried["total"]["after_usd"]) == ("1.00", "0.001")
    assert spent(gateway)["ann's dollar"] == Decimal("1.00"), "nothing is changed by looking"
    done = fix(gateway, model=f"{CHAT.provider}/{CHAT.model}", since="today", apply=True)
    assert (done["applied"], done["rows"]) == (True, tried["rows"])
    assert spent(gateway) == {"ann's dollar": Decimal("0.001"), "rolling": Decimal("0.001")}
    assert ask(gateway) == 200
    assert not gateway.doctor()
    rows = gateway.rows(4)
    assert total_cost(rows) == Decimal("0.002") == spent(gateway)["ann's dollar"]
    call = gateway.admin("GET", f"calls/{rows[0]['id']}")
    assert [(word["who"], word["before_usd"], word["cost_usd"]) for word in call["corrections"]] == [
        ("prices fix", "1.00", "0.001")
    ]
    assert fix(gateway)["total"]["calls"] == 0, "once is enough"


def test_calls_without_a_price_get_one(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = {**CHAT.ask("Hello there. [[sim output=100]]"), "model": "openai/gpt-unheard-of"}
    headers = CHAT.credential(gateway.token)
    assert gateway.http.post(CHAT.path, headers=headers, json=body).status_code == 200
    (row,) = gateway.rows(1)
    assert (row["cost_usd"], row["certainty"]) == ("0.00", "unpriced")
    assert fix(gateway)["unpriced"] == 1
    gateway.admin(
        "PUT", "policy", json={"toml": '[prices."openai/gpt-unheard-of"]\ninput = "0"\noutput = "10"\n'}
    )
    found = fix(gateway, apply=True)
    assert (found["total"]["unpriced"], found["total"]["after_usd"]) == (1, "0.001")
    (row,) = gateway.rows(1)
    assert (row["cost_usd"], row["certainty"], row["price_id"]) == (
        "0.001",
        "computed",
        "user:openai/gpt-unheard-of",
    )
    report = gateway.admin("GET", "report?since=today")
    assert (report["total"]["unpriced"], report["total"]["cost_usd"]) == (0, "0.001")
    assert not gateway.doctor()


@pytest.mark.parametrize("since", ["2020-13-01", "yesterweek"])
def test_a_time_that_is_none_is_told_so(gateways: Gateways, since: str) -> None:
    gateway = gateways.start()
    answer = gateway.admin_response("POST", "prices/fix", json={"since": since})
    assert answer.status_code == 400


def test_what_models_cost(gateways: Gateways) -> None:
    gateway = gateways.start(priced("0.10", "0.40"))
    assert ask(gateway) == 200
    name = f"{CHAT.provider}/{CHAT.model}"
    listed = {each["model"]: each for each in gateway.admin("GET", "prices")["prices"]}
    assert listed[name]["price"] == {"input": "0.10", "output": "0.40"}
    assert gateway.admin("GET", f"prices/{name}") == listed[name]
    assert gateway.admin("GET", "prices/mylab/unheard")["price_id"] is None
    assert gateway.admin_response("GET", "prices/gpt").status_code == 400
