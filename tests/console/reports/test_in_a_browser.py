"""The HTML report in a real Chromium: it renders, asks for nothing, complains of nothing, prints whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.reports import render_whole
from console.shapes.overviews import Group
from tests.console.reports.making_whole import NASTY, OVERVIEW, WHOLE, row
from tests.support.browser import Tab, browser_tab

A4 = 690
"""Pixels between the margins."""
LONG = tuple(
    row("1", 1, project=f"a project with quite a long name {n}", model="openrouter/deepseek-v3.2-exp")
    for n in range(70)
)
ONES = replace(OVERVIEW.total, calls=123_456_789, input_tokens=98_765_432_100, output_tokens=1_234_567_890)
PAGE = render_whole(
    replace(
        WHOLE,
        overview=replace(
            OVERVIEW,
            by=("project", "model"),
            rows=LONG,
            total=ONES,
            groups=(*OVERVIEW.groups, Group(by="project", rows=LONG)),
        ),
    ),
    "html",
)
CUT = """
[...document.querySelectorAll('td, th, h1, h2, p, li, dd, svg')].filter(each => {
  const box = each.getBoundingClientRect();
  return box.right > document.documentElement.clientWidth + 1 || each.scrollWidth > each.clientWidth + 2
    && getComputedStyle(each).display !== 'inline' && each.tagName !== 'svg';
}).map(each => each.tagName + ' ' + each.textContent.slice(0, 60))
"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    file = Path(tmp_path_factory.mktemp("page")) / "report.html"
    file.write_text(PAGE, encoding="utf-8")
    with browser_tab() as tab:
        tab.open(file.as_uri())
        yield tab


def test_nothing_is_asked_for_and_nothing_is_wrong(tab: Tab) -> None:
    tab.look(width=1100)
    tab.picture()
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in tab.requests if url.startswith("file:")]) == 1
    assert tab.complaints == []
    assert tab.value("document.scripts.length") == 0


def test_names_are_text(tab: Tab) -> None:
    assert NASTY.replace("\x1b", "�") in tab.value("document.body.textContent")


def test_the_charts_are_drawn(tab: Tab) -> None:
    tab.look(width=1100)
    drawn = tab.value(
        "[...document.querySelectorAll('section > svg')].map(s => { const b = s.getBoundingClientRect();"
        " return [b.width, b.height, s.querySelectorAll('rect').length] })"
    )
    assert len(drawn) == 2
    assert all(width > 500 and height > 150 and shapes >= 10 for width, height, shapes in drawn)


def test_light_and_dark_are_two_looks(tab: Tab) -> None:
    grounds, pictures = [], []
    for scheme in ("light", "dark"):
        tab.look(width=1100, scheme=scheme)
        grounds.append(tab.value("getComputedStyle(document.body).backgroundColor"))
        pictures.append(tab.picture())
    assert len(set(grounds)) == len(set(pictures)) == 2
    light, dark = (sum(map(int, re.findall(r"\d+", ground))) for ground in grounds)
    assert light > 600 and dark < 150


@pytest.mark.parametrize("width", [1400, 1100])
def test_no_number_is_cut_on_a_screen(tab: Tab, width: int) -> None:
    tab.look(width=width)
    assert tab.value(CUT) == []


def test_a_dark_screen_prints_light_and_no_table_is_cut(tab: Tab) -> None:
    tab.look(width=A4, scheme="dark", media="print")
    assert tab.value(CUT) == []
    assert tab.value("getComputedStyle(document.body).color") == "rgb(42, 36, 32)"
    pdf = tab.pdf()
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 3
