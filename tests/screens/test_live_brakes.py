"""The brakes on a real gateway: PANIC stops what comes, and a running call is ended by hand."""

from __future__ import annotations

from functools import partial

import anyio
import pytest

from console.screens.confirm import Confirm
from console.screens.panic import PanicForm
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
"""
pytestmark = pytest.mark.anyio


def thrown(gateway: RunningGateway) -> list[tuple[str, dict[str, str]]]:
    return [(each["restraint"], each["match"]) for each in gateway.admin("GET", "panics")["panics"]]


async def throw(console: Live, *keys: str) -> None:
    await console.press("exclamation_mark")
    await console.until(lambda: isinstance(console.app.screen, PanicForm), "the brake")
    await console.press(*keys, "enter")


async def test_panic_stops_everything_until_the_same_key_lifts_it(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await throw(console)
        await console.sees("PANIC nothing that costs is sent", "! lifts it")
        assert thrown(gateway) == [("stop", {})]
        assert await ask(gateway, "[[sim output=10]]") == 402
        await console.press("exclamation_mark")
        await console.misses("PANIC nothing")
        assert thrown(gateway) == []
        assert await ask(gateway, "[[sim output=10]]") == 200
        await console.press("u")
        await console.sees("PANIC nothing that costs is sent")
        assert thrown(gateway) == [("stop", {})]


async def test_panic_for_the_tag_under_the_cursor(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=10]]", tags="project=web")
        await console.sees("web", "0.0010")
        await throw(console, "down", "right")
        await console.sees("PANIC project=web: nothing that costs is sent")
        assert await ask(gateway, "[[sim output=10]]", tags="project=web") == 402
        assert await ask(gateway, "[[sim output=10]]", tags="project=docs") == 200


async def test_only_the_cheapest(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await throw(console, "right")
        await console.sees("PANIC only the cheapest models")
        assert thrown(gateway) == [("cheap", {})]


async def test_the_brake_is_left_alone(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await console.press("exclamation_mark")
        await console.until(lambda: isinstance(console.app.screen, PanicForm), "the brake")
        await console.press("escape")
        await console.until(lambda: not isinstance(console.app.screen, PanicForm), "the dashboard")
        assert thrown(gateway) == []


async def test_a_running_call_is_ended(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(ask, gateway, "[[sim output=3000 chunks=300 gap=0.2]]", stream=True))
            await console.sees("1 live", "●")
            await console.press("D")
            await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
            await console.press("y")
        await console.sees("0 live", "◌")
        (row,) = gateway.rows(1)
        assert (row["outcome"], row["certainty"]) == ("cancelled", "estimated")
        await console.press("D")
        await console.sees("this call has ended")
