"""The provider's own prompt cache: what it read and wrote, what that saved and cost, and what broke it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from gateway_core.model.errors import Refusal
from gateway_core.model.money import usd_string
from gateway_core.rules.prompt_cache.verdict import PAID_AGAIN
from gateway_core.store.booked import SERIES
from gateway_core.store.instants import Micros, end_micros, micros, text
from gateway_core.store.packed_blocks import unpacked
from gateway_core.store.queries.dimensions import Dimension, dimension
from gateway_core.store.queries.where import UNTAGGED, Where, where

SESSION = "session"
MOST_LINES = 200
MOST_BREAKS = 50

_PAID_AGAIN = f"(again_tokens > 0 AND why IN ({', '.join(repr(str(why)) for why in PAID_AGAIN)}))"
_IN_TIME = "calls.started_at >= ? AND calls.started_at < ? AND outcome IS NOT NULL"
_ALL = f"FROM calls LEFT JOIN prompts ON prompts.call_n = calls.n WHERE {_IN_TIME}"
_AGAIN = (
    # In this order: an index has the few calls that paid again.
    f"FROM prompts CROSS JOIN calls ON calls.n = prompts.call_n JOIN series ON series.id = {SERIES} "
    "WHERE prompts.call_n >= (SELECT coalesce(min(n), 0) FROM calls WHERE started_at >= ?) "
    f"AND {_IN_TIME} AND {_PAID_AGAIN}"
)
_SAVED = "coalesce(read_saved_nano, provider_cache_saved_nano)"
_WROTE = "coalesce(write_nano, 0)"
_SUMS = {
    "calls": "count(*)",
    "input_tokens": "sum(input_tokens)",
    "cached_input_tokens": "sum(cached_input_tokens)",
    "cache_write_tokens": "sum(cache_write_tokens)",
    "cache_write_1h_tokens": "sum(cache_write_1h_tokens)",
    "cost_usd": "sum(calls.cost_nano)",
    "saved_usd": f"sum({_SAVED})",
    "write_usd": f"sum({_WROTE})",
    "again_calls": f"coalesce(sum({_PAID_AGAIN}), 0)",
    "again_tokens": "coalesce(sum(again_tokens), 0)",
    "again_usd": "coalesce(sum(again_nano), 0)",
    "marked_calls": "coalesce(sum(marks > 0), 0)",
    "marked_saved_usd": f"coalesce(sum(iif(marks > 0, {_SAVED} - {_WROTE}, 0)), 0)",
}
_PROJECT = "(SELECT value FROM tags WHERE tags.tag_set_id = series.tag_set_id AND key = 'project')"
_PLACE = "iif(block_kind = 'message' AND block_at > 1, NULL, block_at)"
"""A later message is another one at each call; all of them are told together."""
_BREAK = {
    "why": "why",
    "across": "across",
    "kind": "block_kind",
    "index": _PLACE,
    "change": "change",
    "provider": "series.provider",
    "model": "series.model",
    "project": _PROJECT,
}
_ONE = (
    "SELECT calls.id, prompts.at, provider, model, calls.session, why, earlier.id, paused_ms, life_ms, "
    "block_kind, block_at, change, block_byte, block_size, across, again_tokens, again_nano, "
    f"read_saved_nano, write_nano, marks, blocks, {_PROJECT} AS project, "
    "(SELECT provider || '/' || model FROM series WHERE series.id = earlier.series_id) "
    "FROM calls JOIN series ON series.id = calls.series_id JOIN prompts ON prompts.call_n = calls.n "
    "LEFT JOIN calls AS earlier ON earlier.n = before_n WHERE calls.id = ?"
)
_ONE_NAMES = (
    "call", "at", "provider", "model", "session", "why", "before", "paused_ms", "life_ms", "kind", "index",
    "change", "byte", "size", "across", "again_tokens", "again_nano", "saved_nano", "write_nano", "marks",
    "blocks", "project", "before_target",
)  # fmt: skip


def prompt_cache(
    connection: sqlite3.Connection, since: str, until: str | None, by: str, wanted: Mapping[str, str]
) -> dict[str, Any]:
    """Rows by group, those that read and wrote most first, their total, and what broke the cache.

    Raises Refusal 400 for an unknown grouping.
    """
    lines = _lines(connection, (micros(since), _end(until)), by, where(wanted))
    total = [sum(column) for column in zip(*(line[1:] for line in lines), strict=True)]
    return {
        "since": since,
        "by": by,
        "rows": [{"key": line[0], **_amounts(line[1:])} for line in lines[:MOST_LINES]],
        "total": _amounts(total or [0] * len(_SUMS)),
        "breaks": breaks(connection, since, until, wanted),
    }


def _lines(
    connection: sqlite3.Connection, bounds: tuple[Micros, Micros], by: str, filter: Where
) -> list[tuple[Any, ...]]:
    """The sums of each group. Of series they are made first: tags are looked up once for each."""
    inner = SESSION if by == SESSION else SERIES
    sums = ", ".join(f"{sql} AS {name}" for name, sql in _SUMS.items())
    facts = f"SELECT {inner} AS grouped, {sums} {_ALL}{filter.on(SERIES)} GROUP BY 1"
    if by == SESSION:
        group = Dimension("coalesce(grouped, ?)", (UNTAGGED,))
        sql = f"SELECT {group.sql}, {', '.join(_SUMS)} FROM ({facts})"
    else:
        group = _dimension(by)
        whole = ", ".join(f"sum({name})" for name in _SUMS)
        of_series = f"({facts}) AS fact JOIN series ON series.id = grouped"
        sql = f"SELECT {group.sql}, {whole} FROM {of_series} GROUP BY 1"
    values = (*filter.series_values, *group.values, *bounds, *filter.facts_values)
    return sorted(connection.execute(f"{filter.prelude}{sql}", values), key=_weight, reverse=True)


def _weight(line: tuple[Any, ...]) -> tuple[int, int]:
    """What was read and written, then what was neither."""
    _, _, fresh, read, written, written_1h, *_ = line
    return read + written + written_1h, fresh


def breaks(
    connection: sqlite3.Connection, since: str, until: str | None, wanted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What was paid again, by cause and block, the dearest first."""
    filter = where(wanted)
    names = ", ".join(_BREAK.values())
    numbers = ", ".join(str(number) for number in range(1, len(_BREAK) + 1))
    rows = connection.execute(
        f"{filter.prelude}SELECT {names}, count(*), sum(again_tokens), sum(again_nano), min(block_byte), "
        f"max(block_size), max(calls.n) {_AGAIN}{filter.on(SERIES)} GROUP BY {numbers} "
        f"ORDER BY sum(again_nano) DESC, sum(again_tokens) DESC LIMIT {MOST_BREAKS}",
        (*filter.series_values, micros(since), micros(since), _end(until), *filter.facts_values),
    ).fetchall()
    return [_break(connection, row) for row in rows]


