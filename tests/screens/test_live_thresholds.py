"""The form of classes on a real gateway: tried as one types, put in force, taken back, and edited by two."""

from __future__ import annotations

from typing import Any

import pytest

from console.screens.overtaken import Overtaken
from console.screens.routes import RoutesPage
from console.screens.threshold_form import ThresholdForm
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway
from tests.way.test_judgement import HARD

POLICY = """
[routing]
hard = 1.0
margin = 0.0

[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[prices."openai/gpt-5-nano"]
input = "0"
output = "10"

[[routes]]
name = "hard ones"
when = { complexity = "hard" }
use = ["gpt-5-mini"]

[[routes]]
name = "the rest"
when = {}
use = ["gpt-5-nano"]
"""
pytestmark = pytest.mark.anyio


def thresholds(gateway: RunningGateway) -> dict[str, Any]:
    found: dict[str, Any] = gateway.admin("GET", "thresholds")
    return found


async def asked(gateway: RunningGateway, number: int) -> tuple[str, str]:
    """The model and the route of one more call: the number-th, of a conversation of its own."""
    await ask(gateway, f"Question {number}. {HARD} [[sim output=1000]]")
    last = gateway.rows(number)[-1]
    return last["model"], last["route"]


async def open_form(console: Live) -> None:
    await console.press("r")
    await console.until(lambda: isinstance(console.app.screen, RoutesPage), "the rules")
    await console.sees("hard ones", "the rest")
    await again(console)


async def again(console: Live) -> None:
    await console.press("c")
    await console.until(lambda: isinstance(console.app.screen, ThresholdForm), "the form")
    await console.sees("an edit is tried on them as you type")


async def hard_from(console: Live, score: str) -> None:
    await console.press("down")
    await console.type(score)


async def closed(console: Live) -> None:
    await console.until(lambda: isinstance(console.app.screen, RoutesPage), "the rules again")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_classes_are_tried_as_one_types_moved_and_taken_back(
    gateways: Gateways, size: tuple[int, int]
) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway, size) as console:
        for number in (1, 2, 3):
            assert await asked(gateway, number) == ("gpt-5-nano", "the rest")
        await open_form(console)
        await console.sees("medium", " 3  100%", "^s save")
        await hard_from(console, "0.3")
        await console.sees("3 of 3 calls", "$0.03", "$0.30", "$0.27", "3 calls would go elsewhere")
        assert thresholds(gateway)["hard"] == 1.0, "a dry run changes nothing"
        await console.press("ctrl+s")
        await console.until(lambda: thresholds(gateway)["hard"] == 0.3, "the threshold in force")
        await closed(console)
        await console.sees("in force from the next call on")
        assert await asked(gateway, 4) == ("gpt-5-mini", "hard ones"), "as the dry run said"
        await console.press("u")
        await console.until(lambda: thresholds(gateway)["hard"] == 1.0, "the threshold taken back")
        await console.sees("the classes are as they were")
        assert await asked(gateway, 5) == ("gpt-5-nano", "the rest")
        await console.press("ctrl+r")
        await console.until(lambda: thresholds(gateway)["hard"] == 0.3, "the threshold again")


async def test_a_draft_of_rules_is_tried_with_them_over_either_range_and_stays_a_draft(
    gateways: Gateways,
) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        for number in (1, 2):
            assert await asked(gateway, number) == ("gpt-5-nano", "the rest")
        await console.press("r")
        await console.sees("hard ones", "the rest")
        await console.press("o")
        await console.sees("a draft: ^s puts it in force", "no call would go elsewhere")
        await console.press("c")
        await console.until(lambda: isinstance(console.app.screen, ThresholdForm), "the form")
        await console.sees(
            "calls of the last 7 days", "an edit is tried on them as you type, with your draft"
        )
        await console.press("ctrl+t")
        await console.sees("calls of the last 30 days")
        await hard_from(console, "0.3")
        await console.sees("against the last 30 days", "2 of 2 calls", "no call would go elsewhere")
        await console.press("ctrl+t")
        await console.sees("against the last 7 days", "not your draft of rules")
        await console.press("ctrl+s")
        await closed(console)
        assert thresholds(gateway)["hard"] == 0.3
        assert all(route["enabled"] for route in gateway.admin("GET", "routes")["routes"])
        await console.sees("a draft: ^s puts it in force")
        await console.press("escape")
        await console.misses("a draft: ^s puts it in force")
        assert await asked(gateway, 3) == ("gpt-5-mini", "hard ones"), "as it is without the draft"


