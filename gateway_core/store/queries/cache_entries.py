"""Kept answers as a person looks at them: filtered, in an order, page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway_core.model.errors import Refusal
from gateway_core.model.money import usd_string
from gateway_core.model.usage import Usage
from gateway_core.rules.proving import How
from gateway_core.store.cache_aside import entry_revision
from gateway_core.store.instants import micros, text
from gateway_core.store.jsontext import decode, tags_of

LEAST_KEY = 6
"""Digits by which a person may name a key."""
KINDS = ("exact", "semantic")
SORTS = {
    "created": "created_at",
    "used": "used_at",
    "expires": "expires_at",
    "hits": "hits",
    "saved": "saved_nano",
    "bytes": "size",
    "cost": "cost_nano",
    "model": "model",
}
"""What they can be put in order by."""
_FIELDS = ("provider", "token", "format", "scope")
_COLUMNS = (
    "key", "created_at", "expires_at", "used_at", "hits", "saved_nano", "pinned", "size", "call_id", "format",
    "stream", "token", "scope", "tags", "prompt_hash", "status", "usage", "cost_nano", "model", "provider",
)  # fmt: skip
_ALIKE = "EXISTS (SELECT 1 FROM cache_vectors WHERE cache_vectors.key = cache_entries.key)"
_SELECT = f"SELECT {', '.join(_COLUMNS)}, {_ALIKE} AS alike FROM cache_entries"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers. where: model, provider, token, scope, format, `call` (the id of a call that brought one
    or was given one), and tags."""

    where: Mapping[str, str]
    kind: str | None = None
    pinned: bool | None = None

    @property
    def everything(self) -> bool:
        return not self.where and self.kind is None and self.pinned is None


def entries(
    connection: sqlite3.Connection,
    wanted: Wanted,
    now: str,
    *,
    sort: str = "used",
    descending: bool = True,
    limit: int = 100,
    offset: int = 0,
) -> dict[str, Any]:
    """A page of those that have not expired, how many there are, and how many bytes they take.

    Raises Refusal 400 for an order that there is none of.
    """
    if sort not in SORTS:
        raise Refusal(400, "unknown_sort", f"cannot sort by {sort!r}; use one of {', '.join(SORTS)}")
    condition, values = _condition(wanted, now)
    total, size = connection.execute(
        f"SELECT count(*), coalesce(sum(size), 0) FROM cache_entries WHERE {condition}", values
    ).fetchone()
    order = f"{SORTS[sort]} {'DESC' if descending else 'ASC'}, n {'DESC' if descending else 'ASC'}"
    rows = connection.execute(
        f"{_SELECT} WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, offset)
    )
    return {"entries": [_entry(row) for row in rows], "total": total, "bytes": size}


def entry(connection: sqlite3.Connection, key: str, now: str) -> dict[str, Any] | None:
    """The one that has not expired whose key begins so; None where there is none, or more than one."""
    if len(key) < LEAST_KEY or not set(key) <= set("0123456789abcdef"):
        return None
    rows = connection.execute(
        f"{_SELECT} WHERE lower(substr(hex(key), 1, ?)) = ? AND expires_at > ? LIMIT 2",
        (len(key), key, micros(now)),
    ).fetchall()
    return _entry(rows[0]) if len(rows) == 1 else None


def keys(connection: sqlite3.Connection, wanted: Wanted, now: str) -> list[bytes]:
    """The keys of all that are wanted."""
    condition, values = _condition(wanted, now)
    rows = connection.execute(f"SELECT key FROM cache_entries WHERE {condition}", values)
    return [row[0] for row in rows]


def room(connection: sqlite3.Connection, now: str) -> dict[str, int]:
    """How many answers are kept, how many bytes they take, how many of them are pinned or have a vector."""
    names = ("entries", "bytes", "pinned", "semantic")
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(size), 0), coalesce(sum(pinned), 0), coalesce(sum({_ALIKE}), 0) "
        "FROM cache_entries WHERE expires_at > ?",
        (micros(now),),
    ).fetchone()
    return dict(zip(names, row, strict=True))


def _condition(wanted: Wanted, now: str) -> tuple[str, list[object]]:
    conditions, values = ["expires_at > ?"], list[object]((micros(now),))
    for key, value in wanted.where.items():
        condition, bound = _one(key, value)
        conditions.append(condition)
        values += bound
    if wanted.kind is not None:
        conditions.append(_ALIKE if wanted.kind == KINDS[1] else f"NOT {_ALIKE}")
    if wanted.pinned is not None:
        conditions.append("pinned = ?")
        values.append(wanted.pinned)
    return " AND ".join(conditions), values


def _one(key: str, value: str) -> tuple[str, list[object]]:
    if key == "model":
        (name, bound), (full, again) = _like("model", value), _like("provider || '/' || model", value)
        return f"({name} OR {full})", [*bound, *again]
    if key in _FIELDS:
        return _like(key, value)
    if key == "call":
        given = "SELECT key FROM cache_trials WHERE call_id = ? AND how = ?"
        return f"(call_id = ? OR key IN ({given}))", [value, value, How.SERVED]
    condition, bound = _like("each.value", value)
    return (
        f"EXISTS (SELECT 1 FROM json_each(tags) AS each WHERE each.key = ? AND {condition})",
        [key.removeprefix("tag:"), *bound],
    )


def _like(expression: str, wanted: str) -> tuple[str, list[object]]:
    if wanted.endswith("*"):
        return f"substr({expression}, 1, ?) = ?", [len(wanted) - 1, wanted[:-1]]
    return f"{expression} = ?", [wanted]


def _entry(row: tuple[Any, ...]) -> dict[str, Any]:
    found = dict(zip((*_COLUMNS, "alike"), row, strict=True))
    usage, tags = decode(found["usage"], Usage), tags_of(found["tags"])
    return {
        "key": found["key"].hex(),
        "kind": KINDS[1] if found["alike"] else KINDS[0],
        "model": found["model"],
        "provider": found["provider"],
        "format": found["format"],
        "stream": bool(found["stream"]),
        "token": found["token"],
        "scope": found["scope"],
        "created_at": text(found["created_at"]),
        "expires_at": text(found["expires_at"]),
        "used_at": text(found["used_at"]),
        "hits": found["hits"],
        "saved_usd": usd_string(found["saved_nano"]),
        "cost_usd": usd_string(found["cost_nano"]),
        "bytes": found["size"],
        "pinned": bool(found["pinned"]),
        "tags": tags,
        "project": tags.get("project"),
        "prompt_hash": found["prompt_hash"],
        "call_id": found["call_id"],
        "status": found["status"],
        "input_tokens": usage.input + usage.cached_input + usage.cache_write + usage.cache_write_1h,
        "output_tokens": usage.output,
        "revision": entry_revision(found["call_id"], found["created_at"], found["pinned"]),
    }
