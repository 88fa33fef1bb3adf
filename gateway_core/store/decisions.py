"""Decisions beside their calls: what many have in common is kept once, and only the rest for each call.

The writer's thread encodes them, in the transaction of the call's end. The reason stands in the call's own
row. What a later version adds to a decision goes to the common part by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from gateway_core.model.decision import Decision, Shape
from gateway_core.model.rows import FinalRow
from gateway_core.store.jsontext import encode

MOST_REMEMBERED = 5_000
"""Kinds whose number is kept in memory; the table knows them all."""
DECISION_COLUMNS = ("decisions.kind_id", "context", "messages", "score", "more")
"""What `Kinds` reads."""
_WRITE = (
    "INSERT INTO decisions (call_n, kind_id, context, messages, score, more) "
    "SELECT n, ?, ?, ?, ?, ? FROM calls WHERE id = ? ON CONFLICT DO NOTHING"
)
_OWN_NUMBERS = ("context is ", "messages is ", "time is ", "budget is ")
"""Failed conditions whose words are hardly ever the same twice."""
_OWN_COST = " cached tokens "


class Decisions:
    """Writes decisions. Belongs to the writer's transactions."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def write(self, connection: sqlite3.Connection, rows: Sequence[FinalRow]) -> None:
        """Keeps what was decided on calls whose rows are written."""
        lines = [self._line(connection, row, row.decision) for row in rows if row.decision is not None]
        if lines:
            connection.executemany(_WRITE, lines)

    def forget(self) -> None:
        """After a rollback: what was made in that transaction is not there."""
        self._known.clear()

    def _line(self, connection: sqlite3.Connection, row: FinalRow, decision: Decision) -> tuple[object, ...]:
        kind, own = _parted(decision, f"{row.token}/{row.asked_model}/")
        shape = decision.shape
        more = encode(own) if own else None
        return (
            self._kind(connection, encode(kind)),
            shape.context,
            shape.messages,
            shape.score,
            more,
            row.id,
        )

    def _kind(self, connection: sqlite3.Connection, text: str) -> int:
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[text] = _number(connection, text)
        return found


def _number(connection: sqlite3.Connection, text: str) -> int:
    row = connection.execute("SELECT id FROM decision_kinds WHERE text = ?", (text,)).fetchone()
    if row is None:
        row = (connection.execute("INSERT INTO decision_kinds (text) VALUES (?)", (text,)).lastrowid,)
    return int(row[0])


def _parted(decision: Decision, place: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What many decisions have in common, and what is this one's own. place: how the names of its
    conversations begin."""
    kind: dict[str, Any] = msgspec.to_builtins(decision)
    shape: dict[str, Any] = kind["shape"]
    del kind["reason"], shape["context"], shape["messages"], shape["score"]
    own: dict[str, Any] = {}
    if conversation := shape.pop("conversation"):
        own["conversation"] = conversation.removeprefix(place)
        shape["within"] = conversation.startswith(place)
    if parts := shape.pop("parts"):
        shape["signs"], own["parts"] = list(parts), list(parts.values())
    passed: dict[str, str] = kind["passed_over"]
    if special := {name: why for name, why in passed.items() if why.startswith(_OWN_NUMBERS)}:
        own["passed_over"] = special
        kind["passed_over"] = {name: "" if name in special else why for name, why in passed.items()}
    if _OWN_COST in (kind["kept"] or ""):
        own["kept"] = kind.pop("kept")
    return kind, own


class Kinds:
    """Decisions from their columns; what many have in common is read once."""

    def __init__(self) -> None:
        self._known: dict[int, _Kind] = {}

    def decision(
        self, connection: sqlite3.Connection, columns: Sequence[Any], *, token: str, asked: str, reason: str
    ) -> Decision:
        """A decision from the columns of DECISION_COLUMNS and what stands in its call's row."""
        number, context, messages, score, more = columns
        kind = self._known.get(number)
        if kind is None:
            (text,) = connection.execute("SELECT text FROM decision_kinds WHERE id = ?", (number,)).fetchone()
            kind = self._known[number] = _kind(text)
        own = _OWN.decode(more) if more else _NOTHING
        base, shape = kind.decision, kind.decision.shape
        conversation, parts = own.conversation, shape.parts
        if conversation is not None and kind.within:
            conversation = f"{token}/{asked}/{conversation}"
        if own.parts is not None:
            parts = dict(zip(kind.signs, own.parts, strict=True))
        return Decision(
            shape=Shape(
                asked=shape.asked,
                target=shape.target,
                context=context,
                messages=messages,
                tools=shape.tools,
                images=shape.images,
                operation=shape.operation,
                off=shape.off,
                conversation=conversation,
                score=score,
                parts=parts,
                judge=shape.judge,
            ),
            targets=base.targets,
            route=base.route,
            reason=reason,
            complexity=base.complexity,
            passed_over={**base.passed_over, **own.passed_over} if own.passed_over else base.passed_over,
            shadow=base.shadow,
            kept=own.kept if own.kept is not None else base.kept,
            thresholds=base.thresholds,
            margin=base.margin,
            overruled=base.overruled,
            tried=base.tried,
        )


class _Own(msgspec.Struct):
    """What is one decision's own."""

    conversation: str | None = None
    parts: list[float] | None = None
    passed_over: dict[str, str] = {}
    kept: str | None = None


class _Kind(msgspec.Struct):
    """What many decisions have in common. within: their conversations' names begin like their calls."""

    decision: Decision
    within: bool
    signs: list[str]


_OWN = msgspec.json.Decoder(_Own)
_NOTHING = _Own()


def _kind(text: str) -> _Kind:
    fields = msgspec.json.decode(text)
    shape = fields["shape"]
    within, signs = shape.pop("within", False), shape.pop("signs", [])
    return _Kind(msgspec.convert({**fields, "reason": ""}, Decision), within, signs)
