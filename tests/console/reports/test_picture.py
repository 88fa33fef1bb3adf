"""The report as one SVG picture: well formed, with its numbers and its parts, and harmless."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from console.reports import render_whole
from tests.console.reports.making_whole import MODELS, NASTY, OVERVIEW, WHOLE

SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def words(root: ElementTree.Element) -> str:
    return "\n".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))


def test_it_has_the_numbers_the_columns_and_the_budgets() -> None:
    root = drawn(render_whole(WHOLE, "svg"))
    told = words(root)
    for part in (
        "$55.00",
        "$2.25",
        "Spend for each day, by model",
        "model-0",
        "85% ▲",
        "140% ▲",
        "By project",
    ):
        assert part in told, part
    columns = [each for each in root.iter(f"{SVG}rect") if (each.get("class") or "").startswith("s")]
    assert len(columns) > len(MODELS)
    width, height = (float(root.get(name) or 0) for name in ("width", "height"))
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"


def test_it_loads_and_runs_nothing_and_no_name_is_markup() -> None:
    text = render_whole(WHOLE, "svg")
    root = drawn(text)
    names = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert names <= {"svg", "title", "style", "rect", "text", "line", "g"}
    assert not [
        name for each in root.iter() for name in each.attrib if name.startswith("on") or "href" in name
    ]
    assert "url(" not in text and "@import" not in text and "\x1b" not in text
    assert "</td>" in words(root) and NASTY not in text


@pytest.mark.parametrize("include", [frozenset(), frozenset({"budgets"})])
def test_parts_can_be_left_out_and_nothing_spent_is_said(include: frozenset[str]) -> None:
    nothing = replace(OVERVIEW, over_time=(), rows=(), groups=OVERVIEW.groups[:1])
    told = words(drawn(render_whole(replace(WHOLE, overview=nothing, include=include), "svg")))
    assert "nothing was spent in this period" in told
    assert ("Budgets" in told) == ("budgets" in include)
