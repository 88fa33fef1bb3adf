"""Reports and the export of every row."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Literal

import msgspec
from fastapi import Response
from fastapi.responses import StreamingResponse

from gateway_core.http.admin.answers.reports import FirstSeenAnswer, OverviewAnswer, ReportAnswer
from gateway_core.http.admin.engine import Gateway, caught_up, read
from gateway_core.http.admin.large import large
from gateway_core.http.admin.queries import Filter, instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.tags import format_tags
from gateway_core.store.queries.rows import EXPORT_COLUMNS

PAGE = 1000
"""Rows that are read and written in one go."""
Row = dict[str, Any]
router = subject("reports")


@router.get("/report", response_model=ReportAnswer)
async def report(
    gateway: Gateway,
    where: Filter,
    since: str = "month",
    until: str = "now",
    by: str = "",
    forgone: bool = False,
) -> Response:
    """What was used from `since` up to `until` (2026-11-01, 7d, today, month, RFC 3339), grouped by keys:
    tag:KEY, model, provider, token, outcome, cache, hour, day, month. The rows add up to the total. With
    forgone=true also what would have been saved."""
    await caught_up(gateway)
    first, last = instant(gateway, since), instant(gateway, until)
    zone = gateway.settings.timezone

    def answer() -> ReportAnswer:
        found = gateway.queries.report(first, last, _words(by), where, zone, would=forgone)
        return ReportAnswer.model_validate(found)

    return await large(answer)


@router.get("/report/overview", response_model=OverviewAnswer)
async def overview(
    gateway: Gateway,
    where: Filter,
    since: str = "month",
    until: str = "now",
    by: str = "project,model",
    rows: bool = True,
    forgone: bool = False,
) -> Response:
    """A period as a whole, read at one instant: the report, each of its groupings alone, cost over time by
    model, local hours of the week, savings; unless rows=false, number and SHA-256 of what /export gives;
    with forgone=true what would have been saved."""
    await caught_up(gateway)
    first, last = instant(gateway, since), instant(gateway, until)
    zone = gateway.settings.timezone

    def answer() -> OverviewAnswer:
        found = gateway.queries.overview(first, last, _words(by), where, zone, rows=rows, would=forgone)
        return OverviewAnswer.model_validate(found)

    return await large(answer)


@router.get("/report/names")
async def names(gateway: Gateway, keys: str) -> FirstSeenAnswer:
    """The values of tag keys, and of `token`, in the order in which the ledger met them: pseudonyms that
    count them stay the same from one report to the next."""
    found = await read(gateway.queries.first_seen, _words(keys))
    return FirstSeenAnswer(names=found)


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
        return StreamingResponse(_sheet(rows), media_type="text/csv; charset=utf-8")
    return StreamingResponse(_lines(rows), media_type="application/x-ndjson")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


async def _lines(rows: Iterator[Row]) -> AsyncIterator[bytes]:
    async for page in _pages(rows):
        yield b"".join(msgspec.json.encode(row) + b"\n" for row in page)


async def _sheet(rows: Iterator[Row]) -> AsyncIterator[bytes]:
    """CSV with its header, also of no rows. Tags are `key=value,…`."""
    yield _written([EXPORT_COLUMNS])
    async for page in _pages(rows):
        yield _written([_cell(row[name]) for name in EXPORT_COLUMNS] for row in page)


async def _pages(rows: Iterator[Row]) -> AsyncIterator[list[Row]]:
    while page := await read(lambda: list(islice(rows, PAGE))):
        yield page


def _written(lines: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    """The value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict):
        value = format_tags(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
