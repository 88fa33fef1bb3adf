"""A terminal that a console without one believes in: it holds what was written, update by update."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console as Writer
from textual._compositor import CompositorUpdate
from textual.screen import Screen
from textual.widget import Widget

from console.app import Console
from console.widgets.canvas import Canvas

Cell = tuple[str, str]
"""A character and the sequence that its style begins with."""
_PARTS = re.compile(r"\x1b\[(?P<y>\d+);(?P<x>\d+)H|(?P<style>\x1b\[[\d;]*m)|(?P<text>[^\x1b\n]+)|\n")
_WRITER = Writer(file=StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)


class Painted:
    """The cells of a screen, by row and column."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}

    def take(self, update: CompositorUpdate) -> None:
        """Writes an update over what is there, as a terminal does."""
        x = y = 0
        style = ""
        for part in _PARTS.finditer(update.render_segments(_WRITER)):
            if part["y"]:
                y, x = int(part["y"]) - 1, int(part["x"]) - 1
            elif part["style"]:
                style = "" if part["style"] == "\x1b[0m" else part["style"]
            for letter in part["text"] or "":
                self.cells[y, x] = letter, style
                x += cell_len(letter)

    def rows(self, width: int, height: int) -> list[list[Cell]]:
        blank = (" ", "")
        return [[self.cells.get((y, x), blank) for x in range(width)] for y in range(height)]

    def text(self, width: int, height: int) -> str:
        return "\n".join("".join(letter for letter, _ in row) for row in self.rows(width, height))


@contextmanager
def painted(patch: pytest.MonkeyPatch) -> Iterator[Painted]:
    """What a console writes that is started within."""
    terminal, shown = Painted(), Console._display

    def display(app: Console, screen: Screen[Any], update: Any) -> None:
        if isinstance(update, CompositorUpdate) and not app._batch_count:
            terminal.take(update)
        shown(app, screen, update)

    with patch.context() as patching:
        patching.setattr(Console, "_display", display)
        yield terminal


def anew(app: Console) -> list[list[Cell]]:
    """All of the screen painted from nothing; what is remembered of earlier paintings stays as it is."""
    stack = app._background_screens
    widgets = [widget for screen in (*stack, app.screen) for widget in screen.walk_children(with_self=True)]
    kept = [(widget, _forget(widget)) for widget in widgets if isinstance(widget, Widget)]
    dirty = set(app.screen._compositor._dirty_regions)
    try:
        full = Painted()
        update: Any = app.screen._compositor.render_update(full=True, screen_stack=stack)
        full.take(update)
    finally:
        app.screen._compositor._dirty_regions = dirty
        for widget, (styles, drawn) in kept:
            vars(widget._styles_cache).update(styles)
            vars(widget).update(drawn)
    return full.rows(*app.size)


def _forget(widget: Widget) -> tuple[dict[str, Any], dict[str, Any]]:
    """Leaves a widget nothing that it painted; what that was."""
    cache = widget._styles_cache
    styles = {**vars(cache), "_cache": dict(cache._cache), "_dirty_lines": set(cache._dirty_lines)}
    cache.clear()
    if not isinstance(widget, Canvas):
        return styles, {}
    names = ("_strips", "_strips_size", "_known", "_inks", "_variables", "_lines")
    drawn = {name: value for name, value in vars(widget).items() if name in names}
    widget._strips, widget._known, widget._inks = None, {}, None
    if isinstance(vars(widget).get("_lines"), dict):
        vars(widget)["_lines"] = {}
    return styles, {"_strips": None, "_known": {}, **drawn}


def differing(seen: list[list[Cell]], wanted: list[list[Cell]]) -> str:
    """The rows that are not as they should be, in words; nothing where all are."""
    told = []
    for y, (row, other) in enumerate(zip(seen, wanted, strict=True)):
        if row != other:
            at = next(x for x, pair in enumerate(zip(row, other, strict=True)) if pair[0] != pair[1])
            texts = ("".join(letter for letter, _ in each) for each in (row, other))
            told.append(f"row {y} from column {at} ({row[at]!r} for {other[at]!r}):\n  " + "\n  ".join(texts))
    return "\n".join(told)
