"""What every screen works with: the gateway, what is known of it, and the edits that can be undone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from console.client import AdminClient
from console.feed import Feed
from console.gateway import GatewayHandle
from console.screens.draft import Draft
from console.screens.putting import Putting
from console.screens.route_draft import Routes
from console.screens.undoing import Edit, Edits, Put, State
from console.shapes import Budget, Call, ModeRule, Panic, Status, Thresholds, Throttle
from console.shapes.cache import CacheEntry, Discarded
from console.shapes.decisions import BudgetTest
from console.shapes.weekly import Weekly, WeeklyReport
from console.shapes.wrapped import Routes as InForce
from console.trouble import ClientError
from console.wire import NOTHING


@dataclass(slots=True)
class Desk:
    """`client` changes when the gateway is started again, and so does what `handle` says; `demo`: everything
    is simulated.

    What is saved here is written over what the person has seen: ClientError 412 where that is something else
    by now.
    """

    handle: GatewayHandle
    client: AdminClient
    feed: Feed
    demo: bool = False
    hasten: Callable[[float], float] | None = None
    """Makes a simulation so many times as fast, and says how fast it is then; None: life sets the pace."""
    task_began: datetime | None = None
    """When the stopwatch of a piece of work was started."""
    guest: subprocess.Popen[bytes] | None = None
    """Another program that has the terminal just now."""
    ending: bool = False
    """A signal has ended the console, and every guest with it."""
    edits: Edits = field(default_factory=Edits)

    def host(self, guest: subprocess.Popen[bytes]) -> None:
        """Gives the terminal away until the guest has ended."""
        self.guest = guest
        if self.ending:
            # The signal came while the guest was being started.
            guest.terminate()
        guest.wait()
        self.guest = None

    def end(self) -> None:
        """Called by a signal, at any moment."""
        self.ending = True
        if self.guest is not None:
            self.guest.terminate()

    def attach(self, handle: GatewayHandle) -> None:
        """Works on another gateway from now on. The handle stays the same one: its owner will close it."""
        self.handle.url, self.handle.token, self.handle.pid = handle.url, handle.token, handle.pid
        self.handle.process, self.handle.kept = handle.process, False
        self.client = handle.client()
        self.feed.attach(self.client)

    @property
    def put(self) -> Putting:
        """Puts things at the gateway of now: steps that are taken back later ask for it again."""
        return Putting(self.client, self.feed)

    # Budgets

    async def save_budget(self, draft: Draft, before: Budget | None) -> Budget:
        """before: the one that it is written over, None where there is none of that name."""
        saved = await self.put.saved(draft, before.revision if before else NOTHING)
        self._edited_budget(saved.name, before, saved)
        return saved

    async def delete_budget(self, budget: Budget) -> None:
        await self.put.budget(budget.name, None, budget.revision)
        self._edited_budget(budget.name, budget, None)

    async def raise_budget(self, before: Budget | None, draft: Draft) -> Budget:
        """Sets or ends a temporary limit; `draft.raised_until` None is the end of the window."""
        if before is None:
            raise ClientError("no_such_budget", f"there is no budget {draft.name} any more", 404)
        if draft.raised_to_usd is None and draft.raised_to_tokens is None:
            own = replace(Draft.of(before), raised_to_usd=None, raised_to_tokens=None, raised_until=None)
            saved = await self.put.saved(own, before.revision)
        else:
            saved = await self.client.raise_budget(
                draft.name,
                to_usd=draft.raised_to_usd,
                to_tokens=draft.raised_to_tokens,
                until=draft.raised_until,
                over=before.revision,
            )
            self.feed.take_budget(saved.name, saved)
        self._edited_budget(saved.name, before, saved)
        return saved

    async def budget_now(self, name: str) -> Budget | None:
        """How it stands, whoever edited it."""
        return next((each for each in await self.client.budgets() if each.name == name), None)

    async def try_budget(self, draft: Draft) -> Budget:
        """How it would stand, over what its window has already seen. Nothing is saved."""
        return await self.client.put_budget(**draft.words(), dry_run=True)

    async def back_test(self, draft: Draft, since: str) -> BudgetTest:
        """What it would have done to past calls. Nothing is saved."""
        words = {key: value for key, value in draft.words().items() if value is not None}
        body = {key: f"{value:f}" if isinstance(value, Decimal) else value for key, value in words.items()}
        return await self.client.test_budget({**body, "since": since})

    def _edited_budget(self, name: str, before: Budget | None, after: Budget | None) -> None:
        self._made(
            lambda state, over: self.put.budget(name, state, over),
            before=None if before is None else Draft.of(before),
            after=None if after is None else Draft.of(after),
            left=NOTHING if after is None else after.revision,
            **_told(name, before, after),
        )

    # Throttles

    async def save_throttle(self, throttle: Throttle, before: Throttle | None) -> Throttle:
        """before: as of `save_budget`."""
        saved = await self.put.limited(throttle, before.revision if before else NOTHING)
        self._edited_throttle(saved.name, before, saved)
        return saved

    async def delete_throttle(self, throttle: Throttle) -> None:
        await self.put.throttle(throttle.name, None, throttle.revision)
        self._edited_throttle(throttle.name, throttle, None)

    async def throttle_now(self, name: str) -> Throttle | None:
        """How it stands, whoever edited it."""
        return next((each for each in await self.client.throttles() if each.name == name), None)

    def _edited_throttle(self, name: str, before: Throttle | None, after: Throttle | None) -> None:
        self._made(
            lambda state, over: self.put.throttle(name, state, over),
            before=before,
            after=after,
            left=NOTHING if after is None else after.revision,
            **_told(name, before, after),
        )

    # Routes, modes and switches

    async def save_routes(self, old: InForce, new: Routes) -> InForce:
        """Puts other rules in force, all in one edit."""
        left = await self.put.routes(new, old.revision)
        self._made(
            lambda state, over: self.put.routes(state, over),
            before=old.routes,
            after=new,
            left=left,
            undone="the rules are as they were",
            done="the rules are changed again",
        )
        return InForce(routes=new, revision=left)

    async def save_thresholds(self, wanted: Thresholds, before: Thresholds) -> Thresholds:
        """Puts all that holds for every rule in force, in one edit."""
        saved = await self.put.moved(wanted, before.revision)
        self._made(
            lambda state, over: self.put.thresholds(state, over),
            before=before,
            after=saved,
            left=saved.revision,
            undone="the classes are as they were",
            done="the classes are moved again",
        )
        return saved

    async def set_mode(self, mode: str, status: Status) -> str:
        """Another mode than the one of this status; its revision."""
        before = status.mode
        left = await self.put.mode(mode, status.mode_revision)
        self._made(
            lambda state, over: self.put.mode(state, over),
            before=before,
            after=mode,
            left=left,
            undone=f"mode is {before} again",
            done=f"mode is {mode} again",
        )
        return left

    async def add_mode_rule(self, rule: ModeRule) -> None:
        """Gives a mode to calls that name none, before all other rules; taken back, all are as they were."""
        found = await self.client.mode_rules()
        made = await self.client.add_mode_rule(rule.mode, rule.match, over=found.revision)
        there = rule in found.rules
        self._made(
            lambda state, over: self.put.mode_rules(state, over),
            before=found.rules,
            after=made.rules,
            left=made.revision,
            undone=f"the rule for {rule.mode} is {'in its old place' if there else 'gone'} again",
            done=f"the rule for {rule.mode} is {'first again' if there else 'back'}",
        )

    async def panic(self, restraint: str, match: Mapping[str, str]) -> tuple[Panic, ...]:
        """Throws a switch, whatever is thrown already; the ones that are thrown then."""
        found = await self.client.panics()
        try:
            thrown = await self.client.panic(restraint, match, over=found.revision)
        except ClientError as error:
            if not error.overtaken:
                raise
            # Whoever throws a brake shall not have to look who else is throwing one.
            return await self.panic(restraint, match)
        self._switched(found.panics, thrown.panics, thrown.revision, "lifted again", "thrown again")
        return thrown.panics

    async def lift(self, panics: tuple[Panic, ...]) -> tuple[Panic, ...]:
        """Lifts every switch; those that were thrown. panics: the ones that the person knows of."""
        found = await self.client.panics()
        if set(map(_said, found.panics)) != set(map(_said, panics)):
            self.feed.refresh()
            raise ClientError.meanwhile("another switch was thrown or lifted meanwhile; look")
        left = await self.put.panics((), found.revision)
        self._switched(found.panics, (), left, "thrown again", "lifted again")
        return found.panics

    def _switched(
        self, before: tuple[Panic, ...], after: tuple[Panic, ...], left: str, undone: str, done: str
    ) -> None:
        self._made(
            lambda state, over: self.put.panics(state, over),
            before=before,
            after=after,
            left=left,
            undone=undone,
            done=done,
        )
        self.feed.refresh()

    # Calls and kept answers

    async def label(self, call: Call, mode: str) -> Call:
        """Says which mode an ended call had."""
        found = await self.client.call(call.id)
        was, shown = found.tags.get("mode", "untagged"), call.tags.get("mode", "untagged")
        if was != shown:
            self.feed.take_call(found)
            raise ClientError.meanwhile(f"another console has said meanwhile that this call was {was}")
        labelled = await self.client.label(call.id, mode, over=found.mode_revision)
        self.feed.take_call(labelled)
        self._made(
            lambda state, over: self.put.label(call.id, state, over),
            before=found.relabels[-1].mode if found.relabels else None,
            after=mode,
            left=labelled.mode_revision or NOTHING,
            undone=f"the call is {was} again",
            done=f"the call is {mode} again",
        )
        return labelled

    async def pin(self, entry: CacheEntry, pinned: bool) -> CacheEntry:
        """Keeps a kept answer from being evicted, or no longer."""
        told = {True: f"{entry.short_key} is pinned again", False: f"{entry.short_key} is no longer pinned"}
        after = await self.client.pin_entry(entry.key, pinned=pinned, over=entry.revision)
        self._made(
            lambda state, over: self.put.pin(entry.key, state, over),
            before=entry.pinned,
            after=pinned,
            left=after.revision,
            undone=told[entry.pinned],
            done=told[pinned],
        )
        return after

    async def schedule(self, report: WeeklyReport | None, seen: Weekly) -> Weekly:
        """Schedules the weekly report, or ends that, over what was seen."""
        weekly = await self.client.schedule(report, over=seen.revision)
        self._made(
            lambda state, over: self.put.weekly(state, over),
            before=seen.report,
            after=weekly.report,
            left=weekly.revision,
            undone="the weekly report is as it was",
            done="the weekly report is changed again",
        )
        return weekly

    async def discard(self, entry: CacheEntry) -> Discarded:
        """Nobody gets a kept answer any more; for an hour it can be brought back."""
        done = await self.client.discard_entry(entry.key, over=entry.revision)
        self._made(
            lambda state, over: self.put.entry(entry.key, state, over),
            before=entry,
            after=None,
            left=NOTHING,
            undone=f"{entry.short_key} is kept again",
            done=f"{entry.short_key} is discarded again",
        )
        return done

    # Undo

    async def undo(self) -> str:
        """Takes the last edit back; answers what is so again."""
        try:
            return await self.edits.undo()
        finally:
            self.feed.refresh()

    async def redo(self) -> str:
        """Makes the edit again that was taken back last; answers what is so again."""
        try:
            return await self.edits.redo()
        finally:
            self.feed.refresh()

    def _made(
        self, put: Put[State], *, before: State, after: State, left: str, undone: str, done: str
    ) -> None:
        """An edit that can be taken back; what each of these is, `Edit` says. `put` asks for `self.put` each
        time: the gateway may be another one by then."""
        self.edits.made(Edit(put, before, after, left, undone, done))


def _told(name: str, before: object | None, after: object | None) -> dict[str, str]:
    """What a person is told once the edit of a named limit is taken back, and once it is made again."""
    undone = f"{name} is gone again" if before is None else f"{name} is as it was"
    done = f"{name} is back" if before is None else f"{name} is changed again"
    if after is None:
        undone, done = f"{name} is back", f"{name} is gone again"
    return {"undone": undone, "done": done}


def _said(panic: Panic) -> tuple[object, ...]:
    return panic.restraint, *sorted(panic.match.items())
