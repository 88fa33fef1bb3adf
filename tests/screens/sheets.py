"""Kept looks as pictures, several on one sheet, to be looked at: python -m tests.screens.sheets FOLDER.

Options: --size 80x24, --theme ember, --only 'kept*,budget*', --columns 3, --rows 3.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.screens.browser import photographed
from tests.screens.look import KEPT, read
from tests.screens.svg import HIGH, WIDE, picture

GROUND = "#333333"
"""Around the pictures; darker than a light theme, lighter than a dark one."""


def sheet(paths: tuple[Path, ...], theme: str, columns: int) -> str:
    """A page with these looks beside and below one another."""
    figures = "".join(
        f"<figure>{picture(rows, f'{path.stem} {theme}', GROUND)}</figure>"
        for path in paths
        if (rows := read(path).get(theme))
    )
    style = f"body{{margin:0;background:{GROUND};display:grid;grid-template-columns:repeat({columns},1fr)}}"
    return f"<!doctype html><style>{style}figure{{margin:4px}}svg{{width:100%}}</style>{figures}"


def _some(paths: list[Path], many: int) -> Iterator[tuple[Path, ...]]:
    for at in range(0, len(paths), many):
        yield tuple(paths[at : at + many])


def main() -> int:
    """Writes the sheets; the exit status."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--size", default="120x36")
    options.add_argument("--theme", default="ember")
    options.add_argument("--only", default="*")
    options.add_argument("--columns", type=int, default=3)
    options.add_argument("--rows", type=int, default=3)
    wanted = options.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    patterns = wanted.only.split(",")
    paths = sorted(
        path
        for path in KEPT.glob(f"*-{wanted.size}.txt")
        if any(fnmatch(path.stem.rpartition("-")[0], pattern) for pattern in patterns)
    )
    wide, high = (int(part) for part in wanted.size.split("x"))
    width = int(wanted.columns * (wide * WIDE + 32))
    height = int(wanted.rows * (high * HIGH + 64))
    for number, some in enumerate(_some(paths, wanted.columns * wanted.rows), 1):
        target = wanted.folder / f"{wanted.size}-{wanted.theme}-{number:02}.png"
        with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as page:
            page.write(sheet(some, wanted.theme, wanted.columns))
            page.flush()
            photographed(Path(page.name), target, (width, height))
        sys.stdout.write(f"{target}: {' '.join(path.stem for path in some)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
