"""The settings on a real gateway: what it runs with, and what is changed here."""

from __future__ import annotations

import pytest

from console.choices import recall, user_folder
from console.markers import MARKERS
from console.screens.settings import SettingsPage
from tests.screens.live import Live, live
from tests.support.gateway import Gateways

TOP = 'keep_rows = "400d"'
pytestmark = pytest.mark.anyio


def select(console: Live, row: str) -> None:
    assert isinstance(console.app.screen, SettingsPage)
    console.app.screen.list.select(row)


async def test_the_gateways_settings_say_where_they_are_changed(gateways: Gateways) -> None:
    gateway = gateways.start(top=TOP)
    async with live(gateway, (200, 50)) as console:
        await console.press("comma")
        await console.sees(str(gateway.config), str(gateway.data), "400 days", "time zone", "UTC")
        select(console, "rows")
        await console.sees(f"keep_rows in {gateway.config}")
        select(console, "mode")
        await console.press("enter")
        await console.until(lambda: gateway.admin("GET", "mode")["mode"] == "building", "the other mode")
        await console.press("u")
        await console.until(lambda: gateway.admin("GET", "mode")["mode"] == "vibing", "the mode before")


async def test_markers_keys_and_mouse_are_chosen_and_remembered(gateways: Gateways) -> None:
    gateway = gateways.start()
    folder = user_folder()
    folder.mkdir(parents=True)
    (folder / "keys.toml").write_text('# mine\n[keys]\n"app.theme" = "f2"\n', encoding="utf-8")
    async with live(gateway, (120, 40)) as console:
        await console.press("comma")
        await console.sees("markers", "braille")
        select(console, "markers")
        await console.press("enter", "enter")
        await console.sees("ascii")
        assert console.text.isascii()
        assert recall("marker", MARKERS, "") == "ascii"
        await console.press("enter")
        await console.until(lambda: not console.text.isascii(), "every glyph again")
        select(console, "preset")
        await console.press("enter")
        await console.sees("vim")
        kept = (folder / "keys.toml").read_text(encoding="utf-8")
        assert kept.startswith('preset = "vim"\n# mine') and '"app.theme" = "f2"' in kept
        await console.press("ctrl+d")
        await console.until(
            lambda: (
                isinstance(console.app.screen, SettingsPage) and console.app.screen.list.window.cursor > 5
            ),
            "a page down by the key of the preset",
        )
        select(console, "mouse")
        await console.press("enter")
        await console.sees("off")
        assert recall("mouse", ("on", "off"), "on") == "off"
