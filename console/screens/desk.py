"""What every screen works with: the gateway, what is known of it, and the edits that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from console.client import AdminClient
from console.feed import Feed
from console.gateway import GatewayHandle
from console.screens.route_draft import Routes, arrange
from console.screens.undoing import Edit, Edits, Step
from console.shapes import Budget, Call, ModeRule, Panic, Throttle
from console.shapes.cache import CacheEntry
from console.shapes.decisions import BudgetTest
from console.shapes.weekly import Weekly, WeeklyReport
from console.trouble import ClientError


@dataclass(frozen=True, slots=True)
class Draft:
    """A budget as a person wrote it. Exactly one of the limits is set."""

    name: str
    match: dict[str, str]
    limit_usd: Decimal | None
    limit_tokens: int | None
    window: str
    at_limit: str
    alerts: tuple[int, ...]
    unbounded: str = "refuse"
    downgrade_to: str | None = None
    expensive_above: Decimal | None = None
    raised_to_usd: Decimal | None = None
    raised_to_tokens: int | None = None
    raised_until: str | None = None
    ask_seconds: int = 60

    @classmethod
    def of(cls, budget: Budget) -> Draft:
        """The budget as it would be written: its fields, without where it stands."""
        taken = {one.name: getattr(budget, one.name) for one in fields(cls)}
        return cls(**{**taken, "match": dict(budget.match), "alerts": tuple(budget.alerts)})

    def unraised(self) -> Draft:
        """The same once its temporary limit has ended by itself."""
        return replace(self, raised_to_usd=None, raised_to_tokens=None, raised_until=None)


@dataclass(slots=True)
class Desk:
    """`client` changes when the gateway is started again, and so does what `handle` says; `demo`: everything
    is simulated."""

    handle: GatewayHandle
    client: AdminClient
    feed: Feed
    demo: bool = False
    hasten: Callable[[float], float] | None = None
    """Makes a simulation so many times as fast, and says how fast it is then; None: life sets the pace."""
    task_began: datetime | None = None
    """When the stopwatch of a piece of work was started."""
    edits: Edits = field(default_factory=Edits)

    def attach(self, handle: GatewayHandle) -> None:
        """Works on another gateway from now on. The handle stays the same one: its owner will close it."""
        self.handle.url, self.handle.token, self.handle.pid = handle.url, handle.token, handle.pid
        self.handle.process, self.handle.kept = handle.process, False
        self.client = handle.client()
        self.feed.attach(self.client)

    async def save_budget(self, draft: Draft, before: Budget | None) -> Budget:
        """Saves, and remembers how it was. Raises what the client raises."""
        saved = await self._put(draft)
        new = Draft.of(saved)
        if before is None:
            self._made(
                f"{draft.name} is gone again",
                lambda: self._turn(new.name, new, None),
                f"{draft.name} is back",
                lambda: self._turn(new.name, None, new),
            )
        else:
            self._changed(Draft.of(before), new)
        return saved

    async def delete_budget(self, budget: Budget) -> None:
        await self._drop(budget.name)
        old = Draft.of(budget)
        self._made(
            f"{old.name} is back",
            lambda: self._turn(old.name, None, old),
            f"{old.name} is gone again",
            lambda: self._turn(old.name, old, None),
        )

    async def set_mode(self, mode: str, before: str) -> None:
        await self.client.set_mode(mode)
        self._made(
            f"mode is {before} again",
            lambda: self.client.set_mode(before),
            f"mode is {mode} again",
            lambda: self.client.set_mode(mode),
        )
        self.feed.refresh()

    async def panic(self, restraint: str, match: Mapping[str, str]) -> tuple[Panic, ...]:
        """Throws a switch; the ones that are thrown then."""
        thrown = await self.client.panic(restraint, match)
        self.feed.refresh()
        return thrown

    async def lift(self, panics: tuple[Panic, ...]) -> None:
        """Lifts every switch."""
        await self.client.lift_panics()
        self._made("thrown again", lambda: self._throw(panics), "lifted again", self.client.lift_panics)
        self.feed.refresh()

    async def label(self, call: Call, mode: str) -> Call:
        """Says which mode an ended call had."""
        words = (await self.client.call(call.id)).relabels
        before = words[-1].mode if words else None
        labelled = await self._label(call.id, mode)
        self._made(
            f"the call is {call.tags.get('mode', 'untagged')} again",
            lambda: self._label(call.id, before),
            f"the call is {mode} again",
            lambda: self._label(call.id, mode),
        )
        return labelled

    async def add_mode_rule(self, rule: ModeRule) -> None:
        """Gives a mode to calls that name none."""
        add, remove = self.client.add_mode_rule, self.client.remove_mode_rule
        await add(rule.mode, rule.match)
        self._made(
            f"the rule for {rule.mode} is gone again",
            lambda: remove(rule.mode, rule.match),
            f"the rule for {rule.mode} is back",
            lambda: add(rule.mode, rule.match),
        )

    async def pin(self, entry: CacheEntry, pinned: bool) -> CacheEntry:
        """Keeps a kept answer from being evicted, or no longer."""
        key, name, before = entry.key, entry.short_key, entry.pinned
        told = {True: f"{name} is pinned again", False: f"{name} is no longer pinned"}
        after = await self.client.pin_entry(key, pinned=pinned)
        self._made(
            told[before],
            lambda: self.client.pin_entry(key, pinned=before),
            told[pinned],
            lambda: self.client.pin_entry(key, pinned=pinned),
        )
        return after

    async def schedule(self, report: WeeklyReport | None) -> Weekly:
        """Schedules the weekly report, or ends that."""
        before = (await self.client.weekly()).report
        after = await self.client.schedule(report)
        new = after.report
        self._made(
            "the weekly report is as it was",
            lambda: self._reschedule(new, before),
            "the weekly report is changed again",
            lambda: self._reschedule(before, new),
        )
        return after

    async def undo(self) -> str:
        """Takes the last edit back; answers what is so again."""
        told = await self.edits.undo()
        self.feed.refresh()
        return told

    async def redo(self) -> str:
        """Makes the edit again that was taken back last; answers what is so again."""
        told = await self.edits.redo()
        self.feed.refresh()
        return told

    async def try_budget(self, draft: Draft) -> Budget:
        """How it would stand, over what its window has already seen. Nothing is saved."""
        return await self.client.put_budget(**_words(draft), dry_run=True)

    async def back_test(self, draft: Draft, since: str) -> BudgetTest:
        """What it would have done to past calls. Nothing is saved."""
        words = {key: value for key, value in _words(draft).items() if value is not None}
        body = {key: f"{value:f}" if isinstance(value, Decimal) else value for key, value in words.items()}
        return await self.client.test_budget({**body, "since": since})

    async def raise_budget(self, before: Budget, draft: Draft) -> Budget:
        """Sets or ends a temporary limit; `draft.raised_until` None is the end of the window."""
        old = Draft.of(before)
        if draft.raised_to_usd is None and draft.raised_to_tokens is None:
            saved = await self._put(draft)
        else:
            saved = await self.client.raise_budget(
                draft.name,
                to_usd=draft.raised_to_usd,
                to_tokens=draft.raised_to_tokens,
                until=draft.raised_until,
            )
            self.feed.take_budget(saved.name, saved)
        self._changed(old, Draft.of(saved))
        return saved

    async def save_throttle(self, throttle: Throttle, before: Throttle | None) -> Throttle:
        saved = await self._limit(throttle)
        if before is None:
            self._made(
                f"{throttle.name} is gone again",
                lambda: self._unlimit(throttle.name),
                f"{throttle.name} is back",
                lambda: self._limit(throttle),
            )
        else:
            self._made(
                f"{before.name} is as it was",
                lambda: self._limit(before),
                f"{throttle.name} is changed again",
                lambda: self._limit(throttle),
            )
        return saved

    async def save_routes(self, old: Routes, new: Routes) -> Routes:
        """Puts other rules in force. Raises ClientError where they are not `old` any more."""
        await arrange(self.client, old, new)
        self._made(
            "the rules are as they were",
            lambda: arrange(self.client, new, old),
            "the rules are changed again",
            lambda: arrange(self.client, old, new),
        )
        return new

    async def delete_throttle(self, throttle: Throttle) -> None:
        await self._unlimit(throttle.name)
        self._made(
            f"{throttle.name} is back",
            lambda: self._limit(throttle),
            f"{throttle.name} is gone again",
            lambda: self._unlimit(throttle.name),
        )

    async def _throw(self, panics: tuple[Panic, ...]) -> None:
        for each in panics:
            await self.client.panic(each.restraint, each.match)

    def _made(self, undone: str, undo: Step, done: str, redo: Step) -> None:
        self.edits.made(Edit(undone, undo, done, redo))

    def _changed(self, old: Draft, new: Draft) -> None:
        self._made(
            f"{old.name} is as it was",
            lambda: self._turn(old.name, new, old),
            f"{new.name} is changed again",
            lambda: self._turn(new.name, old, new),
        )

    async def _turn(self, name: str, left: Draft | None, to: Draft | None) -> None:
        """From how an edit left a budget to how it shall be; None: there is none.

        Raises ClientError where somebody else has edited it since: their edit stands.
        """
        found = next((Draft.of(one) for one in await self.client.budgets() if one.name == name), None)
        if found != left and (found is None or left is None or found != left.unraised()):
            raise ClientError("budget_changed", f"{name} was changed elsewhere since; that edit stands", 409)
        await (self._drop(name) if to is None else self._put(to))

    async def _reschedule(self, left: WeeklyReport | None, to: WeeklyReport | None) -> None:
        """As `_turn`, of the weekly report."""
        if (await self.client.weekly()).report != left:
            raise ClientError(
                "weekly_changed", "the weekly report was changed elsewhere since; that edit stands", 409
            )
        await self.client.schedule(to)

    async def _put(self, draft: Draft) -> Budget:
        saved = await self.client.put_budget(**_words(draft))
        self.feed.take_budget(saved.name, saved)
        return saved

    async def _label(self, call_id: str, mode: str | None) -> Call:
        labelled = await self.client.label(call_id, mode)
        self.feed.take_call(labelled)
        return labelled

    async def _limit(self, throttle: Throttle) -> Throttle:
        saved = await self.client.put_throttle(
            throttle.name,
            match=throttle.match,
            tokens_per_minute=throttle.tokens_per_minute,
            requests_per_minute=throttle.requests_per_minute,
            usd_per_hour=throttle.usd_per_hour,
            concurrent=throttle.concurrent,
        )
        self.feed.refresh()
        return saved

    async def _unlimit(self, name: str) -> None:
        await self.client.delete_throttle(name)
        self.feed.refresh()

    async def _drop(self, name: str) -> None:
        await self.client.delete_budget(name)
        self.feed.take_budget(name, None)


def _words(draft: Draft) -> dict[str, Any]:
    return {one.name: getattr(draft, one.name) for one in fields(draft)}
