"""A choice in one line: what cannot be had is known without its colour."""

from __future__ import annotations

from console.widgets.choice import Choice
from console.widgets.ink import Line


def said(line: Line) -> str:
    return "".join(text for text, _ in line)


def test_what_cannot_be_had_stands_in_brackets() -> None:
    choice = Choice(("md", "parquet"), "md", id="format", barred={"parquet"})
    assert said(choice.draw(30, 1)[0]) == " md  (parquet) "
    assert choice.value == "md"


def test_so_it_does_where_only_one_option_has_room() -> None:
    choice = Choice(("md", "parquet"), "parquet", id="format", barred={"parquet"})
    assert said(choice.draw(12, 1)[0]) == "◂ (parquet) ▸"
    assert choice.value == "parquet"
