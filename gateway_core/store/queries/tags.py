"""Which tags there are, and what each cost."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.store.instants import end_micros, micros
from gateway_core.store.jsontext import tags_of
from gateway_core.store.queries.dimensions import Dimension
from gateway_core.store.queries.facts import Sums, measure
from gateway_core.store.queries.rows import TAGS_NOW
from gateway_core.store.queries.where import UNTAGGED, where

_TAGS = Dimension(TAGS_NOW)
_MAIN_KEY = "project"


def top_tags(
    connection: sqlite3.Connection, since: str, until: str | None, key: str | None, limit: int
) -> list[dict[str, Any]]:
    """The dearest tags: {key, value, calls, cost_usd}. A call counts at each of its tags. Calls without the
    key, or without a project where none is named, are listed too, whatever the limit."""
    found: defaultdict[tuple[str, str], Sums] = defaultdict(Sums)
    missed = (key or _MAIN_KEY, UNTAGGED)
    for line in measure(connection, micros(since), end_micros(until), where({}), [_TAGS]):
        tags = tags_of(line.keys[0])
        for pair in tags.items():
            if key in (None, pair[0]):
                found[pair] += line.sums
        if missed[0] not in tags:
            found[missed] += line.sums
    dearest = sorted(found.items(), key=lambda item: (-item[1].cost_nano, -item[1].calls, item[0]))
    return [
        {"key": name, "value": value, "calls": sums.calls, "cost_usd": usd_string(sums.cost_nano)}
        for at, ((name, value), sums) in enumerate(dearest)
        if at < limit or (name, value) == missed
    ]


def first_seen(connection: sqlite3.Connection, keys: Collection[str]) -> dict[str, list[str]]:
    """The values of each tag key, and the names of tokens, in the order in which the ledger met them."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    tagged = (
        f"SELECT key, value FROM tags WHERE key IN ({', '.join('?' * len(found))}) "
        "GROUP BY key, value ORDER BY min(tag_set_id), value"
    )
    for key, value in connection.execute(tagged, list(found)):
        found[key].append(value)
    tokens = connection.execute("SELECT token FROM series WHERE token <> '' GROUP BY token ORDER BY min(id)")
    return {**found, "token": [token for (token,) in tokens]}
