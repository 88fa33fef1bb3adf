"""The thresholds of classes from the shell: shown with what they led to, set together, refused in a line."""

from __future__ import annotations

import json

import pytest

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways
from tests.way.test_judgement import HARD, chat

ROUTED = '[[routes]]\nname = "strong"\nwhen = { complexity = "hard" }\nuse = ["gpt-5.5"]\n'
SHOW = ("routes", "thresholds")


def test_they_are_shown_with_how_many_calls_fell_in_each_class(
    gateways: Gateways, llmconsole: CommandLine
) -> None:
    gateway = gateways.start(ROUTED)
    llmconsole.data = gateway.data
    for prompt in ("Hi there.", "Good day.", HARD):
        chat(gateway, prompt)
    gateway.rows(3)
    scores = [gateway.admin("GET", f"calls/{row['id']}/decision")["score"] for row in gateway.rows(3)]
    fell = [each["complexity"] for each in scores]
    told = llmconsole.done(*SHOW)
    lines = {line.split()[0]: line for line in told.splitlines() if line.split()}
    assert "0.3 " in lines["medium"] and "0.55 " in lines["hard"] and "0.02 " in lines["margin"]
    assert " 1h " in lines["pin"] and " 0.25 " in lines["most-loss-usd"] and " no " in lines["learn"]
    counts = [fell.count(each) for each in ("simple", "medium", "hard")]
    assert counts[0] == 2 and sum(counts) == 3
    words = f"the last 7 days: {counts[0]} simple, {counts[1]} medium, {counts[2]} hard"
    assert told.splitlines()[-1] == words
    found = json.loads(llmconsole.done(*SHOW, "--json"))
    assert (found["medium"], found["most_loss_usd"], found["classes"]["simple"]) == (0.3, "0.25", 2)


def test_calls_that_nobody_scored_are_told(gateways: Gateways, llmconsole: CommandLine) -> None:
    gateway = gateways.start()
    llmconsole.data = gateway.data
    chat(gateway, "Hi there.")
    gateway.rows(1)
    assert "0 simple, 0 medium, 0 hard; 1 not scored" in llmconsole.done(*SHOW)


def test_those_that_are_given_are_set_and_all_others_stay(offline: CommandLine) -> None:
    told = offline.done(*SHOW, "--hard", "0.7", "--margin", "0", "--always-score")
    assert told.splitlines() == ["hard 0.55 → 0.7", "margin 0.02 → 0", "always-score no → yes"]
    told = offline.done(*SHOW, "--medium", "0.6", "--pin", "90m", "--most-loss-usd", "$0.005", "--learn")
    assert told.splitlines() == [
        "medium 0.3 → 0.6",
        "learn no → yes",
        "pin 1h → 90m",
        "most-loss-usd 0.25 → 0.005",
    ]
    shown = offline.done("policy", "show")
    for line in ("medium = 0.6", "hard = 0.7", 'pin = "5400s"', 'most_loss_usd = "0.005"', "learn = true"):
        assert line in shown
    assert "nothing changes" in offline.done(*SHOW, "--hard", "0.7")
    found = json.loads(offline.done(*SHOW, "--no-learn", "--json"))
    assert (found["hard"], found["learn"], found["always_score"]) == (0.7, False, True)
    assert found["revision"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--medium", "0.7"), "medium = 0.7 is above hard = 0.55; turn them round"),
        (("--hard", "0.1"), "medium = 0.3 is above hard = 0.1"),
        (("--margin", "2"), "2.0 is not in the range 0<=x<=1"),
        (("--margin", "nan"), "'nan' is no number from 0 to 1"),
        (("--hard", "much"), "'much' is not a valid float"),
        (("--pin", "long"), "pin = 'long' is no duration; write '30s', '15m'"),
        (("--most-loss-usd", "some"), "--most-loss-usd 'some' is no amount; write --most-loss-usd 0.25"),
        (("--most-loss-usd", "-1"), "most_loss_usd must not be negative"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line_and_nothing_of_it_is_set(
    offline: CommandLine, words: tuple[str, ...], told: str
) -> None:
    ran = offline(*SHOW, "--learn", *words)
    assert ran.returncode == 2
    assert told in ran.stderr and ran.stderr.count("\n") == 1
    assert "learn" not in offline.done("policy", "show")
