"""Routes and trials from the shell: edited, explained, tried on past calls and on a prompt."""

from __future__ import annotations

import json

import pytest

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways, RunningGateway
from tests.way.test_judgement import chat

SMALL = ("routes", "set", "small talk", "--when", "mode=vibing", "--use", "gpt-5-nano,gpt-5-mini")


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


@pytest.fixture
def asking(llmconsole: CommandLine, gateway: RunningGateway) -> CommandLine:
    llmconsole.data = gateway.data
    return llmconsole


def names(offline: CommandLine) -> list[str]:
    return [each["name"] for each in json.loads(offline.done("routes", "list", "--json"))["routes"]]


def test_routes_are_set_and_moved(offline: CommandLine) -> None:
    assert "no routes" in offline.done("routes", "list")
    told = offline.done(*SMALL, "--pick", "weighted", "--weights", "3,1")
    assert "gpt-5-nano 3, gpt-5-mini 1 (weighted)" in told
    offline.done("routes", "set", "rest", "--every-call", "--use", "gpt-5.1", "--before", "small talk")
    assert names(offline) == ["rest", "small talk"]
    offline.done("routes", "move", "rest", "--to", "2")
    assert names(offline) == ["small talk", "rest"]


def test_routes_are_switched_and_removed(asking: CommandLine) -> None:
    asking.done(*SMALL)
    asking.done("routes", "set", "small talk", "--shadow")
    shown = json.loads(asking.done("routes", "show", "small talk", "--json"))
    assert (shown["shadow"], shown["use"]) == (True, ["gpt-5-nano", "gpt-5-mini"])
    assert "small talk (off)" in asking.done("routes", "disable", "small talk")
    assert "○" in asking.done("routes", "list")
    asking.done("routes", "enable", "small talk")
    asking.done("routes", "rm", "small talk")
    gone = asking("routes", "show", "nobody")
    assert (gone.returncode, gone.stderr) == (1, "llmconsole: no route is named 'nobody'; there are none\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("routes", "set", "x"), "nothing is said of route 'x'"),
        (("routes", "set", "x", "--use", "a", "--weights", "many"), "--weights 'many' are no whole numbers"),
        (("routes", "set", "x", "--use", "a", "--when", "context=big"), "context = 'big' is no bound"),
        (("routes", "move", "x"), "say where to"),
        (("routes", "test", "--shadow"), "name the route that these options make: --set NAME"),
        (("routes", "test", "--hard", "nan"), "'nan' is no number from 0 to 1"),
        (("routes", "test", "--tag", "a=b"), "--tag and --model belong to --prompt"),
        (("budgets", "test", "nobody"), "no budget is named 'nobody'; say its limit"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(
    offline: CommandLine, words: tuple[str, ...], told: str
) -> None:
    ran = offline(*words)
    assert ran.returncode == 2
    assert told in ran.stderr and ran.stderr.count("\n") == 1


def test_a_call_is_explained(asking: CommandLine, gateway: RunningGateway) -> None:
    asking.done("routes", "set", "long ones", "--when", "context=>50k", "--use", "gpt-5.5")
    asking.done(*SMALL)
    chat(gateway, "Hello there.", x_llmconsole_tags="mode=vibing")
    (row,) = gateway.rows(1)
    told = asking.done("routes", "explain", row["id"])
    assert "#1 no     long ones: context is " in told
    assert "#2 MATCH  small talk: when mode=vibing → openai/gpt-5-nano" in told
    assert "1. openai/gpt-5-nano  $" in told and "served" in told
    assert "saved $" in told
    as_json = json.loads(asking.done("routes", "explain", row["id"], "--json"))
    assert as_json["rules"][1]["state"] == "matched"
    assert asking("routes", "explain", "nobody").returncode != 0


def test_a_change_is_tried_before_it_is_made(asking: CommandLine, gateway: RunningGateway) -> None:
    for number in range(3):
        chat(gateway, f"Hello {number}.", x_llmconsole_tags="mode=vibing,user=ann")
    gateway.rows(3)
    draft = ("--set", "small talk", "--when", "mode=vibing", "--use", "gpt-5-nano")
    told = asking.done("routes", "test", *draft)
    assert "3 of 3 calls" in told
    assert "openai/gpt-5.5 → openai/gpt-5-nano" in told
    found = json.loads(asking.done("routes", "test", *draft, "--json"))
    assert (found["changed"], found["replayed"]) == (3, 3)
    assert json.loads(asking.done("routes", "list", "--json")) == {"routes": []}, "nothing is changed"
    assert "no call would go elsewhere" in asking.done("routes", "test")
    prompt = asking.done("routes", "test", "--prompt", "rename foo", "--tag", "mode=vibing", *draft)
    assert "→ rule #1 small talk → openai/gpt-5-nano" in prompt


def test_a_budget_is_tried_before_it_is_made(asking: CommandLine, gateway: RunningGateway) -> None:
    for number in range(3):
        chat(gateway, f"Hello {number}.", x_llmconsole_tags="mode=vibing,user=ann")
    gateway.rows(3)
    told = asking.done("budgets", "test", "all", "--limit-usd", "0.0001", "--window", "day")
    assert "3 of 3 calls" in told and "user ann" in told
    asking.done("budgets", "set", "web", "--limit-usd", "9", "--window", "day", "--at-limit", "block")
    assert "no call would have been touched" in asking.done("budgets", "test", "web")
    found = json.loads(asking.done("budgets", "test", "web", "--limit-usd", "0.0001", "--json"))
    assert found["blocked"] == 3
