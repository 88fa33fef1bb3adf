"""The page of a call where the gateway has no word on why it went where it went."""

from __future__ import annotations

import pytest

from console.screens.inspector import Inspector
from console.shapes.decisions import Explanation
from console.trouble import ClientError
from tests.screens.capture import rows_of, text_of
from tests.screens.stage import on_stage, press, sees
from tests.screens.story import Story
from tests.screens.story_messages import KEPT_CALL

pytestmark = pytest.mark.anyio


class Undecided(Story):
    async def decision(self, id: str) -> Explanation:
        raise ClientError("not_found", f"nothing was decided on {id}", 404)


async def test_its_messages_are_shown_and_leave_with_it() -> None:
    async with on_stage(Undecided(), (120, 50)) as (app, pilot):
        other = next(call.id for call in app.desk.feed.tick().calls if call.id != KEPT_CALL)
        app.push_screen(Inspector(app.desk, KEPT_CALL, [KEPT_CALL, other]))
        await sees(app, pilot, "Why does the ranking test fail")
        await press(pilot, "right")
        await sees(app, pilot, f"call {other}")
        assert "ranking test" not in "\n".join(text_of(rows_of(app)))
