"""What is on a screen, cell by cell, out of Textual's compositor."""

from __future__ import annotations

from io import StringIO
from typing import Any

from rich.console import Console
from rich.segment import Segment
from textual.app import App

Rows = list[list[Segment]]


def rows_of(app: App[Any]) -> Rows:
    """The runs of each row of the screen, as they would be written to the terminal."""
    width, height = app.size
    console = Console(
        width=width,
        height=height,
        file=StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
    )
    stack = app._background_screens
    console.print(app.screen._compositor.render_update(full=True, screen_stack=stack))
    drawn = [part for part in console._record_buffer if not part.control]
    return list(Segment.split_and_crop_lines(drawn, width, include_new_lines=False))[:height]


def text_of(rows: Rows) -> list[str]:
    return ["".join(part.text for part in row) for row in rows]
