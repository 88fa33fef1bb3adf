"""What must hold in every world, judged from the committed ledger and from what provider and clients saw."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from gateway_core.model.policy import Budget
from gateway_core.model.rows import Outcome
from gateway_core.rules.settling import ABSURD
from gateway_core.rules.windows import rolling_length, window_bounds
from gateway_core.store.files import connect
from gateway_core.store.queries.checks import ledger_checks
from tests.faults.simulation import books
from tests.faults.simulation.books import Row
from tests.faults.simulation.life import Life
from tests.faults.simulation.policy import NANO, RATES, is_hard
from tests.faults.simulation.provider import Bill

if TYPE_CHECKING:
    from tests.faults.simulation.client import Visit
    from tests.faults.simulation.world import World

_TEXT = {
    "openai": re.compile(rb'"content":"((?:[^"\\\n]|\\.)*)"'),
    "responses": re.compile(rb'output_text\.delta".*?"delta":"((?:[^"\\\n]|\\.)*)"'),
    "anthropic": re.compile(rb'"text_delta","text":"((?:[^"\\\n]|\\.)*)"'),
    "gemini": re.compile(rb'"text":"((?:[^"\\\n]|\\.)*)"'),
}


class Judge:
    """Keeps what it has to know of the past; tells the world of each broken rule."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows: dict[str, Row] = {}
        self._tolerated: dict[tuple[str, object], int] = {}
        self._grace: dict[str, set[str]] = {}
        """By budget: calls that were admitted before its last edit."""
        self._jumped = False
        self._open_at_death: dict[str, Row] = {}

    # As it happens

    def sent(self, bill: Bill, life: Life) -> None:
        """An attempt has reached the provider."""
        row = books.read(life.reader).get(bill.call_id)
        if row is None or row.outcome is not None:
            self._world.broken("sent only when its open row is committed", f"{bill.call_id}: {row}")
            return
        known = {hold.need.model for hold in life.admission.taken}
        target = f"{row.facts.provider}/{row.facts.model}"
        if target not in known or row.facts.model != bill.model:
            self._world.broken(
                "the open row names the target", f"{bill.call_id}: {target}, sent to {bill.model}"
            )

    def committed(self, life: Life) -> None:
        """A transaction is in the file: what it says is what would be left of us."""
        rows = books.read(life.reader)
        before, self._rows = self._rows, rows
        for row in rows.values():
            old = before.get(row.id)
            if old is not None and old.outcome is not None and old != row:
                self._world.broken("a final row stands", f"{old} became {row}")
        if self._jumped:
            return
        for budget in life.gateway.parts.policy.budgets:
            if is_hard(budget):
                self._within(life, budget, before)

    def _within(self, life: Life, budget: Budget, before: dict[str, Row]) -> None:
        """Spent and held of the window, by the file alone."""
        account = life.admission.state.accounts.get(budget.name)
        if account is None or account.budget is not budget:
            return
        rows = self._rows
        if self._grace.get(budget.name, set()) & self._running(life):
            return
        start, _ = window_bounds(budget.window, self._world.clock.now(), life.gateway.timezone)
        key = (budget.name, None if rolling_length(budget.window) else start)
        over = max(0, books.spent(rows.values(), budget, start, held=True) - account.limit)
        if self._tolerated.pop((budget.name, "again"), None):
            self._tolerated[key] = over
        money = budget.limit_nano is not None
        ended = [
            (row, before[row.id])
            for row in rows.values()
            if row.outcome is not None and row.id in before and before[row.id].outcome is None
        ]
        beyond = sum(
            max(0, row.cost - was.held if money else row.tokens - was.tokens)
            for row, was in ended
            if row.excess
        )
        tolerated = self._tolerated.get(key, 0) + beyond
        if over > tolerated:
            what = f"{budget.name} ({budget.match}, {budget.window}): {over} beyond {account.limit}"
            self._world.broken("the file says spent + held ≤ limit", what)
        self._tolerated[key] = over

    def _running(self, life: Life) -> set[str]:
        return {each.id for each in self._world.visits if each.begun and not each.ended} | books.open_ids(
            self._rows
        )

    def edited(self, life: Life) -> None:
        """Calls that run now were admitted under another policy."""
        for budget in life.gateway.parts.policy.budgets:
            self._grace[budget.name] = self._running(life)
            self._tolerated[budget.name, "again"] = 1

    def jumped(self) -> None:
        """From here on windows of the file and of the gateway are different ones."""
        self._jumped = True

    # At the end of a life, and at the beginning of the next

    def died(self, remains: Path) -> None:
        """What was open in the file is what has to be recovered."""
        with _opened(remains / "ledger.db") as connection:
            rows = books.read(connection)
        self._open_at_death = {row.id: row for row in rows.values() if row.outcome is None}

    def started(self, life: Life) -> None:
        rows = self._rows = books.read(life.reader)
        if life.recovered != len(self._open_at_death):
            what = f"{life.recovered} of {len(self._open_at_death)}"
            self._world.broken("all that was open is recovered", what)
        for call_id, open_row in self._open_at_death.items():
            row = rows[call_id]
            booked = (row.outcome, row.cost, row.tokens)
            if booked != (Outcome.RECOVERED, open_row.held, open_row.tokens):
                self._world.broken("recovered at its hold", f"{row}, open it was {open_row}")
        self._open_at_death = {}

    def quiet(self, life: Life) -> None:
        """Nothing runs: counters are what the file says."""
        rows = self._rows = books.read(life.reader)
        if left := life.admission.holds:
            self._world.broken("every hold ends once", f"{len(left)} never ended")
        for hold in life.admission.taken:
            if life.admission.ends.get(id(hold)) != 1:
                self._world.broken("every hold ends once", f"one of {hold.need.model} never did")
        if self._jumped:
            return
        for budget in life.gateway.parts.policy.budgets:
            account = life.admission.account(budget)
            there = books.spent(rows.values(), account.budget, account.start, held=True)
            moving = rolling_length(account.budget.window) is not None
            if account.held or account.spent < there or (account.spent > there and not moving):
                name = f"{account.budget.name} ({account.budget.match}, {account.budget.window})"
                what = f"{name}: {account.spent} counted and {account.held} held, {there} booked"
                self._world.broken("counters are what the ledger says", what)

    # At the end of the world

    def over(self, path: Path) -> None:
        """The ledger is closed."""
        with _opened(path) as connection:
            for check in ledger_checks(connection, ()):
                if not check.ok:
                    self._world.broken("the ledger proves itself", f"{check.name}: {check.detail}")
            rows = books.read(connection)
        for visit in self._world.visits:
            bills = self._world.provider.bills.get(visit.id, [])
            row = rows.get(visit.id)
            if row is None or row.outcome is None:
                if bills:
                    self._world.broken("a row for each call that was sent", f"{visit.id}: {row}")
                continue
            if bills and row.outcome != Outcome.RECOVERED:
                self._booked(visit, row, bills)

    def _booked(self, visit: Visit, row: Row, bills: list[Bill]) -> None:
        bill = bills[-1]
        if bill.model != row.facts.model:
            return
        rates = RATES[bill.model]
        exact = (bill.input * rates[0] + bill.output * rates[1]) * NANO
        believable = exact <= row.held * ABSURD
        if bill.honest and believable and row.outcome == Outcome.OK and row.cost != exact:
            self._world.broken("what the provider bills is booked", f"{row}: {exact}")
        if row.excess and row.excess != row.cost - row.held:
            self._world.broken("excess is what was booked beyond the hold", f"{row}")
        within = bill.cap is not None and bill.output <= bill.cap and bill.usage_fault is None
        if row.excess and within and row.outcome == Outcome.OK:
            self._world.broken("who keeps to the cap never costs more than was held", f"{row}")
        if bill.ending in ("whole", "silent", "cut", "clean", "error"):
            self._not_below(visit, row, bill)

    def _not_below(self, visit: Visit, row: Row, bill: Bill) -> None:
        """A cut call costs its input and what was delivered at the least."""
        rates = RATES[bill.model]
        delivered = 0
        if visit.status == 200:
            found = _TEXT[visit.wire.name].findall(bytes(visit.got))
            delivered = sum(len(json.loads(b'"' + text + b'"').encode()) for text in found)
        input_tokens, output_tokens = len(visit.prompt) * 2 // 7, delivered * 2 // 7
        if bill.usage_fault is None:
            # Where the provider states its own counts, they may be fewer.
            input_tokens, output_tokens = min(input_tokens, bill.input), min(output_tokens, bill.output)
        least = (input_tokens * rates[0] + output_tokens * rates[1]) * NANO
        if row.cost < min(least, row.held):
            what = f"{row}: at least {least} for {delivered} bytes delivered"
            self._world.broken("never below input and what was delivered", what)


class _opened:
    """A connection of its own for a look at a file."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
