"""The same tokens on other models: priced by the book, the cheapest first, and nothing is called for it."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[prices."openai/gpt-5"]
input = "0"
output = "300"

[[routes]]
name = "small"
when = { model = "gpt-5" }
use = ["gpt-5-mini"]
"""


def told(gateway: RunningGateway, *words: str) -> list[str]:
    """What the shell's command prints."""
    command = [sys.executable, "-m", "console", "prices", "what-if", *words, "--data", str(gateway.data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_every_model_prices_the_same_tokens(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    body = {**CHAT.ask("[[sim output=1000]]", cap=10_000), "model": "gpt-5"}
    assert gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token)).status_code == 200
    (row,) = gateway.rows(1)
    found = gateway.admin("GET", f"calls/{row['id']}/what-if")
    models = {each["target"]: each for each in found["models"]}
    served, asked = models["openai/gpt-5-mini"], models["openai/gpt-5"]
    assert (served["usd"], served["served"], served["asked"]) == ("0.10", True, False)
    assert (asked["usd"], asked["served"], asked["asked"]) == ("0.30", False, True)
    assert served["has_key"]
    assert sum(each["served"] for each in found["models"]) == 1 == sum(e["asked"] for e in found["models"])
    assert found["total_tokens"] == 1000 + row["input_tokens"]
    assert Decimal(found["cost_usd"]) == Decimal("0.1")
    prices = [Decimal(each["usd"]) for each in found["models"] if each["usd"] is not None]
    assert len(prices) > 50, "the models of the price table are among them"
    assert prices == sorted(prices)
    assert all(each["usd"] is None for each in found["models"][len(prices) :]), "without a price: last"
    assert len(gateway.rows(1)) == 1, "nothing was called"
    fewer, every = told(gateway, row["id"]), told(gateway, row["id"], "--all")
    assert [line.split() for line in fewer if "gpt-5-mini" in line] == [
        ["openai/gpt-5-mini", "served", "$0.10"]
    ]
    assert ["openai/gpt-5", "asked", "for", "$0.30"] in [line.split() for line in fewer]
    assert len(every) == len(found["models"]) + 2 > len(fewer)


def test_a_call_that_used_nothing_names_only_its_own_model(gateways: Gateways) -> None:
    tiny = '[[budgets]]\nname = "tiny"\nlimit_usd = "0.01"\nwindow = "day"\nat_limit = "block"\n'
    gateway = gateways.start(POLICY + tiny)
    body = CHAT.ask("[[sim output=1000]]", cap=10_000)
    assert gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token)).status_code == 402
    (row,) = gateway.rows(1)
    found = gateway.admin("GET", f"calls/{row['id']}/what-if")
    assert [each["target"] for each in found["models"]] == ["openai/gpt-5-mini"]
    assert found["total_tokens"] == 0


def test_an_unknown_call_is_told(gateways: Gateways) -> None:
    answer = gateways.start(POLICY).admin_response("GET", "calls/none/what-if")
    assert answer.status_code == 404
    assert "no ended call 'none'" in answer.text
