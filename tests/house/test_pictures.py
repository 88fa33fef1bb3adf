"""The pictures in screenshots/: the README finds each of its own, and both forms of each say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens.palette import png_size
from tests.screens.shots import FILM, FOLDER, SCALE, SHOTS, drawn_size
from tests.support.sources import ROOT, tracked_files

SHOWN = re.findall(r"\]\((screenshots/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
MOST = 200_000
"""Bytes of a picture; the film is tests/screens/test_film.py's."""


def test_the_readme_shows_some() -> None:
    assert len(SHOWN) >= 8
    assert f"screenshots/{FILM}.svg" in SHOWN


@pytest.mark.parametrize("picture", SHOWN)
def test_every_picture_of_the_readme_is_there(picture: str) -> None:
    assert ROOT / picture in tracked_files()
    assert (ROOT / picture).stat().st_size > 10_000


def test_nothing_else_lies_there() -> None:
    wanted = {f"{shot.name}.{form}" for shot in SHOTS for form in ("svg", "png")} | {f"{FILM}.svg"}
    assert {path.name for path in FOLDER.iterdir()} == wanted


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.png")), ids=lambda path: path.stem)
def test_a_png_is_as_large_as_its_svg_says(path: Path) -> None:
    wide, high = drawn_size(path.with_suffix(".svg").read_text(encoding="utf-8"))
    assert png_size(path.read_bytes()) == (wide * SCALE, high * SCALE)
    assert path.stat().st_size <= MOST
    assert path.with_suffix(".svg").stat().st_size <= MOST
