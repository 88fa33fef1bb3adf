"""Reports and the export of every row."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from typing import Any, Literal

import msgspec
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from gateway_core.http.admin.answers import ReportAnswer
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.queries import Filter, instant
from gateway_core.model.tags import format_tags

PAGE = 1000
"""Rows that are read and written in one go."""
Row = dict[str, Any]
router = APIRouter(tags=["reports"])


@router.get("/report")
async def report(
    gateway: Gateway, where: Filter, since: str = "month", until: str = "now", by: str = ""
) -> ReportAnswer:
    """What was used from `since` up to `until` (2026-11-01, 7d, today, month, RFC 3339), grouped by keys:
    tag:KEY, model, provider, token, outcome, cache, hour, day, month. The rows add up to the total."""
    keys = [key.strip() for key in by.split(",") if key.strip()]
    first, last = instant(gateway, since), instant(gateway, until)
    zone = gateway.settings.timezone
    found = await read(gateway.queries.report, first, last, keys, where, zone)
    return ReportAnswer.model_validate(found)


@router.get("/export", response_class=StreamingResponse)
async def export(
    gateway: Gateway,
    where: Filter,
    format: Literal["jsonl", "csv"] = "jsonl",
    since: str | None = None,
    until: str | None = None,
) -> StreamingResponse:
    """Every row of the ledger, oldest first, page by page however many there are."""
    first, last = (instant(gateway, text) if text else None for text in (since, until))
    rows = gateway.queries.export(first, last, where)
    if format == "csv":
        return StreamingResponse(_pages(rows, _Sheet()), media_type="text/csv; charset=utf-8")
    return StreamingResponse(_pages(rows, _lines), media_type="application/x-ndjson")


async def _pages(rows: Iterator[Row], written: Callable[[list[Row]], bytes]) -> AsyncIterator[bytes]:
    while page := await read(lambda: list(islice(rows, PAGE))):
        yield written(page)


def _lines(rows: list[Row]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


class _Sheet:
    """Pages of rows as CSV, the header once. Tags are `key=value,…`."""

    def __init__(self) -> None:
        self._begun = False

    def __call__(self, rows: list[Row]) -> bytes:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        if not self._begun:
            writer.writeheader()
            self._begun = True
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
        return out.getvalue().encode()


def _cell(value: Any) -> Any:
    """The value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict):
        value = format_tags(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
