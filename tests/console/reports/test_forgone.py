"""What would have been saved, in every format: exact, apart from what was, and with nobody's name."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from console.reports import FORMATS, Pseudonyms, Whole, render, render_whole
from console.reports.forgone import EXACT, LEAD, TITLE, sentence, tables
from console.shapes.forgone import Forgone, ForgoneRow, WatchedRoute
from tests.console.reports.making_whole import NASTY, OVERVIEW, WHOLE


def row(routed_usd: str = "0", **more: object) -> ForgoneRow:
    return ForgoneRow(routed=3, routed_usd=Decimal(routed_usd), **more)  # type: ignore[arg-type]


WEB = row(
    "2.000000001",
    keys={"project": "web"},
    alike=4,
    agreed=3,
    alike_usd=Decimal("0.5"),
    wrong_usd=Decimal("0.07"),
    together=6,
    together_usd=Decimal("2.300000001"),
    together_unpriced=1,
)
DEARER = row("-0.75", keys={"project": NASTY}, together=3, together_usd=Decimal("-0.75"))
TOTAL = replace(
    WEB, keys={}, routed=6, routed_usd=Decimal("1.250000001"), together=9, together_usd=Decimal("1.550000001")
)
TOLD = Forgone(
    rows=(WEB, DEARER),
    modes=(replace(WEB, keys={"mode": "vibing"}), replace(DEARER, keys={"mode": ""})),
    routes=(
        WatchedRoute(
            route="ana down", target="openai/nano", calls=4, saved_usd=Decimal("2.000000001"), unpriced=1
        ),
        WatchedRoute(route=NASTY, target="openai/pro", calls=3, saved_usd=Decimal("-0.75"), unpriced=0),
    ),
    total=TOTAL,
)
WITH = replace(WHOLE, overview=replace(OVERVIEW, forgone=TOLD))


def written(format: str, whole: Whole = WITH) -> str:
    return render_whole(whole, format)


def test_markdown_says_first_that_none_of_it_was_saved() -> None:
    text = written("md")
    before, part = text.split(f"## {TITLE}\n")
    assert part.startswith(f"\n{LEAD}\n") and "None of this was saved" in LEAD
    assert "| vibing | $2.00 | $0.50 | 3 of 4 | $2.30 | 1 |" in part
    assert "| (untagged) | -$0.75 | – | – | -$0.75 | – |" in part
    assert "| **total** | **$1.25** | **$0.50** | **3 of 4** | **$1.55** | **1** |" in part
    assert "| ana down | openai/nano | 4 | $2.00 | 1 |" in part
    assert "1 call cannot be priced" in part and "$0.07, counts as no saving" in part
    assert "Saved **$2.25**" in before


def test_what_was_saved_reads_the_same_with_and_without_it() -> None:
    without = render_whole(WHOLE, "md")
    text = written("md")
    assert TITLE not in without
    start = text.index(f"## {TITLE}")
    end = start + text[start:].index("| budget |")
    assert text[:start] + text[end:] == without


@pytest.mark.parametrize("format", ["html", "svg"])
def test_pages_and_pictures_tell_it_apart(format: str) -> None:
    text = written(format)
    assert TITLE in text and "$1.55" in text and "3 of 4" in text
    assert "<script" not in text and "\x1b" not in text
    left_out = replace(WITH, include=WITH.include - {"forgone"})
    assert TITLE not in written(format, left_out)


def test_csv_has_it_exact_in_columns_of_its_own() -> None:
    lines = list(csv.DictReader(io.StringIO(written("csv"))))
    assert [line["would_have_saved_usd"] for line in lines] == ["2.300000001", "-0.75"]
    assert [line["would_have_saved_by_cache_usd"] for line in lines] == ["0.5", "0"]
    assert [line["saved_usd"] for line in lines] == ["0.25", "0.25"]
    assert not set(EXACT) & set(next(csv.reader(io.StringIO(render_whole(WHOLE, "csv")))))


def test_json_has_it_as_a_part_of_its_own() -> None:
    told = json.loads(written("json"))["forgone"]
    assert told["total"]["together_usd"] == "1.550000001"
    assert sum(Decimal(each["routed_usd"]) for each in told["rows"]) == Decimal(told["total"]["routed_usd"])
    assert [each["route"] for each in told["routes"]] == ["ana down", NASTY]
    first, second = map(json.loads, written("jsonl").splitlines())
    assert (first["would_have_saved_by_routes_usd"], second["would_have_unpriced"]) == ("2.000000001", 0)


def test_a_table_says_it_in_one_sentence_after_all_else() -> None:
    last = render(WITH.report, "table").splitlines()[-1]
    assert last == sentence(TOLD)
    assert last.startswith("Would have been saved, but was not: $1.55; $1.25 by routes in shadow, ")


@pytest.mark.parametrize("format", FORMATS)
def test_masked_it_names_nobody(format: str) -> None:
    names = Pseudonyms({"project": ["web", NASTY]})
    masked = replace(WITH, overview=names.overview(WITH.overview), origin=replace(WITH.origin, where={}))
    text = written(format, replace(masked, budgets=()))
    assert "ana down" not in text and "web" not in text.replace("webkit", "")
    if format in ("md", "html", "json"):
        assert "route-1" in text and "route-2" in text and "project-2" in text


def test_where_nothing_watched_there_is_no_part() -> None:
    nothing = replace(WHOLE, overview=replace(OVERVIEW, forgone=Forgone()))
    assert tables(Forgone(), ["project"]) == [] and sentence(Forgone()) == ""
    assert written("md", nothing) == render_whole(WHOLE, "md")
    assert "no route and no cache only watched" in written("html", nothing)
    assert written("svg", nothing) == render_whole(WHOLE, "svg")
