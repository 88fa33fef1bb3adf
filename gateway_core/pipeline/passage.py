"""One request on its way: what its steps share, and how its money is held and settled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from gateway_core.clock import instant_text
from gateway_core.formats import DIALECTS
from gateway_core.formats.bridge import Bridge
from gateway_core.formats.dialect import Dialect
from gateway_core.model.call import Ask, DialectName, Operation, Prompt, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.events import EventKind
from gateway_core.model.forgone import Forgone, Kind
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import CaptureRule, Opinion, Price
from gateway_core.model.rows import Certainty, FinalRow, OpenRow, Outcome
from gateway_core.pipeline.answers import Recipe
from gateway_core.pipeline.exchange import Client, HeaderList, Inbound
from gateway_core.pipeline.failures import is_fault
from gateway_core.pipeline.flights import Flight
from gateway_core.pipeline.likenesses import Question
from gateway_core.pipeline.live import LiveCall, settled_view
from gateway_core.pipeline.parts import Parts
from gateway_core.pipeline.record import Record, our_headers
from gateway_core.pipeline.relay import Relayed
from gateway_core.providers.catalog import Provider
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.forgone import by_routes
from gateway_core.rules.matching import Facts
from gateway_core.rules.routing.situation import Situation
from gateway_core.rules.settling import Booking, book
from gateway_core.runaway import Watched
from gateway_core.state.accounts import Account
from gateway_core.state.circuits import Place
from gateway_core.state.memory import Hold
from gateway_core.upstream import Answer

ROUTE_HEADER = "x-llmconsole-route"


@dataclass(slots=True)
class Sent:
    """What went to a provider: the body in its format, without marks of ours."""

    dialect: DialectName
    body: bytes
    place: Place


@dataclass(slots=True)
class Trial:
    """An attempt on its way. at: monotonic seconds when it was sent."""

    target: Target
    place: Place
    at: float


@dataclass(slots=True)
class Passage:
    """One request between its steps."""

    parts: Parts
    request: Inbound
    client: Client
    record: Record
    dialect: Dialect = field(init=False)
    relayed: Relayed = field(default_factory=Relayed)
    hold: Hold | None = None
    answer: Answer | None = None
    recipe: Recipe | None = None
    left_out: Recipe | None = None
    """How it would use the cache, had its rule not left it out."""
    repeats: bool = False
    """The cache would then have answered it."""
    flight: Flight | None = None
    """Identical calls that wait for what this one brings."""
    question: Question | None = None
    """What it asks, where its answer is to be given to questions alike."""
    key: str | None = None
    """The idempotency key that is this call's own."""
    live: LiveCall | None = None
    sent: Sent | None = None
    """What the provider that is asked was sent."""
    trial: Trial | None = None
    """The attempt that is measured just now."""
    asked_providers: set[str] = field(default_factory=set)
    """Those that this call was sent to."""
    conversation: str | None = None
    """The conversation that stays where this call goes."""
    complexity: Complexity | None = None
    """The highest class by which the conversation was routed."""
    windows: tuple[Account, ...] = ()
    """Accounts that the first attempt counted in: the call belongs to their windows."""
    hide_usage: bool = False
    bridge: Bridge | None = None
    """What translates for the provider that is asked; None where it speaks the client's format."""
    watched: Watched | None = None
    """What the runaway guard remembers of the call until its end."""
    lowered: bool = False
    """The provider was told a cap of ours, which a budget had room for."""
    shares: bool = True
    """Its answer may be given to others."""
    situation: Situation | None = None
    """The call as the routes see it."""
    sampled: tuple[Opinion, Ask] | None = None
    """The opinion for which it is asked again once it has been answered, and what its client asked."""
    capture: CaptureRule | None = None
    """By which its messages are kept."""
    interrupted: Refusal | None = None
    """Why somebody has ended it."""
    _prompt: Prompt | None = None
    _task: asyncio.Task[object] | None = field(default_factory=asyncio.current_task)
    _facts: Facts | None = None
    """Those of the target that was asked about last."""

    def __post_init__(self) -> None:
        self.dialect = DIALECTS[self.request.dialect]

    def interrupt(self, why: Refusal) -> None:
        """Ends the call where it stands, as if its client had left, but that the client is told why."""
        if self._task is not None and self.interrupted is None:
            self.interrupted = why
            self._task.cancel()

    def was_interrupted(self) -> Refusal | None:
        """Why somebody has ended it, once its frame has been stopped for that; it may await again."""
        if self.interrupted is not None and self._task is not None:
            self._task.uncancel()
        return self.interrupted

    def facts(self, target: Target) -> Facts:
        """What rules look at, if the call went to that target."""
        tags, provider, model = self.record.identity.tags, target.provider, target.model
        known = self._facts
        if known is None or known.tags is not tags or known.model != model or known.provider != provider:
            known = self._facts = Facts(tags, self.record.token, model, provider)
        return known

    def provider(self, target: Target) -> Provider:
        """The provider of a target, as it serves that model."""
        return self.parts.catalog.serving(target)

    def price(self, target: Target) -> Price | None:
        """What a target costs, at the time to which the call's row is dated."""
        return self.parts.prices.find(target.provider, target.model, self.record.arrived)

    def prompt(self, ask: Ask) -> Prompt:
        """The words of the request, read once and only where somebody asks."""
        if self._prompt is None:
            readable = ask.operation is Operation.GENERATE
            self._prompt = self.dialect.prompt(self.request.body) if readable else Prompt()
        return self._prompt

    def used_of_budget(self, name: str) -> float | None:
        """The share of a budget that is used up or held; None for a name that no budget has."""
        parts = self.parts
        budget = next((each for each in parts.policy.budgets if each.name == name), None)
        return None if budget is None else parts.admission.account(budget).position.share

    def now(self) -> datetime:
        return self.parts.clock.now()

    def our_headers(self, cost: Nano | None = None) -> HeaderList:
        """The response headers by which the client sees what was decided."""
        record = self.record
        headers = our_headers(record, record.identity.tags.get("mode", self.parts.mode))
        if cost is not None:
            headers.append((b"x-llmconsole-cost-usd", usd_string(cost).encode()))
        return headers

    async def put_on_record(self) -> OpenRow:
        """Commits the open row; from the second time on, what has changed of it."""
        row = self.record.open_row()
        await self.parts.ledger.open_row(row, revises=self.record.opened)
        self.record.opened = True
        self.record.openings += 1
        return row

    # Money

    def take(self, hold: Hold) -> None:
        """The call holds its money; what it counts in is the window that its row is dated to."""
        record = self.record
        self.hold = hold
        record.holds(hold)
        self.windows = self.windows or tuple([part.account for part in hold.parts])
        if not record.opened and any(part.account.start > record.arrived for part in hold.parts):
            # It waited for room until a new window had begun.
            record.arrived, record.started_at = hold.at, instant_text(hold.at)
        hold.at = record.arrived

    def give_back(self) -> None:
        """Ends the hold of an attempt that used nothing."""
        if self.hold is not None:
            self.parts.admission.settle(self.hold, nano=0, tokens=0)
            self.hold = None

    def settle(self) -> None:
        """Ends the hold with what the call has used up to now; a second time does nothing."""
        hold, record = self.hold, self.record
        if hold is None or record.ask is None:
            return
        self.hold = None
        if record.sent_at is not None:
            record.booking = self.booking(hold)
            self._tell_excess(hold, record.booking)
        booking = record.booking
        self.parts.admission.settle(hold, nano=booking.cost_nano, tokens=booking.usage.total)
        if booking.doubt:
            self.parts.bus.say("warning", f"call {record.id}: {booking.doubt}; booked as an estimate")

    def booking(self, hold: Hold) -> Booking:
        """What the attempt that holds this has used up to now."""
        assert self.record.ask is not None and self.record.target is not None
        booking = book(
            self.record.ask,
            self.relayed.reading,
            self.record.price,
            hold.need,
            held=hold.nano,
            output_bytes=self.relayed.output_bytes,
            price_of=self.parts.prices.beside(self.record.target, self.record.arrived),
        )
        if hold.bounded and booking.certainty is Certainty.ESTIMATED:
            # Nothing was handed on that was not held for; what was only seen is no use of the client's.
            usage = booking.usage
            return replace(booking, usage=replace(usage, output=min(usage.output, hold.all_output)))
        return booking

    def _tell_excess(self, hold: Hold, booking: Booking) -> None:
        """Under a hard limit, a provider that bills more than was held for the call is told of."""
        if not hold.bounded:
            return
        excess = booking.cost_nano - hold.nano
        if excess <= 0:
            return
        self.record.excess = excess
        budgets = [part.account.budget.name for part in hold.parts if part.hard]
        self.parts.alerts.raise_(
            EventKind.BUDGET_EXCESS,
            {
                "id": self.record.id,
                "budgets": budgets,
                "excess_usd": usd_string(excess),
                "cost_usd": usd_string(booking.cost_nano),
            },
            rarely=f"excess {budgets}",
        )

    # The end

    async def recorded(self) -> None:
        """Settles and writes the final row, in one breath: what is given back is never seen as held nowhere
        and written nowhere. In strict durability, waits until the row is committed."""
        self.settle()
        self.write_row()
        if self.parts.strict:
            await self.parts.ledger.flush()

    def write_row(self) -> None:
        """Hands the final row to the ledger and tells watchers and the runaway guard, once."""
        if self.record.written or (self.request.aside is not None and not self.record.opened):
            # A call of our own that found no room was nobody's: `Opinions` says why there is none.
            return
        self.record.written = True
        row = self._with_forgone(self.record.final_row())
        self.parts.ledger.finish(row)
        self.parts.tally.add(row)
        self._end_trial(row)
        self.parts.live.pop(row.id, None)
        self.parts.bus.publish(EventKind.CALL_SETTLED, partial(settled_view, row, self.record.identity.tags))
        self._show_guard(row)

    def _with_forgone(self, row: FinalRow) -> FinalRow:
        """The row with what a cache that was off, or routes in shadow, would have made of it."""
        record, watched = self.record, row.decision.shadow if row.decision is not None else None
        found: tuple[Forgone, ...] = ()
        if watched and record.target is not None and record.ask is not None:
            beside = partial(self.parts.prices.beside, at=record.arrived)
            found = by_routes(watched, record.target, record.booking, record.ask, self.price, beside)
        if self.repeats and row.outcome is Outcome.OK:
            found = (Forgone(Kind.SAME), *found)
        return replace(row, forgone=found) if found else row

    def end_trial(self, failed: bool | None) -> None:
        """The attempt is no longer measured. failed: by its provider's fault; None: nobody can say."""
        trial, record = self.trial, self.record
        if trial is None:
            return
        self.trial = None
        first = record.first_byte_at
        end = record.last_byte_at or self.parts.clock.monotonic()
        self.parts.vitals.ended(
            trial.target,
            failed=failed,
            first_byte_ms=None if first is None else (first - trial.at) * 1000,
            duration_ms=(end - trial.at) * 1000,
            output_tokens=record.booking.usage.output,
        )

    def _end_trial(self, row: FinalRow) -> None:
        if row.outcome is Outcome.OK:
            self.end_trial(failed=False)
        elif row.outcome is Outcome.FAILED and is_fault(row.http_status):
            self.end_trial(failed=True)
        else:
            self.end_trial(failed=None)

    def _show_guard(self, row: FinalRow) -> None:
        failed = row.outcome in (Outcome.FAILED, Outcome.REFUSED)
        error = (row.error or str(row.http_status)) if failed else None
        if self.watched is not None:
            self.parts.runaway.saw(self.watched, cost=row.whole_nano, error=error)
        elif error is not None and self.request.aside is None:
            self.parts.runaway.refused(row.token, row.session, error)

    def close(self) -> None:
        """Lets go of the provider, settles and records; a second time does nothing. Nothing awaits."""
        if self.answer is not None and not self.relayed.complete:
            self.answer.abort()
        self.settle()
        self.write_row()
