"""Second opinions from the shell: set, listed, removed."""

from __future__ import annotations

import json

import pytest

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways
from tests.support.processes import wait_for
from tests.support.wires import CHAT

SET = ("routes", "opinions", "set", "mini")
WHOLE = (*SET, "--cheap", "gpt-5-nano", "--strong", "gpt-5", "--usd-per-day", "0.50")


def test_they_are_set_changed_and_removed(offline: CommandLine) -> None:
    assert "no second opinions" in offline.done("routes", "opinions", "list")
    told = offline.done(*WHOLE, "--when", "project=web")
    assert "5% gpt-5-nano ⇄ gpt-5" in told and "$0.00 of $0.50" in told and "checks" in told
    offline.done(*SET, "--share", "0.2", "--judge", "gpt-5-mini", "--off")
    (one,) = json.loads(offline.done("routes", "opinions", "list", "--json"))["opinions"]
    assert (one["share"], one["judge"], one["enabled"], one["when"]) == (
        0.2, "gpt-5-mini", False, {"project": "web"},
    )  # fmt: skip
    assert '[[opinions]]\nname = "mini"' in offline.done("policy", "show")
    assert "removed" in offline.done("routes", "opinions", "rm", "mini")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (SET, "nothing is said of 'mini'"),
        ((*SET, "--cheap", "gpt-5-nano"), "usd_per_day must say what it may cost in a day"),
        ((*WHOLE, "--strong", "gpt-5-nano"), "a second opinion needs another"),
        (("routes", "opinions", "rm", "mini"), "no opinion is named 'mini'"),
    ],
)
def test_what_makes_no_sense_is_told(offline: CommandLine, words: tuple[str, ...], told: str) -> None:
    done = offline(*words)
    assert done.returncode in (1, 2) and told in done.stderr, done.stderr


def test_a_tag_of_ours_keeps_its_name(offline: CommandLine) -> None:
    done = offline("tags", "rename", "opinion", "mini", "maxi", "--yes")
    assert done.returncode and "the gateway's own" in done.stderr, done.stderr


def test_one_that_rests_is_named_and_no_other(gateways: Gateways, llmconsole: CommandLine) -> None:
    gateway = gateways.start()
    llmconsole.data = gateway.data
    for name, usd in (("poor", "0.000001"), ("rich", "0.50")):
        told = ("--cheap", "gpt-4.1-mini", "--strong", "gpt-4.1", "--share", "1", "--usd-per-day", usd)
        llmconsole.done("routes", "opinions", "set", name, *told, "--when", f"project={name}")
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=poor"}
    gateway.http.post(CHAT.path, json=CHAT.ask("Which oar?", model="gpt-4.1-mini"), headers=headers)
    rests = wait_for(
        lambda: [
            line
            for line in llmconsole.done("routes", "opinions", "list").splitlines()
            if "is taken now" in line
        ],
        what="a rest",
    )
    assert len(rests) == 1 and rests[0].startswith("none of poor is taken now: ")
