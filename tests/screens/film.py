"""The film in the README: the seeded story goes on for some seconds, and a person looks around in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from console import shapes
from tests.screens.capture import rows_of
from tests.screens.moving import Frame, moving
from tests.screens.stage import on_stage, press, sees
from tests.screens.story import Story
from tests.screens.story_calls import PEOPLE, PRICES
from tests.screens.story_clock import NOW, stamp

SIZE = (120, 34)
THEME = "ember"


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens, then which keys are pressed, what has to be seen, and how many seconds it is shown."""

    caption: str
    seconds: float
    keys: tuple[str, ...] = ()
    happens: tuple[tuple[str, dict[str, Any]], ...] = ()
    awaits: str = ""
    later: float = 0.0
    """Seconds of the story since its beginning."""


class Playing(Story):
    """The story with things happening in it. What calls cost is in its sums."""

    def __init__(self) -> None:
        super().__init__(simulated=True)
        self._coming: asyncio.Queue[shapes.Event] = asyncio.Queue()
        self._told = 0
        self._came: dict[str, shapes.Call] = {}
        self.now = NOW

    async def events(self, last_id: int | None = None) -> AsyncIterator[shapes.Event]:
        while True:
            yield await self._coming.get()

    def happens(self, kind: str, data: dict[str, Any]) -> None:
        self._told += 1
        if kind in ("call.opened", "call.settled"):
            self._came[data["id"]] = msgspec.convert(data, shapes.Call)
        elif kind == "call.progress":
            more = {"output_tokens": data["output_tokens"], "cost_usd": Decimal(data["cost_usd"])}
            self._came[data["id"]] = replace(self._came[data["id"]], **more)
        self._coming.put_nowait(shapes.Event(id=self._told, kind=kind, data=data))

    async def calls(self, limit: int = 200, **more: Any) -> shapes.Calls:
        told, came = await super().calls(limit, **more), [*reversed(self._came.values())]
        return shapes.Calls(
            calls=(*(one for one in came if one.finished_at), *told.calls),
            in_flight=(*(one for one in came if not one.finished_at), *told.in_flight),
        )

    async def call(self, id: str) -> shapes.Call:
        return self._came.get(id) or await super().call(id)

    async def summary(self) -> shapes.Summary:
        told, came = await super().summary(), self._came.values()
        spent = sum((one.cost_usd for one in came), Decimal(0))
        return replace(
            told,
            now_usd_per_min=told.now_usd_per_min + spent,
            today_usd=told.today_usd + spent,
            month_usd=told.month_usd + spent,
            calls_today=told.calls_today + len(came),
            in_flight=told.in_flight + sum(not one.finished_at for one in came),
        )


def call(number: int, who: int, asked: str, model: str = "") -> shapes.Call:
    """A call that begins; served by another model where one is named."""
    user, project, mode, client = PEOPLE[who]
    served = model or asked
    return shapes.Call(
        id=f"90000{number}",
        started_at=stamp(NOW + timedelta(seconds=number * 0.4)),
        status="open",
        format="anthropic",
        path="/v1/messages",
        asked_model=asked,
        model=served,
        provider=PRICES[served][2],
        token="laptop",
        stream=True,
        input_tokens=12_400,
        route="small talk goes cheap" if model else None,
        route_reason="route small talk goes cheap: mode=vibing" if model else "asked model kept",
        held_usd=Decimal("0.31"),
        tags={"user": user, "project": project, "mode": mode, "client": client},
    )


def opened(one: shapes.Call) -> tuple[str, dict[str, Any]]:
    return "call.opened", msgspec.to_builtins(one)


def grown(one: shapes.Call, output: int) -> tuple[str, dict[str, Any]]:
    return "call.progress", {"id": one.id, "output_tokens": output, "cost_usd": str(cost(one, output))}


def settled(one: shapes.Call, output: int) -> tuple[str, dict[str, Any]]:
    saved = cost(replace(one, model=one.asked_model), output) - cost(one, output)
    ended = replace(
        one,
        status="settled",
        outcome="ok",
        finished_at=stamp(NOW + timedelta(seconds=6)),
        output_tokens=output,
        cost_usd=cost(one, output),
        saved_usd=saved,
        certainty="computed",
        http_status=200,
        first_byte_ms=640.0,
        duration_ms=5_200.0,
        overhead_ms=0.7,
        price_id=f"genai:{one.model}:2026-09-01",
    )
    return "call.settled", msgspec.to_builtins(ended)


def cost(one: shapes.Call, output: int) -> Decimal:
    price_in, price_out, _ = PRICES[one.model]
    return Decimal(round(one.input_tokens * price_in + output * price_out)) / 1_000_000


ONE = call(1, 0, "claude-opus-4-5")
TWO = call(2, 1, "gpt-5.1", "gpt-5-mini")
ALERT = {
    "budget": "project search",
    "mark": 80,
    "text": "budget project search is at 83% of $60 a month; at this pace it breaks on Friday",
}
SCENES = (
    Scene("every call through one gateway, live", 2.4),
    Scene("every call through one gateway, live", 0.7, happens=(opened(ONE),), later=1),
    Scene("every call through one gateway, live", 0.7, happens=(grown(ONE, 240), opened(TWO)), later=2),
    Scene("every call through one gateway, live", 0.7, happens=(grown(ONE, 910), grown(TWO, 300)), later=3),
    Scene("every call through one gateway, live", 0.7, happens=(grown(ONE, 1_420), grown(TWO, 880)), later=4),
    Scene(
        "small talk went to a cheaper model", 2.2, happens=(settled(TWO, 1_204), grown(ONE, 2_060)), later=5
    ),
    Scene("a budget warns", 2.6, happens=(settled(ONE, 2_344), ("budget.alert", ALERT)), later=6),
    Scene("b · budgets", 2.2, keys=("b", "j")),
    Scene("⏎ · edit one", 1.2, keys=("enter",), awaits="last 30 days this rule"),
    Scene("75 · and what it would have done", 2.8, keys=("7", "5"), awaits="last 30 days this rule"),
    Scene("r · routing rules", 1.6, keys=("escape", "escape", "r", "j")),
    Scene("o · an edit, and what it would have done", 3.0, keys=("o",), awaits="calls would go elsewhere"),
    Scene("⏎ · what a call cost, and why this model", 2.8, keys=("escape", "escape", "j", "j", "j", "enter")),
    Scene("W · the same call on every other model", 2.4, keys=("W",)),
    Scene("e · reports", 2.4, keys=("escape", "escape", "e")),
    Scene("! · stop all that costs", 2.6, keys=("escape", "exclamation_mark")),
)


async def shoot() -> tuple[list[Frame], str]:
    """The frames, each after its scene was played, and the colour around them."""
    story = Playing()
    frames = []
    async with on_stage(story, SIZE, theme=THEME, demo=True, now=lambda: story.now) as (app, pilot):
        for scene in SCENES:
            story.now = max(story.now, NOW + timedelta(seconds=scene.later))
            for what in scene.happens:
                story.happens(*what)
            if scene.happens:
                app.desk.feed.refresh()
                await pilot.pause(0.8)
            if scene.keys:
                await press(pilot, *scene.keys)
                app.clear_notifications()
                await pilot.pause(0.2)
            if scene.awaits:
                await sees(app, pilot, scene.awaits)
            frames.append(Frame(rows_of(app), scene.caption, scene.seconds))
        ground = app.theme_variables["raised"]
    return frames, ground


async def film() -> str:
    """The film as SVG."""
    frames, ground = await shoot()
    return moving(frames, "llmconsole", ground)
