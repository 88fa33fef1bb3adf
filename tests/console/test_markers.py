"""Marker sets: every glyph has one that stands for it, in as many cells."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from console.markers import Plain, plain

GROUND = Color.parse("black")
FRONT = Style.parse("red on blue")


def drawn(text: str, markers: str = "ascii") -> list[tuple[str, str]]:
    parts = Plain(markers).apply([Segment(text, FRONT)], GROUND)
    return [
        (part.text, part.style.bgcolor.name if part.style and part.style.bgcolor else "") for part in parts
    ]


@pytest.mark.parametrize("letter", "─│╭╯┊●○◐✓✗‼→▸◂▲⏎…·×–▏▌▉▁▄█▒⠋⠀✎↻❚≤“ ")
def test_every_mark_has_a_plain_one_of_its_width(letter: str) -> None:
    assert plain(letter).isascii()
    assert cell_len(plain(letter)) == cell_len(letter)


def test_what_is_not_known_is_a_star_and_letters_of_words_stay() -> None:
    assert plain("☃") == "*" and plain("ü") == "ü" and plain("日") == "日"


def test_a_block_of_half_a_cell_and_more_becomes_its_colour() -> None:
    assert drawn("a▉▎b") == [("a", "blue"), (" ", "red"), ("|b", "blue")]
    assert drawn("▂▆") == [("_", "blue"), (" ", "red")]


def test_the_block_set_leaves_all_but_braille() -> None:
    assert drawn("⠋█ ●", "block") == [("▪█ ●", "blue")]


def test_ascii_passes_untouched() -> None:
    segment = Segment("plain", FRONT)
    assert Plain("ascii").apply([segment], GROUND) == [segment]
