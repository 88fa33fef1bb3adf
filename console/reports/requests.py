"""Each request of a report in a line of its own, out of the ledger's export."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from console import present
from console.reports.pieces import Pieces
from console.reports.pseudonyms import Pseudonyms

HEADER = ("time", "model", "user", "project", "mode", "input", "output", "cost", "saved", "outcome")
NUMBERS = ("input", "output", "cost", "saved")
"""Its columns that are numbers."""
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
        more = present.counted(missing, "more is", "more are")
        return f"{more} not listed here; llmconsole export has them all." if missing else ""


async def requests_of(
    pieces: AsyncIterator[bytes], names: Pseudonyms | None, zone: tzinfo | None
) -> Requests:
    """pieces: of an export as JSON lines; names: what stands for names, where they are masked."""
    rows: list[tuple[str, ...]] = []
    total, parted = 0, Pieces()
    async for piece in pieces:
        lines = parted.lines(piece)
        total += len(lines)
        rows += [_row(json.loads(line), names, zone) for line in lines[: MOST - len(rows)]]
    return Requests(tuple(rows), total)


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