def prompt(connection: sqlite3.Connection, call_id: str, today: str) -> dict[str, Any] | None:
    """What became of the cache in one call, and how often the same did since `today`; None where nobody
    looked, or the row is gone."""
    row = connection.execute(_ONE, (call_id,)).fetchone()
    if row is None:
        return None
    found = dict(zip(_ONE_NAMES, row, strict=True))
    found["at"] = text(found["at"])
    found["blocks"] = unpacked(found["blocks"] or b"")
    found["today"] = _today(connection, found, today)
    return found


def _today(connection: sqlite3.Connection, found: Mapping[str, Any], today: str) -> dict[str, Any]:
    """How often the same block broke at the same model and project."""
    count, tokens, nano = connection.execute(
        f"SELECT count(*), coalesce(sum(again_tokens), 0), coalesce(sum(again_nano), 0) {_AGAIN} "
        f"AND why = ? AND block_kind IS ? AND series.provider = ? AND series.model = ? "
        f"AND {_PROJECT} IS ? AND (block_at IS ? OR (block_kind = 'message' AND min(block_at, ?) > 1))",
        (
            micros(today), micros(today), _end(None), found["why"], found["kind"], found["provider"],
            found["model"], found["project"], found["index"], found["index"],
        ),
    ).fetchone()  # fmt: skip
    return {"calls": count, "again_tokens": tokens, "again_usd": usd_string(nano)}


def _break(connection: sqlite3.Connection, row: tuple[Any, ...]) -> dict[str, Any]:
    width = len(_BREAK)
    found = dict(zip(_BREAK, row[:width], strict=True))
    count, tokens, nano, byte, size, last = row[width:]
    call_id, session = connection.execute("SELECT id, session FROM calls WHERE n = ?", (last,)).fetchone()
    return {
        **found,
        "across": bool(found["across"]),
        "byte": byte,
        "size": size,
        "calls": count,
        "again_tokens": tokens,
        "again_usd": usd_string(nano),
        "last_call": call_id,
        "session": session,
    }


def _amounts(row: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = dict(zip(_SUMS, row, strict=True))
    saved, wrote = found["saved_usd"], found["write_usd"]
    read = found["cached_input_tokens"]
    whole = found["input_tokens"] + read + found["cache_write_tokens"] + found["cache_write_1h_tokens"]
    money = {name: usd_string(value) for name, value in found.items() if name.endswith("_usd")}
    return {**found, **money, "net_usd": usd_string(saved - wrote), "share": read / whole if whole else 0.0}


def _dimension(by: str) -> Dimension:
    found = dimension(by)
    if found.of_outcome:
        raise Refusal(400, "unknown_grouping", f"cannot group by {by!r} here; use session or tag:KEY")
    return found


def _end(until: str | None) -> Micros:
    end = end_micros(until)
    return 2**62 if end is None else end
