"""Limits from the shell: all that a budget and a throttle can be, raised, tried out, and remembered."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways, RunningGateway

WEB = ("budgets", "set", "web", "--match", "project=web", "--limit-usd", "30")


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


@pytest.fixture
def asking(llmconsole: CommandLine, gateway: RunningGateway) -> CommandLine:
    llmconsole.data = gateway.data
    return llmconsole


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (("--window", "week:sunday", "--at-limit", "slow"), "window", "week:sunday"),
        (("--window", "month:15", "--at-limit", "block"), "window", "month:15"),
        (
            ("--window", "day", "--at-limit", "downgrade", "--downgrade-to", "gpt-5-nano"),
            "downgrade_to",
            "gpt-5-nano",
        ),
        (("--window", "day", "--at-limit", "ask", "--ask-seconds", "90"), "ask_seconds", 90),
        (("--window", "day", "--at-limit", "block", "--unbounded", "allow"), "unbounded", "allow"),
        (
            ("--window", "day", "--at-limit", "block_expensive", "--expensive-above", "7.50"),
            "expensive_above",
            "7.50",
        ),
    ],
)
def test_all_that_a_budget_can_be(
    offline: CommandLine, words: tuple[str, ...], field: str, value: object
) -> None:
    told = json.loads(offline.done(*WEB, *words, "--json"))
    assert told[field] == value
    assert json.loads(offline.done("budgets", "list", "--json"))["budgets"][0][field] == value


def test_the_list_tells_where_a_budget_lands_and_when_it_breaks(
    asking: CommandLine, gateway: RunningGateway
) -> None:
    asking.done("budgets", "set", "web", "--limit-usd", "30", "--window", "month", "--at-limit", "alert")
    heading, row = asking.done("budgets", "list").splitlines()
    assert re.split(r"  +", heading)[6:9] == ["share", "lands at", "breaks"]
    (kept,) = gateway.admin("GET", "budgets")["budgets"]
    lands = "–" if kept["lands_usd"] is None else f"${Decimal(kept['lands_usd']):,.2f}"
    assert row.split()[7:9] == [lands, "–"]


def test_a_raise_is_for_a_while(asking: CommandLine, gateway: RunningGateway) -> None:
    asking.done(*WEB, "--window", "month", "--at-limit", "block")
    told = asking.done("budgets", "raise", "web", "--to", "40", "--until", "2d")
    assert "$40" in told and "web: raised to $40 until " in told
    (kept,) = gateway.admin("GET", "budgets")["budgets"]
    assert [Decimal(kept[name]) for name in ("limit_usd", "limit_now_usd")] == [Decimal(30), Decimal(40)]
    asking.done("budgets", "raise", "web", "--to", "50")
    (kept,) = gateway.admin("GET", "budgets")["budgets"]
    ends = [datetime.fromisoformat(kept[name]) for name in ("raised_until", "resets_at")]
    assert ends[0] == ends[1], "without a time it is the end of the window"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("nobody", "--to", "40"), 1, "no budget is named 'nobody'; there are 'web'"),
        (("web", "--to", "lots"), 2, "--to 'lots' is no amount"),
        (("web", "--to", "30"), 2, "--to 30: a raise is to more than the limit of $30"),
        (("web", "--to", "40", "--until", "whenever"), 2, "--until 'whenever': a time as 18:00"),
    ],
)
def test_a_raise_that_cannot_be_is_told_in_one_line(
    offline: CommandLine, words: tuple[str, ...], status: int, told: str
) -> None:
    offline.done(*WEB, "--window", "month", "--at-limit", "block")
    ran = offline("budgets", "raise", *words)
    assert ran.returncode == status
    assert told in ran.stderr and ran.stderr.count("\n") == 1


def test_what_an_empty_list_advises_can_be_done_as_it_stands(offline: CommandLine) -> None:
    advice = offline.done("budgets", "list").partition("set one with: llmconsole ")[2]
    assert "everything" in offline.done(*advice.split())


def test_a_dry_run_says_how_it_would_stand_and_keeps_nothing(asking: CommandLine) -> None:
    told = json.loads(asking.done(*WEB, "--window", "month", "--at-limit", "block", "--dry-run", "--json"))
    assert Decimal(told["spent_usd"]) == 0 and Decimal(told["limit_now_usd"]) == 30
    assert json.loads(asking.done("budgets", "list", "--json")) == {"budgets": []}


def test_history_says_who_changed_what(asking: CommandLine) -> None:
    asking.done(*WEB, "--window", "month", "--at-limit", "block")
    asking.done(
        "budgets",
        "set",
        "web",
        "--match",
        "project=web",
        "--limit-usd",
        "45",
        "--window",
        "month",
        "--at-limit",
        "block",
    )
    latest, first = json.loads(asking.done("budgets", "history", "--json"))["edits"][:2]
    assert latest["what"] == first["what"] == "budgets" and latest["who"]
    lines = asking.done("budgets", "history").splitlines()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", lines[1])
    assert "limit_usd 30" in lines[1] and "→ 45" in lines[1]
    assert "new: web" in lines[2]


def test_throttles_are_set_listed_and_removed(asking: CommandLine, gateway: RunningGateway) -> None:
    assert "throttles set NAME" in asking.done("throttles", "list")
    set_ = ("throttles", "set", "agents", "--match", "user=ann")
    told = asking.done(*set_, "--tokens-per-minute", "200000", "--usd-per-hour", "7.50", "--concurrent", "4")
    assert "user=ann" in told and "200,000" in told and "$7.50" in told
    (kept,) = gateway.admin("GET", "throttles")["throttles"]
    assert (kept["tokens_per_minute"], kept["concurrent"], kept["requests_per_minute"]) == (200_000, 4, None)
    asking.done(*set_, "--requests-per-minute", "60")
    (kept,) = json.loads(asking.done("throttles", "list", "--json"))["throttles"]
    assert (kept["requests_per_minute"], kept["tokens_per_minute"]) == (60, None)
    nothing = asking(*set_)
    assert (nothing.returncode, nothing.stderr.count("\n")) == (2, 1)
    asking.done("throttles", "rm", "agents")
    assert json.loads(asking.done("throttles", "list", "--json")) == {"throttles": []}
    assert asking("throttles", "rm", "agents").returncode == 1


@pytest.mark.parametrize("amount", ["1e999999999", "-1e999999999", "nan", "inf", "ten"])
def test_an_amount_that_is_none_is_wrong_use(offline: CommandLine, amount: str) -> None:
    told = offline(*WEB[:-2], "--limit-usd", amount, "--window", "day", "--at-limit", "block")
    assert told.returncode == 2
    assert "is no amount; write --limit-usd 25.00" in told.stderr


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe", "not UTF-8 text at byte 0"),
        (b'[[budgets]]\nname = "x"\nwindw = "day"\n', "line 3 in [budgets]: unknown key 'windw'"),
    ],
)
def test_a_policy_that_is_wrong_names_its_file(
    offline: CommandLine, tmp_path: Path, data: bytes, why: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(data)
    told = offline("policy", "apply", str(file))
    assert (told.returncode, told.stderr.count("\n")) == (2, 1)
    assert f"{file}: " in told.stderr and why in told.stderr
