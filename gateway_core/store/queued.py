"""What can be queued for the writer, and who waits for it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from gateway_core.model.rows import FinalRow, OpenRow


@dataclass(slots=True, eq=False)
class Opening:
    """An open row and who waits for its commit."""

    row: OpenRow
    reply: asyncio.Future[None]
    revises: bool = False
    """A row of the call is open already: whoever gives this one up has not unsent the call."""


@dataclass(slots=True, eq=False)
class Errand:
    """Any other work inside a transaction of the writer, and who waits for its answer."""

    work: Callable[[sqlite3.Connection], Any]
    reply: Future[Any] = field(default_factory=Future)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _taken_up: bool = False

    def take_up(self) -> bool:
        """By the writer, before the work; False where nobody waits for it any more."""
        with self._lock:
            self._taken_up = not self.reply.done()
            return self._taken_up

    def put_back(self) -> None:
        """By the writer: the transaction failed and is tried again."""
        self._taken_up = False

    def give_up(self) -> bool:
        """By who waits: True where the work will never be done, False while it is just being done."""
        with self._lock:
            return not self._taken_up and self.reply.cancel()


@dataclass(slots=True, eq=False)
class Release:
    """Ends a call that was never sent, unless somebody else has ended it."""

    row: FinalRow


Item = FinalRow | Opening | Errand | Release
_WAITED_FOR = (Opening, Errand)


def given_up(item: Item) -> bool:
    """Whether nobody waits for the item any more."""
    return isinstance(item, _WAITED_FOR) and item.reply.done()


def disappoint(item: Item, error: Exception) -> None:
    """Hands the error to whoever waits for the item."""
    if isinstance(item, Opening):
        in_loop(item.reply, _fail, item.reply, error)
    elif isinstance(item, Errand) and item.reply.set_running_or_notify_cancel():
        item.reply.set_exception(error)


def in_loop(future: asyncio.Future[None], step: Callable[..., None], *arguments: object) -> None:
    """Runs a step in the event loop of a future, from the writer's thread."""
    try:
        future.get_loop().call_soon_threadsafe(step, *arguments)
    except RuntimeError:
        # The loop has ended, and with it whoever waited; recovery books the row.
        return


def _fail(future: asyncio.Future[None], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
