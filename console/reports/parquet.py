"""Reports and ledger rows as Parquet: typed columns, money as whole nano-dollars, each with its meaning."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from console.extras import need
from console.reports.json_text import SUMS
from console.reports.parquet_columns import LEDGER, MEANINGS, NANO, PER_DOLLAR, Column
from console.reports.pieces import Pieces
from console.shapes import Report, ReportRow

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 10_000
"""Ledger rows of one group of the file."""


def need_parquet() -> None:
    """Raises Trouble where the library is not installed."""
    need("pyarrow", what="Parquet", extra="parquet")


def report(found: Report, *, simulated: bool = False) -> bytes:
    """A file of one row a group, its keys before its sums; the total alone where there are no groups."""
    columns = [*(Column(key, "text", f"the group's {key}; null where a call has none") for key in found.by)]
    columns += [_sum(name) for name in SUMS]
    rows = found.rows if found.by else (found.total,)
    out = io.BytesIO()
    about = {"since": found.since, "until": found.until, "simulated": str(simulated).lower()}
    with _file(out, columns, about) as writer:
        writer.write_batch(_batch(columns, [_report_row(row) for row in rows]))
    return out.getvalue()


class LedgerFile:
    """A file of ledger rows that grows by pieces of JSON lines, however many there are, cut anywhere."""

    def __init__(self, to: IO[bytes]) -> None:
        self._writer = _file(to, LEDGER, {})
        self._pieces = Pieces()
        self._rows: list[Mapping[str, Any]] = []

    def add(self, piece: bytes) -> None:
        """The next bytes of the lines."""
        self._rows += [_ledger_row(json.loads(line)) for line in self._pieces.lines(piece)]
        while len(self._rows) >= ROWS:
            self._write(self._rows[:ROWS])
            del self._rows[:ROWS]

    def close(self) -> None:
        """Writes what is left, and the file's end."""
        if self._rows:
            self._write(self._rows)
        self._writer.close()

    def _write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._writer.write_batch(_batch(LEDGER, rows))


def _sum(name: str) -> Column:
    return Column(nano_name(name), "money" if name.endswith("_usd") else "count", MEANINGS[name])


def nano_name(name: str) -> str:
    """A column's name in the file, where dollars are counted in nano-dollars."""
    return name.removesuffix("_usd") + NANO if name.endswith("_usd") else name


def _report_row(row: ReportRow) -> Mapping[str, Any]:
    return {**row.keys, **{nano_name(name): _plain(getattr(row, name)) for name in SUMS}}


def _plain(value: Decimal | int) -> int:
    return nano(value) if isinstance(value, Decimal) else value


def _ledger_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A line of the export as the columns want it."""
    return {column.name: _read(column, row[column.source]) for column in LEDGER}


def _read(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.kind:
        case "money":
            return nano(Decimal(value))
        case "instant":
            return datetime.fromisoformat(value)
        case "tags":
            return list(value.items())
    return value


def nano(dollars: Decimal) -> int:
    """Dollars as whole nano-dollars. Raises ValueError where a part of one would be lost."""
    amount = dollars * PER_DOLLAR
    if amount != int(amount):
        raise ValueError(f"{dollars} is no whole number of nano-dollars")
    return int(amount)


def _file(to: IO[bytes], columns: Sequence[Column], about: Mapping[str, str]) -> Any:
    """A writer of these columns. Loading pyarrow takes a while, which only who wants a file pays."""
    import pyarrow.parquet as pq

    return pq.ParquetWriter(to, _schema(columns, about), compression="zstd")


def _schema(columns: Sequence[Column], about: Mapping[str, str]) -> pa.Schema:
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "count": pa.int64(),
        "money": pa.int64(),
        "milliseconds": pa.float64(),
        "yes or no": pa.bool_(),
        "instant": pa.timestamp("us", tz="UTC"),
        "tags": pa.map_(pa.string(), pa.string()),
    }
    fields = [
        pa.field(each.name, kinds[each.kind], metadata={"description": each.meaning}) for each in columns
    ]
    return pa.schema(fields, metadata={"made by": "llmconsole", **about})


def _batch(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    import pyarrow as pa

    schema = _schema(columns, {})
    arrays = [pa.array([row.get(field.name) for row in rows], type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
