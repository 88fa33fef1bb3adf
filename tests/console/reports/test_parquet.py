"""Parquet, read back by pyarrow: types, meanings, sums to the last nano-dollar, pieces cut anywhere."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from console.reports.json_text import SUMS
from console.reports.parquet import ROWS, LedgerFile, nano, nano_name, report
from console.reports.parquet_columns import LEDGER, MEANINGS
from gateway_core.store.queries.rows import EXPORT_COLUMNS
from tests.console.reports.test_reports import NASTY, REPORT
from tests.support.sources import ROOT

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROW: dict[str, Any] = {
    **dict.fromkeys(EXPORT_COLUMNS),
    "id": "7f1",
    "started_at": "2026-11-01T10:00:00.123456Z",
    "stream": True,
    "input_tokens": 12,
    "cost_usd": "0.000000125",
    "saved_usd": "9223372036.854775807",
    "overhead_ms": 0.5,
    "tags": {"project": NASTY, "user": "änn"},
}


def read(data: bytes) -> Any:
    return pq.read_table(io.BytesIO(data))


def exported(rows: list[dict[str, Any]], size: int = 1 << 16) -> Any:
    lines, out = b"".join(json.dumps(row).encode() + b"\n" for row in rows), io.BytesIO()
    file = LedgerFile(out)
    for begin in range(0, len(lines), size):
        file.add(lines[begin : begin + size])
    file.close()
    return out.getvalue()


def test_a_report_has_keys_and_exact_sums() -> None:
    table = read(report(REPORT))
    assert table.column_names == [*REPORT.by, *map(nano_name, SUMS)]
    assert table["project"].to_pylist() == ["web", NASTY, None]
    assert table["cost_nano_usd"].type == table["calls"].type == pa.int64()
    assert table["cost_nano_usd"].to_pylist() == [125, 41_700_000_000, 12_790_000_000]
    assert sum(table["cost_nano_usd"].to_pylist()) == nano(REPORT.total.cost_usd)
    about = table.schema.metadata
    assert (about[b"since"], about[b"simulated"]) == (REPORT.since.encode(), b"false")


def test_without_groups_the_total_alone_is_a_row() -> None:
    whole = replace(REPORT, by=(), rows=())
    assert read(report(whole, simulated=True)).to_pylist()[0]["calls"] == REPORT.total.calls
    assert read(report(replace(REPORT, rows=()))).num_rows == 0


def test_every_column_says_what_it_means() -> None:
    for data in (report(REPORT), exported([ROW])):
        for field in read(data).schema:
            assert len(field.metadata[b"description"]) > 5, field.name
    assert set(MEANINGS) == set(SUMS)


def test_the_ledgers_columns_are_those_of_the_other_formats() -> None:
    assert tuple(column.source for column in LEDGER) == EXPORT_COLUMNS
    assert read(exported([ROW])).column_names == [column.name for column in LEDGER]


def test_a_row_comes_back_as_it_was() -> None:
    (row,) = read(exported([ROW])).to_pylist()
    assert (row["cost_nano_usd"], row["saved_nano_usd"]) == (125, 2**63 - 1)
    assert row["started_at"].isoformat() == "2026-11-01T10:00:00.123456+00:00"
    assert dict(row["tags"]) == ROW["tags"]
    assert (row["finished_at"], row["error"], row["stream"], row["overhead_ms"]) == (None, None, True, 0.5)


@pytest.mark.parametrize("size", [1, 7, 1_000, 1 << 20])
def test_pieces_may_be_cut_anywhere(size: int) -> None:
    rows = [{**ROW, "id": str(number)} for number in range(20)]
    assert read(exported(rows, size))["id"].to_pylist() == [str(number) for number in range(20)]


def test_many_rows_are_written_group_by_group_and_none_at_all_is_a_file_too() -> None:
    many = pq.ParquetFile(io.BytesIO(exported([ROW] * (2 * ROWS + 3))))
    assert (many.num_row_groups, many.metadata.num_rows) == (3, 2 * ROWS + 3)
    assert read(exported([])).num_rows == 0


@pytest.mark.parametrize("lost", ["0.0000000001", "1.0000000005"])
def test_no_part_of_a_nano_dollar_is_lost_in_silence(lost: str) -> None:
    with pytest.raises(ValueError, match="whole number of nano-dollars"):
        nano(Decimal(lost))


def test_the_page_on_parquet_tells_every_column() -> None:
    page = (ROOT / "docs" / "parquet.md").read_text(encoding="utf-8")
    sums = {nano_name(name): MEANINGS[name] for name in SUMS}
    told = [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in LEDGER]
    told += [f"| `{name}` | {meaning} |" for name, meaning in sums.items()]
    assert [line for line in page.splitlines() if line.startswith("| `")] == told
