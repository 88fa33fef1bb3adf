"""How the question looks whose edit shall stand, at every size and in the themes that are kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import anyio
import pytest

from console.shapes import Budget
from console.trouble import ClientError
from tests.screens.stage import on_stage, press, sees
from tests.screens.story import Story
from tests.screens.test_looks import SIZES, looks

TOLD = (
    "budget 'project search' was changed meanwhile by bo at 2026-11-26T13:58:02Z: "
    'limit_usd "60.00" → "66.00"; at_limit "block_expensive" → "downgrade"; '
    'downgrade_to nothing → "gpt-5-mini"'
)
pytestmark = pytest.mark.anyio


class EditedElsewhere(Story):
    """Another console was quicker."""

    quicker = False

    async def put_budget(self, name: str, *, over: str | None = None, **words: Any) -> Budget:
        if over is not None:
            self.quicker = True
            raise ClientError("changed_meanwhile", TOLD, 412)
        return await super().put_budget(name, **words)

    async def budgets(self) -> tuple[Budget, ...]:
        found = await super().budgets()
        return tuple(edited(each) if self.quicker and each.limit_usd == 60 else each for each in found)


def edited(budget: Budget) -> Budget:
    return replace(budget, limit_usd=Decimal(66), at_limit="downgrade", downgrade_to="gpt-5-mini")


async def test_the_question_whose_edit_shall_stand() -> None:
    async with on_stage(EditedElsewhere(), SIZES[0]) as (app, pilot):
        await press(pilot, "b", "j", "enter", "7", "5")
        await sees(app, pilot, "last 30 days this rule")
        await press(pilot, "ctrl+s")
        await sees(app, pilot, "another console changed this")
        app.desk.feed.refresh()
        with anyio.fail_after(30):
            while not any(each.limit_usd == 66 for each in app.desk.feed.live.budgets or ()):
                await pilot.pause(0.05)
        await looks(app, pilot, "overtaken")
