"""Makes the pictures in screenshots/ out of the seeded story: `make shots`, or python -m tests.screens.shots.

Each is an SVG, and a PNG by a headless Chromium where one is installed. The film among them shows its scenes
one after another, which only the SVG can. What somebody chose for their own console is left out.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.screens.browser import chromium, photographed
from tests.screens.capture import rows_of
from tests.screens.film import film
from tests.screens.palette import with_few_colours
from tests.screens.stage import on_stage, press, sees
from tests.screens.story import Story
from tests.screens.story_limits import WAITING
from tests.screens.svg import picture

FOLDER = Path(__file__).parents[2] / "screenshots"
FILM = "demo"
SCALE = 1.5
"""Pixels of a PNG for one of the SVG: sharp on a fine display, and small."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the terminal, the theme, and the keys that lead there."""

    name: str
    size: tuple[int, int] = (120, 36)
    theme: str = "ember"
    keys: tuple[str, ...] = ()
    demo: bool = True
    waits: bool = False
    """A call waits for an answer."""
    awaits: str = ""
    """Words that have to be on the screen first."""


SHOTS = (
    Shot("dashboard-dark"),
    Shot("dashboard-light", theme="paper"),
    Shot("dashboard-80x24", (80, 24)),
    Shot("spend", keys=("tab", "plus")),
    Shot("budgets", keys=("b", "j")),
    Shot("budget-edit", keys=("b", "j", "enter", "7", "5"), theme="paper", awaits="last 30 days this rule"),
    Shot("receipt", keys=("j", "j", "j", "enter")),
    Shot("routes", keys=("r", "j", "o"), awaits="calls would go elsewhere"),
    Shot("what-if", keys=("j", "j", "j", "enter", "W")),
    Shot("reports", keys=("e",), theme="paper"),
    Shot("providers", keys=("p",)),
    Shot("question", waits=True),
    Shot("keys", keys=("K",)),
)


async def take(shot: Shot) -> str:
    """The picture as SVG."""
    story = Story(simulated=True)
    story.waiting = (WAITING,) if shot.waits else ()
    async with on_stage(story, shot.size, theme=shot.theme, demo=shot.demo) as (app, pilot):
        await press(pilot, *shot.keys)
        await sees(app, pilot, shot.awaits)
        return picture(rows_of(app), "llmconsole", app.theme_variables["raised"])


def to_png(svg: Path) -> Path:
    """The same as PNG beside it, SCALE times as large. Raises FileNotFoundError without Chromium."""
    target = svg.with_suffix(".png")
    photographed(svg, target, drawn_size(svg.read_text(encoding="utf-8")), SCALE)
    target.write_bytes(with_few_colours(target.read_bytes()))
    return target


def drawn_size(svg: str) -> tuple[int, int]:
    """Width and height of a picture in its own pixels."""
    wide, high = svg.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split()
    return int(wide), int(high)


def main() -> int:
    """Writes all of them; the exit status."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_CONFIG_HOME=home)
        for name, made in (*((shot.name, take(shot)) for shot in SHOTS), (FILM, film())):
            path = FOLDER / f"{name}.svg"
            path.write_text(asyncio.run(made), encoding="utf-8")
            sys.stdout.write(f"{path.name}\n")
            if name != FILM and chromium() is not None:
                sys.stdout.write(f"{to_png(path).name}\n")
    if chromium() is None:
        sys.stdout.write("the PNGs are as they were: no Chromium is installed; see: make system-deps\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
