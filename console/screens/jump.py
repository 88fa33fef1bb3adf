"""Jump mode: a letter on each panel of the dashboard, and the one that is pressed has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.widgets import Static

from console import keymap
from console.screens.page import Form


class Letter(Static):
    """One letter and what it leads to."""


class Jump(Form[str]):
    """regions: tells where each panel is on the screen, by its name; those out of sight have no height.
    Answers a panel's name."""

    BINDINGS = keymap.bindings("jump")
    PLACES: ClassVar[tuple[str, ...]] = ("jump",)

    def __init__(self, regions: Callable[[], Mapping[str, Region]]) -> None:
        super().__init__()
        self._regions = regions

    def compose(self) -> ComposeResult:
        there = self._regions()
        for name, key in targets().items():
            if name in there:
                yield Letter(Content(f" {key.glyph} {name} "), id=f"jump-{name}")

    def on_mount(self) -> None:
        self._place()
        # The page below takes a new size in its own time, and its panels stand elsewhere only then.
        below = self.app.screen_stack[-2]
        below.screen_layout_refresh_signal.subscribe(self, self._place)

    def _place(self, _: Screen[object] | None = None) -> None:
        places = placed(self._regions())
        for letter in self.query(Letter):
            letter.absolute_offset = places[(letter.id or "").removeprefix("jump-")]
        # Nothing watches an absolute offset.
        self.refresh(layout=True)

    def action_to(self, name: str) -> None:
        if name in self._regions():
            self.dismiss(name)

    def action_cancel(self) -> None:
        self.dismiss(None)


def targets() -> dict[str, keymap.Key]:
    """The keys that lead to panels, by the panels' names."""
    return {key.label: key for key in keymap.at("jump") if key.action.startswith("to(")}


def placed(regions: Mapping[str, Region]) -> dict[str, Offset]:
    """Where the letters stand: in a panel's first row; those of panels out of sight below one another in the
    panel whose place they share."""
    places, below = {}, 0
    seen = [region for region in regions.values() if region.height > 1]
    home = min(seen, key=lambda region: region.height) if seen else Region(0, 0, 1, 1)
    for name, region in regions.items():
        if region.height:
            places[name] = Offset(region.x + 2, region.y + (1 if region.height > 1 else 0))
        else:
            below += 1
            places[name] = Offset(home.x + 2, home.y + 1 + below)
    return places
