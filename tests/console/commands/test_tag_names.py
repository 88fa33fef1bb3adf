"""Tags renamed and merged: everything counts by the new name, and every row stays as it was written."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

BUDGET = """
[[budgets]]
name = "shop"
match = { project = "shop" }
limit_usd = "5"
window = "month"

[[routes]]
name = "old shop"
when = { project = "webshop" }
use = ["gpt-5-nano"]
"""


def call(gateway: RunningGateway, project: str) -> None:
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": f"project={project},team=a"}
    assert gateway.http.post(CHAT.path, headers=headers, json=CHAT.ask("Hello")).is_success


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    gateway = gateways.start(BUDGET)
    for project in ("webshop", "web-shop", "web-shop", "shop", "docs"):
        call(gateway, project)
    gateway.rows(5)
    return gateway


@pytest.fixture
def asking(llmconsole: CommandLine, gateway: RunningGateway) -> CommandLine:
    llmconsole.data = gateway.data
    return llmconsole


def by_project(asking: CommandLine) -> dict[str, int]:
    report = json.loads(asking.done("report", "--by", "tag:project", "--format", "json"))
    return {row["keys"]["tag:project"]: row["calls"] for row in report["rows"]}


def spent(gateway: RunningGateway) -> Decimal:
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    return Decimal(budget["spent_usd"])


def test_tags_in_use_by_spend(asking: CommandLine) -> None:
    found = json.loads(asking.done("tags", "--key", "project", "--json"))["tags"]
    assert {(one["value"], one["calls"]) for one in found} == {
        ("webshop", 1), ("web-shop", 2), ("shop", 1), ("docs", 1),
    }  # fmt: skip
    costs = [Decimal(one["cost_usd"]) for one in found]
    assert costs == sorted(costs, reverse=True)
    assert {"team=a", "mode=vibing"} <= {line.split()[0] for line in asking.done("tags").splitlines()[1:3]}
    assert json.loads(asking.done("tags", "--since", "2020-01-01", "--json"))["tags"]


def test_untagged_calls_are_listed_too(asking: CommandLine, gateway: RunningGateway) -> None:
    assert "(untagged)" not in asking.done("tags")
    answer = gateway.http.post(CHAT.path, headers=CHAT.credential(gateway.token), json=CHAT.ask("Hello"))
    assert answer.is_success
    gateway.rows(6)
    for words in (("tags",), ("tags", "--key", "project")):
        (line,) = [each for each in asking.done(*words).splitlines() if "(untagged)" in each]
        assert line.split()[:2] == ["project=(untagged)", "1"]
    (line,) = [each for each in asking.done("tags", "--key", "team").splitlines() if "(untagged)" in each]
    assert line.split()[1] == "1"
    assert by_project(asking)["(untagged)"] == 1
    (found,) = gateway.admin("GET", "tags", params={"limit": 1, "key": "project"})["tags"][1:]
    assert found["value"] == "(untagged)", "whatever the limit"


def test_merging_counts_as_one_everywhere(asking: CommandLine, gateway: RunningGateway) -> None:
    before, rows = spent(gateway), gateway.export()
    words = ("tags", "merge", "project", "webshop", "web-shop", "--into", "shop")
    dry = asking.done(*words)
    assert "would be called shop: 3 calls" in dry and "route old shop would follow" in dry
    assert by_project(asking) == {"webshop": 1, "web-shop": 2, "shop": 1, "docs": 1}
    asking.done(*words, "--yes")
    assert by_project(asking) == {"shop": 4, "docs": 1}
    total = sum(Decimal(row["cost_usd"]) for row in rows if row["tags"]["project"] != "docs")
    assert before < spent(gateway) == total
    assert 'project = "shop"' in gateway.admin("GET", "policy")["toml"].split("[[routes]]")[1]
    call(gateway, "web-shop")
    assert by_project(asking) == {"shop": 5, "docs": 1}
    assert {row["tags"]["project"] for row in gateway.rows(6)} == {"shop", "docs"}
    assert not gateway.doctor()


def test_a_renaming_is_taken_back(asking: CommandLine, gateway: RunningGateway, gateways: Gateways) -> None:
    asking.done("tags", "rename", "project", "web-shop", "webshop", "--yes")
    asking.done("tags", "rename", "project", "webshop", "store", "--yes")
    assert by_project(asking) == {"store": 3, "shop": 1, "docs": 1}
    assert asking.done("tags", "names").splitlines() == [
        "project=web-shop is called store",
        "project=webshop is called store",
    ]
    gateway.stop()
    again = gateways.again(gateway.data, gateway.config)
    assert by_project(asking) == {"store": 3, "shop": 1, "docs": 1}
    for project in ("web-shop", "web-shop", "store"):
        call(again, project)
    assert by_project(asking) == {"store": 6, "shop": 1, "docs": 1}
    assert {row["tags"]["project"] for row in again.rows(8)[-3:]} == {"store"}
    asking.done("tags", "restore", "project", "web-shop")
    assert by_project(asking) == {"store": 2, "web-shop": 4, "shop": 1, "docs": 1}, "whenever they came"
    call(again, "web-shop")
    assert by_project(asking)["web-shop"] == 5
    assert not again.doctor()


def test_a_token_pins_the_new_name(gateway: RunningGateway, asking: CommandLine) -> None:
    made = json.loads(asking.done("tokens", "create", "ci", "--tag", "project=webshop", "--json"))
    asking.done("tags", "rename", "project", "webshop", "store", "--yes")
    headers = {**CHAT.credential(made["token"]), "x-llmconsole-tags": "project=evil"}
    gateway.http.post("/@project=evil/v1/chat/completions", headers=headers, json=CHAT.ask("Hello"))
    assert gateway.rows(6)[-1]["tags"]["project"] == "store"


def test_mistakes_are_named(asking: CommandLine) -> None:
    assert asking("tags", "rename", "project", "shop", "shop").returncode == 2
    assert asking("tags", "rename", "project", "shop", "a" * 300).returncode == 2
    gone = asking("tags", "restore", "project", "nothing")
    assert gone.returncode == 1 and "was not renamed" in gone.stderr
