"""The mask, the stopwatch and the user's own keys, on the screen."""

from __future__ import annotations

import pytest

from console.choices import user_folder
from console.screens.task import TaskReceipt
from tests.screens.capture import rows_of, text_of
from tests.screens.live import ask, live
from tests.screens.stage import on_stage, press
from tests.screens.story import Story
from tests.support.gateway import Gateways

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
"""
PRIVATE = ("ana", "dev-bot", "checkout", "platform", "infra")
pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)], ids=str)
@pytest.mark.parametrize("keys", [(), ("b",), ("b", "enter"), ("enter",), ("b", "h")], ids=str)
async def test_the_mask_hides_names_on_every_page(size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async with on_stage(Story(), size) as (app, pilot):
        before = text_of(rows_of(app))
        assert any("ana" in line for line in before)
        await press(pilot, "P", *keys)
        shown = " ".join(text_of(rows_of(app))).replace("·", " ").split()
        assert "▒▒▒" in " ".join(shown)
        assert not [word for word in shown if word.strip("│=:,…") in PRIVATE]
        await press(pilot, *["escape"] * len(keys), "P")
        assert not any("▒▒▒" in line for line in text_of(rows_of(app)))


async def test_a_task_is_timed_and_its_receipt_copied(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=500]]")
        await console.sees("0.0500")
        await console.press("m")
        await console.sees("this task began now")
        await ask(gateway, "[[sim output=100]]")
        await ask(gateway, "[[sim output=200]]")
        await console.sees("0.0200")
        await console.press("m")
        await console.until(lambda: isinstance(console.app.screen, TaskReceipt), "the receipt")
        await console.sees("2 calls", "$0.03", "gpt-5-mini")
        await console.press("c")
        await console.sees("task as Markdown sent to the clipboard")
        assert "| gpt-5-mini | 2 |" in console.app.clipboard


async def test_own_keys_are_taken_and_clashes_are_named() -> None:
    folder = user_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "keys.toml").write_text('[keys]\n"app.theme" = "f2"\n"dash.split" = "K"\n', encoding="utf-8")
    async with on_stage(Story()) as (app, pilot):
        assert "K is both app.keys and dash.split" in " ".join(text_of(rows_of(app)))
        await press(pilot, "f2")
        assert type(app.screen).__name__ == "ThemePicker"


async def test_the_speed_of_a_demo_is_changed_and_only_there() -> None:
    async with on_stage(Story(), demo=True) as (app, pilot):
        speeds = [1.0]

        def hasten(factor: float) -> float:
            speeds.append(speeds[-1] * factor)
            return speeds[-1]

        await press(pilot, "greater_than_sign")
        assert "only a demo has a speed" in "\n".join(text_of(rows_of(app)))
        app.desk.hasten = hasten
        await press(pilot, "greater_than_sign", "greater_than_sign", "less_than_sign")
        assert speeds == [1, 2, 4, 2]
        assert "the demo runs 4× as fast as life" in "\n".join(text_of(rows_of(app)))
