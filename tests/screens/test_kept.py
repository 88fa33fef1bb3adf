"""What holds for every picture of a screen that is kept: nothing cut, nothing wrapped, nothing too dim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.style import Style

from console import keymap
from console.theme import load_theme, meanings, shipped
from console.wardrobe import FEW_COLORS, NO_COLORS
from tests.screens.capture import Rows, text_of
from tests.screens.look import KEPT, Look, read, written
from tests.screens.test_themes import GROUNDS, INKS, LEAST, contrast

LOOKS = sorted(KEPT.glob("*.txt"))
SIZES = {(80, 24), (120, 36), (200, 50)}
GLYPHS = {key.glyph for key in keymap.KEYS} | {"<", ">", "v", "^"}
THEMES = ("ember", "paper", "mono")
CUT = re.compile(r"(?<![\w./:=-])[$~≤×↑]*\d[\d.,:]*%?…|…[\d$%]|[\d$%.,][│╮╯]")
"""A number that ends in an ellipsis or at a border. In a name, as 'claude-haiku-4…', a digit is none."""
READ = re.compile(r"[^\W_]|[$%]")
"""What is read as text; lines, blocks and marks are seen as shapes, and stand beside words."""


@cache
def look(path: Path) -> Look:
    return read(path)


@cache
def colors(theme: str) -> dict[str, str]:
    return meanings(load_theme(shipped() / f"{theme}.toml"))


def size(path: Path) -> tuple[int, int]:
    wide, high = path.stem.rpartition("-")[2].split("x")
    return int(wide), int(high)


def seen(style: Style) -> tuple[str, str]:
    """Colours of the text and of what is behind it; '' for the terminal's own."""
    front, back = (
        "" if color is None or color.is_default else color.get_truecolor().hex
        for color in (style.color, style.bgcolor)
    )
    return (back, front) if style.reverse else (front, back)


def is_veiled(rows: Rows, theme: str) -> bool:
    """A form lies over the page: the header is not in its own colours."""
    return theme in THEMES and seen(rows[0][0].style or Style())[1] != colors(theme)["raised"]


def dim(rows: Rows, theme: str) -> Iterator[tuple[str, str, str]]:
    """Texts that can hardly be read, with their colours. Behind a form they are not meant to be."""
    veiled = is_veiled(rows, theme)
    inks, grounds = ({colors(theme)[name] for name in names} for names in (INKS, GROUNDS))
    for part in (part for row in rows for part in row if READ.search(part.text)):
        front, back = seen(part.style or Style())
        if veiled and not (front in inks and back in grounds):
            continue
        if front and back and contrast(front, back) < LEAST:
            yield part.text, front, back


def hints(text: str) -> int:
    """How many of the words between wide gaps are a key and what it does."""
    found = [each.partition(" ") for each in re.split(r"  +", text.strip())]
    return sum(glyph in GLYPHS and label[-1:].isalnum() for glyph, _, label in found)


def test_every_page_is_kept_at_all_sizes_and_in_all_themes() -> None:
    pages = {path.stem.rpartition("-")[0] for path in LOOKS}
    assert len(pages) > 50
    for page in pages:
        assert {size(path) for path in LOOKS if path.stem.rpartition("-")[0] == page} >= SIZES, page
    others = {tuple(look(path)) for path in LOOKS} - {THEMES}
    assert others == {("ember",), (FEW_COLORS,), (NO_COLORS,)}


@pytest.mark.parametrize("path", LOOKS, ids=lambda path: path.stem)
class TestEachPicture:
    def test_is_read_as_it_was_written(self, path: Path) -> None:
        assert written(look(path)) == path.read_text(encoding="utf-8")

    def test_has_rows_as_wide_as_the_screen(self, path: Path) -> None:
        wide, high = size(path)
        for rows in look(path).values():
            assert [cell_len(text) for text in text_of(rows)] == [wide] * high

    def test_cuts_no_number(self, path: Path) -> None:
        """Behind a form anything may end."""
        plain = [rows for theme, rows in look(path).items() if not is_veiled(rows, theme)]
        assert [text for rows in plain for text in text_of(rows) if CUT.search(text)] == []

    def test_has_a_footer_of_whole_hints_in_one_row(self, path: Path) -> None:
        for theme, rows in look(path).items():
            *_, above, last = text_of(rows)
            if not last.startswith(("╰", "+")):
                assert hints(last) >= 2
                assert hints(last) == len(re.split(r"  +", last.strip()))
                assert is_veiled(rows, theme) or above.startswith("╰") or hints(above) < 2

    def test_can_be_read(self, path: Path) -> None:
        assert [(theme, *each) for theme, rows in look(path).items() for each in dim(rows, theme)] == []
