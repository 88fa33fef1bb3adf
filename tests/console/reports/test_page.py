"""The HTML report: well-formed, exact to the overview, and nothing of a name acts as markup."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from console.reports import render_whole
from console.reports.drawing import BAR, HEIGHT, OTHER, SERIES, budget_bars, columns, heat, peak
from tests.console.reports.making_whole import MODELS, NASTY, OVERVIEW, WHOLE, row

VOID = {"meta", "link"}
EMPTY = replace(OVERVIEW, rows=(), groups=(), over_time=(), hours=(), total=row("0", 0))


class Page(HTMLParser):
    """What a browser would see; fails where an element is left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data.strip()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = Page(render_whole(WHOLE, "html", simulated=True))
    assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert [attrs["href"] for _, attrs in page.tags if "href" in attrs] == ["data:,"]
    assert not [
        attrs for _, attrs in page.tags if "src" in attrs or any(key.startswith("on") for key in attrs)
    ]


def test_the_page_says_where_it_comes_from() -> None:
    text = render_whole(WHOLE, "html", simulated=True)
    assert "Simulated: no money was spent." in text
    assert "<h1>LLM spend, 2026-11-01 01:00 to 2026-11-23 01:00</h1>" in text
    assert "2026-11-01 01:00 +0100 to 2026-11-23 01:00 +0100, time zone Europe/Berlin" in text
    assert "10 rows of the ledger, 1 of them still under way" in text
    assert "ab" * 32 in text
    assert "\x1b" not in text


def test_every_table_has_its_total() -> None:
    page = Page(render_whole(WHOLE, "html"))
    by_project, by_model = page.tables[-2:]
    assert by_project[0][0] == "project"
    assert by_project[2][0] == NASTY.replace("\x1b", "�")
    for table in (by_project, by_model):
        costs = [Decimal(line[-2].removeprefix("$")) for line in table[1:]]
        assert sum(costs[:-1]) == costs[-1] == 55


def test_columns_are_as_high_as_the_costs_and_rest_on_each_other() -> None:
    chart = columns(OVERVIEW)
    assert sum(part.height for part in chart.parts) == pytest.approx(HEIGHT * 55 / 20)
    assert chart.amounts[-1].text == "$20.00"
    by_column: dict[float, list[tuple[float, float]]] = {}
    for part in chart.parts:
        by_column.setdefault(part.x, []).append((part.y, part.y + part.height))
    for spans in by_column.values():
        ordered = sorted(spans, reverse=True)
        assert ordered[0][1] == pytest.approx(HEIGHT)
        assert [low for _, low in ordered[1:]] == pytest.approx([high for high, _ in ordered[:-1]])


@pytest.mark.parametrize(
    ("cost", "ticks"),
    [
        ("0.0005", "$0.0002 $0.0004 $0.0006 $0.0008"),
        ("0.09", "$0.025 $0.05 $0.075 $0.10"),
        ("0.5", "$0.20 $0.40 $0.60 $0.80"),
    ],
)
def test_the_ticks_of_little_money_can_be_told_apart(cost: str, ticks: str) -> None:
    first = replace(OVERVIEW.over_time[0], cost_usd=Decimal(cost))
    chart = columns(replace(OVERVIEW, over_time=(first,)))
    assert [tick.text for tick in chart.amounts] == ["$0.00", *ticks.split()]


def test_models_beyond_the_colours_share_one() -> None:
    legend = columns(OVERVIEW).legend
    assert [key.name for key in legend] == [*MODELS[:SERIES], OTHER]
    assert sum(key.amount for key in legend) == 55


def test_days_without_a_call_have_their_place() -> None:
    chart = columns(OVERVIEW)
    xs = sorted({part.x for part in chart.parts})
    assert [round((x - xs[0]) / (xs[1] - xs[0])) for x in xs] == [0, 1, 2, 3]
    assert chart.times[0].text == "3 Nov"


def test_the_hour_that_comes_twice_is_two_columns() -> None:
    hours = ("2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00")
    chart = columns(
        replace(OVERVIEW, step="hour", over_time=tuple(row("1", hour=at, model="m") for at in hours))
    )
    assert len({part.x for part in chart.parts}) == 2
    assert [tick.text for tick in chart.times] == ["25 Oct 02:00", "02:00"]


def test_months_have_their_names() -> None:
    rows = (row("1", month="2025-12", model="m"), row("2", month="2026-02", model="m"))
    assert [tick.text for tick in columns(replace(OVERVIEW, step="month", over_time=rows)).times] == [
        "Dec 25",
        "Jan 26",
        "Feb 26",
    ]


def test_the_heat_map_has_every_hour_of_the_week() -> None:
    cells = heat(OVERVIEW)
    assert len(cells) == 7 * 24
    assert sorted(cell.depth for cell in cells if cell.depth) == [0.25, 1.0]
    assert peak(OVERVIEW) == "Tue 14:00–15:00: $44.00"


def test_budgets_are_drawn_by_their_share_fullest_first() -> None:
    bars = budget_bars(WHOLE.budgets)
    assert [bar.budget.share for bar in bars] == [1.4, 0.85, 0.5]
    assert [bar.cut for bar in bars] == [True, False, False]
    assert bars[1].length == pytest.approx(0.85 * BAR)
    assert bars[2].amount == "500 of 1,000 tokens"


def test_an_empty_period_is_a_page_too() -> None:
    page = render_whole(replace(WHOLE, overview=EMPTY, budgets=()), "html")
    Page(page)
    assert page.count("Nothing was spent in this period.") == 2
    assert "No budget is set." in page


def test_parts_can_be_left_out() -> None:
    page = render_whole(replace(WHOLE, include=frozenset()), "html")
    assert not [word for word in ("Budgets", "Savings", "Hours of the week") if f"<h2>{word}" in page]
    assert "Spend over time" in page


def test_markdown_tells_the_parts_after_the_table() -> None:
    text = render_whole(WHOLE, "md")
    assert "Saved **$2.25**: $1.50 by this gateway's cache" in text
    assert "| web | project=web | month | $8.50 of $10 | 85% | – |" in text
    assert "\\<script>" in text and "\n<script>" not in text
    assert "Saved" not in render_whole(replace(WHOLE, include=frozenset()), "md")
