"""Reports in every format: the same sums, and nothing of a tag that acts as markup or formula."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from console.reports import FORMATS, render
from console.shapes import Report, ReportRow

NASTY = "=cmd|'/c'!A1 <script>x</script> | `b` \x1b[31m"


def row(keys, calls, cost, *, unpriced=0, estimated="0"):
    return ReportRow(
        keys=keys,
        calls=calls,
        input_tokens=calls * 100,
        cached_input_tokens=calls * 10,
        cache_write_tokens=0,
        output_tokens=calls * 7,
        cost_usd=Decimal(cost),
        saved_usd=Decimal("0.25"),
        unpriced=unpriced,
        estimated_usd=Decimal(estimated),
    )


REPORT = Report(
    since="2026-11-01T00:00:00Z",
    until="2026-11-23T00:00:00Z",
    by=("project", "model"),
    rows=(
        row({"project": "web", "model": "small"}, 3, "0.000000125"),
        row({"project": NASTY, "model": "large"}, 2, "41.70", estimated="1.5"),
        row({"model": "large"}, 1, "12.79", unpriced=1),
    ),
    total=replace(row({}, 6, "54.490000125", unpriced=1, estimated="1.5"), saved_usd=Decimal("0.75")),
)


TEXTS = tuple(format for format in FORMATS if format not in ("html", "svg"))


def test_json_is_exact_and_adds_up():
    told = json.loads(render(REPORT, "json"))
    assert sum(Decimal(each["cost_usd"]) for each in told["rows"]) == Decimal(told["total"]["cost_usd"])
    assert told["rows"][0]["cost_usd"] == "0.000000125"


def test_json_lines_have_keys_and_sums_side_by_side():
    lines = [json.loads(line) for line in render(REPORT, "jsonl").splitlines()]
    assert [line.get("project") for line in lines] == ["web", NASTY, None]
    assert sum(line["calls"] for line in lines) == 6


def test_csv_is_exact_adds_up_and_holds_no_formula():
    rows = list(csv.DictReader(io.StringIO(render(REPORT, "csv"))))
    assert sum(Decimal(each["cost_usd"]) for each in rows) == REPORT.total.cost_usd
    assert not any(cell.startswith(("=", "+", "-", "@")) for each in rows for cell in each.values())
    assert rows[0]["project"].startswith("'=cmd")


def test_the_table_is_aligned_dearest_first_with_its_total():
    lines = render(REPORT, "table").splitlines()
    assert len({len(line) for line in lines[2:6] if line.endswith("$0.25")}) == 1
    assert "~$41.70" in lines[3]
    assert lines[4].startswith("(untagged)")
    assert lines[6].startswith("total")
    assert "~$54.49" in lines[6]
    assert "1 call has no price" in lines[-1]
    assert "\x1b" not in "".join(lines)


def test_markdown_rows_have_as_many_cells_as_the_header():
    lines = [line for line in render(REPORT, "md").splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {10}
    assert "\\<script>" in lines[2]


@pytest.mark.parametrize("format", TEXTS)
def test_an_empty_report_is_a_report(format):
    empty = replace(REPORT, rows=(), total=replace(row({}, 0, "0"), saved_usd=Decimal(0)))
    assert render(empty, format).endswith("\n") or format == "jsonl"


@pytest.mark.parametrize("format", TEXTS)
def test_without_groups_the_total_is_told(format):
    whole = replace(REPORT, by=(), rows=(REPORT.total,))
    assert "54.49" in render(whole, format)


def test_calls_that_no_model_answered_are_not_called_untagged():
    report = replace(REPORT, by=("model", "team"), rows=(row({}, 1, "0"),))
    assert "(no model)  (untagged)" in render(report, "table")
