"""A look that is kept as text: what the cells of a screen say, and in which style in each theme.

Themes rarely change a letter, so one file holds them all: the lines of the screen, then its styles as runs of
cells (`a12` is twelve cells in the style `a`), then what each letter means in each theme. Lines that read
differently in another theme stand below that.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from itertools import count, groupby, product, zip_longest
from pathlib import Path
from string import ascii_letters

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tests.screens.capture import Rows, text_of

KEPT = Path(__file__).parent / "kept"
UPDATE = "UPDATE_SCREENS"
"""Set this variable to keep what the screens show now."""
BLANK = ""
SHOWN = ("bold", "underline", "reverse", "dim")

Look = Mapping[str, Rows]
"""The same screen in each theme, by the theme's name; the first one's letters are kept."""


def compare(look: Look, name: str) -> None:
    """Fails where the screen is not as it was kept under this name, and shows the difference."""
    told = written(look)
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


def written(look: Look) -> str:
    """The look as its file has it."""
    first, *others = look
    letters: dict[tuple[str, ...], str] = {}
    names = _letters()
    runs = []
    for cells in zip(*(_styles(rows) for rows in look.values()), strict=True):
        line = []
        for words, same in groupby(zip(*cells, strict=True)):
            if words not in letters:
                letters[words] = next(names)
            line.append(f"{letters[words]}{len(list(same))}")
        runs.append(" ".join(line))
    legend = ["\t".join(("", *look)), *("\t".join((name, *words)) for words, name in letters.items())]
    texts = {theme: [text.rstrip() for text in text_of(rows)] for theme, rows in look.items()}
    differ = [
        f"{theme}\t{at}\t{text}"
        for theme in others
        for at, (text, usual) in enumerate(zip(texts[theme], texts[first], strict=True))
        if text != usual
    ]
    return "\n".join([*texts[first], BLANK, *runs, BLANK, *legend, BLANK, *differ]).rstrip("\n") + "\n"


def read(path: Path) -> Look:
    """The look as rows again, by theme."""
    lines = path.read_text(encoding="utf-8").split("\n")
    high = int(path.stem.rpartition("x")[2])
    texts, runs = lines[:high], [line.split(" ") for line in lines[high + 1 : 2 * high + 1]]
    legend, differ = _halves(lines[2 * high + 2 :])
    themes = legend[0][1:]
    means = {name: words for name, *words in legend[1:]}
    look = {}
    for at, theme in enumerate(themes):
        own = {int(row): text for name, row, text in differ if name == theme}
        said = [own.get(row, text) for row, text in enumerate(texts)]
        styles = {name: _style(words[at]) for name, words in means.items()}
        look[theme] = [_row(text, line, styles) for text, line in zip(said, runs, strict=True)]
    return look


def _halves(lines: list[str]) -> tuple[list[list[str]], list[list[str]]]:
    end = lines.index(BLANK)
    return [line.split("\t") for line in lines[:end]], [line.split("\t") for line in lines[end + 1 :] if line]


def _row(text: str, runs: list[str], styles: Mapping[str, Style]) -> list[Segment]:
    """The parts of a row: its text, cut where another style begins."""
    cuts, at, drawn = [], 0, []
    for run in runs:
        name = run.rstrip("0123456789")
        at += int(run[len(name) :])
        cuts.append(at)
        drawn.append(styles[name])
    padded = Segment(text + " " * (at - cell_len(text)))
    parts = zip_longest(Segment.divide([padded], cuts), drawn)
    return [Segment("".join(part.text for part in parts), style) for parts, style in parts if parts]


def _styles(rows: Rows) -> Iterator[list[str]]:
    for row in rows:
        yield [words for part in row for words in [_words(part.style)] * part.cell_length]


def _words(style: Style | None) -> str:
    if style is None:
        return "none"
    words = [
        style.color.name if style.color else "default",
        "on",
        style.bgcolor.name if style.bgcolor else "default",
    ]
    return " ".join([*words, *(name for name in SHOWN if getattr(style, name))])


def _style(words: str) -> Style:
    return Style.null() if words == "none" else Style.parse(words)


def _letters() -> Iterator[str]:
    """a, b, …, Z, aa, ab, …"""
    for long in count(1):
        yield from ("".join(letters) for letters in product(ascii_letters, repeat=long))
