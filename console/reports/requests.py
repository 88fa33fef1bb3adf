"""Each request of a report in a line of its own, out of the ledger's export."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from console import present
from console.reports.pseudonyms import Pseudonyms

HEADER = ("time", "model", "user", "project", "mode", "input", "output", "cost", "saved", "outcome")
MEASURES = 4
"""Of its columns that are numbers: input, output, cost, saved."""
MOST = 2_000
"""Requests that a report lists; the export has them all."""
TAGS = ("user", "project", "mode")


@dataclass(frozen=True, slots=True)
class Requests:
    """The first rows of all, oldest first, as words in the order of HEADER."""

    rows: tuple[tuple[str, ...], ...]
    total: int

    @property
    def more(self) -> str:
        """What is not listed, in words; empty where nothing is missing."""
        missing = self.total - len(self.rows)
        return f"{missing:,} more are not listed here; llmconsole export has them all." if missing else ""


async def requests_of(
    pieces: AsyncIterator[bytes], names: Pseudonyms | None, zone: tzinfo | None
) -> Requests:
    """pieces: of an export as JSON lines; names: what stands for names, where they are masked."""
    rows: list[tuple[str, ...]] = []
    total = 0
    async for line in _lines(pieces):
        total += 1
        if total <= MOST:
            rows.append(_row(json.loads(line), names, zone))
    return Requests(tuple(rows), total)


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    rest = b""
    async for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in filter(None, whole):
            yield line
    if rest.strip():
        yield rest


def _row(call: Mapping[str, Any], names: Pseudonyms | None, zone: tzinfo | None) -> tuple[str, ...]:
    at = present.instant(call["started_at"]).astimezone(zone)
    inside = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "cache_write_1h_tokens")
    tags = [_tag(key, call["tags"].get(key, ""), names) for key in TAGS]
    estimated = call["certainty"] == "estimated"
    cost = (
        "unpriced"
        if call["certainty"] == "unpriced"
        else present.usd_call(call["cost_usd"], estimated=estimated)
    )
    saved = present.usd_call(call["saved_usd"]) if Decimal(call["saved_usd"]) else present.NOTHING
    return (
        f"{at:%Y-%m-%d %H:%M:%S}",
        present.plain(present.served(call["asked_model"], call["model"])),
        *tags,
        present.tokens(sum(call[name] for name in inside)),
        present.tokens(call["output_tokens"]),
        cost,
        saved,
        call["outcome"] or "under way",
    )


def _tag(key: str, value: str, names: Pseudonyms | None) -> str:
    return present.plain(names.value(key, value) if names and value else value) or present.NOTHING
