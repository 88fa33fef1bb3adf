"""What is on a screen, cell by cell, out of Textual's compositor; and the comparison with a kept one."""

from __future__ import annotations

import difflib
import os
from io import StringIO
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App

KEPT = Path(__file__).parent / "kept"
UPDATE = "UPDATE_SCREENS"
"""Set this variable to keep what the screens show now."""
_NAMES = ascii_letters + digits + "!#$%&()*+,-./:;<=>?@[]^_{|}~"

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


def compare(app: App[Any], name: str) -> None:
    """Fails where the screen is not as it was kept under this name, and shows the difference."""
    told = _told(rows_of(app))
    path = KEPT / f"{name}.txt"
    if os.environ.get(UPDATE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
        return
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    if told != kept:
        difference = difflib.unified_diff(
            kept.splitlines(), told.splitlines(), "kept", "now", lineterm="", n=1
        )
        raise AssertionError(
            f"{name} looks different; {UPDATE}=1 keeps it as it is now\n" + "\n".join(difference)
        )


def _told(rows: Rows) -> str:
    """The text, then the same cells as letters for their styles, then what the letters mean."""
    letters: dict[str, str] = {}
    styles = []
    for row in rows:
        line = ""
        for part in row:
            words = _style_words(part.style)
            letter = letters.setdefault(words, _NAMES[len(letters)])
            line += letter * part.cell_length
        styles.append(line)
    legend = [f"{letter} {words}" for words, letter in letters.items()]
    texts = [text.rstrip() for text in text_of(rows)]
    return "\n".join([*texts, "", *styles, "", *legend]) + "\n"


def _style_words(style: Style | None) -> str:
    if style is None:
        return "none"
    words = [
        style.color.name if style.color else "default",
        "on",
        style.bgcolor.name if style.bgcolor else "default",
    ]
    words += [name for name in ("bold", "underline", "reverse", "dim") if getattr(style, name)]
    return " ".join(words)