async def test_switches_and_pauses_are_saved_together_and_others_stay(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_form(console)
        await console.press("down", "down", "down", "right", "down", "right", "down")
        await console.type("90m")
        await console.press("down")
        await console.type("0")
        await console.sees("no call would go elsewhere")
        await console.press("ctrl+s")
        await closed(console)
        found = thresholds(gateway)
        assert (found["always_score"], found["learn"], found["pin"]) == (True, True, "5400s")
        assert (found["most_loss_usd"], found["hard"], found["margin"]) == ("0.00", 1.0, 0.0)
        await again(console)
        await console.press("ctrl+s")
        await closed(console)
        assert thresholds(gateway) == found, "nothing was edited, and nothing is saved"
        assert len(gateway.admin("GET", "policy/history")["edits"]) == 2


async def test_nothing_holds_that_was_not_seen_or_makes_no_sense(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_form(console)
        await hard_from(console, "0.9")
        await console.press("ctrl+s")
        await console.sees("its dry run is not there yet")
        await console.type("0.1")
        await console.sees("medium from 0.3 is above hard from 0.1:", "turn them round")
        await console.press("ctrl+s")
        await console.type("many")
        await console.sees("a number from 0 to 1, as 0.55", "as it is")
        await console.press("enter", "escape")
        await closed(console)
        assert thresholds(gateway)["hard"] == 1.0


async def test_a_form_that_is_left_asks_no_more(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_form(console)
        await hard_from(console, "0.9")
        await console.sees("replaying past calls")
        await console.press("escape")
        await closed(console)
        form_work = [each for each in console.app.workers if each.group == "dry-run" and each.is_running]
        assert not form_work
        await again(console)
        await console.sees("no calls in the last 7 days")
        assert thresholds(gateway)["hard"] == 1.0


async def test_somebody_elses_edit_is_told_and_either_stands(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_form(console)
        await hard_from(console, "0.4")
        await console.sees("no call would go elsewhere")
        gateway.admin("PUT", "thresholds", json={"hard": 0.6, "learn": True})
        await console.press("ctrl+s")
        await console.until(lambda: isinstance(console.app.screen, Overtaken), "the question")
        await console.sees("[routing] was changed meanwhile", "hard 1.0 → 0.6", "hard from  0.6     0.4")
        await console.press("escape")
        await console.until(lambda: isinstance(console.app.screen, ThresholdForm), "the form again")
        await console.press("ctrl+s", "m")
        await closed(console)
        found = thresholds(gateway)
        assert (found["hard"], found["learn"]) == (0.4, False)
        await console.press("u")
        await console.until(lambda: thresholds(gateway)["hard"] == 0.6, "theirs back")
        assert thresholds(gateway)["learn"]
        await console.press("ctrl+r")
        await console.until(lambda: thresholds(gateway)["hard"] == 0.4, "one's own again")
        gateway.admin("PUT", "thresholds", json={"hard": 0.8})
        await console.press("u")
        await console.sees("that edit stands")
        assert thresholds(gateway)["hard"] == 0.8
        await again(console)
        await hard_from(console, "0.5")
        await console.sees("no call would go elsewhere")
        gateway.admin("PUT", "thresholds", json={"hard": 0.7})
        await console.press("ctrl+s", "t")
        await closed(console)
        await console.sees("theirs stands")
        assert thresholds(gateway)["hard"] == 0.7
