"""Two consoles on one gateway: what one does is on the other's screen, and neither writes over the other."""

from __future__ import annotations

import pytest

from tests.screens.live import ask, live
from tests.support.gateway import Gateways

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[[budgets]]
name = "everything"
match = {}
limit_usd = "10"
window = "day"
at_limit = "block"
"""
pytestmark = pytest.mark.anyio


async def test_a_call_an_edit_and_a_brake_are_on_both_screens(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as one, live(gateway) as other:
        await ask(gateway, "[[sim output=500]]")
        await one.sees("0.0500")
        await other.sees("0.0500")
        await one.press("b")
        await one.sees("at limit")
        await one.press("plus")
        await other.sees("0.05/11")
        await other.press("b")
        await other.sees("at limit")
        await other.press("minus")
        await one.sees("$9.90")
        await one.press("escape", "exclamation_mark")
        await one.sees("PANIC")
        await one.press("enter")
        await other.sees("nothing that costs is sent")
        await other.press("exclamation_mark")
        await one.misses("nothing that costs is sent")


async def test_undo_does_not_write_over_the_other_ones_edit(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as one, live(gateway) as other:
        for each in (one, other):
            await each.press("b")
            await each.sees("$10", "at limit")
        await one.press("plus")
        await other.sees("$11")
        await other.press("plus")
        await one.sees("$12.10")
        await one.press("u")
        await one.sees("changed")
        assert "$12.10" in one.text
