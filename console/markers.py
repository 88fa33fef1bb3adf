"""Marker sets: what stands for glyphs that a terminal's font does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from unicodedata import category

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

MARKERS = ("braille", "block", "ascii")
"""Everything; no dots of braille; nothing but ASCII."""

_BRAILLE = range(0x2800, 0x2900)
_LOWER = "▁▂▃▄▅▆▇█"
_LEFT = "▏▎▍▌▋▊▉█"
_ASCII: Mapping[str, str] = {
    letter: plain
    for plain, letters in {
        "-": "─━┄┅┈┉╌╍—–·−",
        "|": "│┃┆┇┊┋╎╏▏▎▍❚",
        "+": "╭╮╰╯┌┐└┘├┤┬┴┼╔╗╚╝",
        "=": "═",
        "#": "░▒▓▪■",
        "*": "●•◆✎",
        "o": "○◌◦",
        "%": "◐◑",
        "v": "✓▾▼↓",
        "x": "✗×",
        "!": "‼⚠",
        ">": "→▸▶❯⏎≥",
        "<": "←◂◀≤",
        "^": "▲↑",
        "@": "↻↺",
        ".": "…",
        "_": "▁▂▃",
        "'": "‘’",
        '"': "“”",
        " ": "\u00a0\u2800",
    }.items()
    for letter in letters
}


def inverted(letter: str) -> bool:
    """A block that fills half of its cell or more: a blank on its colour stands for it."""
    return letter in _LOWER[3:] or letter in _LEFT[3:] or letter in "▀▛▜▙▟"


@lru_cache(maxsize=4_096)
def plain(letter: str) -> str:
    """The ASCII that stands for one letter, in as many cells. Letters of words stay what they are."""
    if letter.isascii():
        return letter
    if (known := _ASCII.get(letter)) is not None:
        return known
    if inverted(letter):
        return " "
    return "*" * cell_len(letter) if category(letter)[0] in "SP" else letter


class Plain(LineFilter):
    """Draws with one of the smaller marker sets."""

    def __init__(self, markers: str) -> None:
        super().__init__()
        self._ascii = markers == "ascii"

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [part for segment in segments for part in self._parts(segment)]

    def _parts(self, segment: Segment) -> Iterator[Segment]:
        text, style, control = segment
        if control or text.isascii():
            yield segment
        elif self._ascii:
            yield from _pieces(text, style)
        else:
            yield Segment("".join("▪" if ord(letter) in _BRAILLE else letter for letter in text), style)


def _pieces(text: str, style: Style | None) -> Iterator[Segment]:
    """The text in ASCII; where a block is more than half full, its colour becomes the ground."""
    run, filled = "", False
    for letter in text:
        if inverted(letter) is not filled and run:
            yield Segment(run, _ground(style) if filled else style)
            run = ""
        filled = inverted(letter)
        run += plain(letter)
    yield Segment(run, _ground(style) if filled else style)


def _ground(style: Style | None) -> Style | None:
    return style if style is None or style.color is None else style + Style(bgcolor=style.color)
