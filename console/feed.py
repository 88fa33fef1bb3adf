"""What the screens show: the gateway's events and answers folded into one frozen Snapshot a tick."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from math import inf
from typing import Any, Protocol

import anyio
import msgspec

from console.limit_words import alert_words
from console.shapes import (
    Budget,
    CacheUse,
    Call,
    Calls,
    Event,
    Panic,
    Question,
    Spend,
    Status,
    Summary,
)
from console.shapes.wrapped import Panics
from console.snapshot import Snapshot
from console.timetable import Query, Timetable
from console.trouble import ClientError, GatewayGone

KEPT_CALLS = 10_000
QUEUED_EVENTS = 8_192


class Source(Protocol):
    """What the feed asks the gateway; console.client.AdminClient answers it."""

    async def status(self) -> Status: ...
    async def summary(self) -> Summary: ...
    async def spend(self, range: str = ..., by: str = ...) -> Spend: ...
    async def calls(self, limit: int = ...) -> Calls: ...
    async def budgets(self) -> tuple[Budget, ...]: ...
    async def cache(self, range: str = ...) -> CacheUse: ...
    async def panics(self) -> Panics: ...
    async def questions(self) -> tuple[Question, ...]: ...
    def events(self, last_id: int | None = None) -> AsyncIterator[Event]: ...


class Feed:
    """Watches one gateway. `run` in a task; `tick` from the screen's clock, which never waits.

    clock: the present moment with the zone to show times in.
    """

    def __init__(self, source: Source, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._events: deque[Event] = deque(maxlen=QUEUED_EVENTS)
        self._dropped = False
        self._last_id: int | None = None
        self._ended: deque[Call] = deque(maxlen=KEPT_CALLS)
        self.knows_calls = False
        """The latest calls have been told, though there may be none."""
        self._flying: dict[str, Call] = {}
        self._ended_count = 0
        self._moved = False
        self._meanwhile: dict[str, Call] | None = None
        """What was told of calls since they were asked for, while the answer is waited for."""
        self._edits = 0
        self._live = Snapshot(now=clock())
        self._wanted = (self._live.range, self._live.by)
        self._frozen: Snapshot | None = None
        self._frozen_count = 0
        self.alerts: deque[Mapping[str, Any]] = deque(maxlen=8)
        """Alerts nobody has shown yet, in the words of their events."""
        self._unseen: dict[tuple[str, str], str] = {}
        """What nobody has acknowledged, by kind and subject, the latest first."""
        self.attach(source)

    def attach(self, source: Source) -> None:
        """Asks another gateway from the next `run` on, as after one was started again."""
        self._source = source
        self._last_id = None
        self._timetable = Timetable(
            Query("status", source.status, 2.0, 30.0),
            Query("summary", source.summary, 1.0, 5.0),
            Query("calls", lambda: source.calls(limit=500), 1.0, inf),
            Query("spend", lambda: source.spend(*self._wanted), 3.0, 5.0),
            Query("budgets", source.budgets, 2.0, 15.0),
            Query("cache", lambda: source.cache(self._wanted[0]), 5.0, 30.0),
            Query("panics", self._thrown, 1.0, 15.0),
            Query("questions", source.questions, 1.0, inf),
        )

    async def _thrown(self) -> tuple[Panic, ...]:
        return (await self._source.panics()).panics

    async def run(self) -> None:
        """Listens and asks until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._listen)
            tasks.start_soon(self._ask_on)

    def tick(self) -> Snapshot:
        """The present view. Folds what came since the last tick; costs next to nothing when nothing came."""
        while self._events:
            self._fold(self._events.popleft())
        if self._dropped:
            self._dropped = False
            self._timetable.want("calls")
        if self._moved:
            self._show_calls()
        self._live = replace(self._live, now=self._clock())
        if self._frozen is None:
            return self._live
        waiting = self._ended_count - self._frozen_count
        live = self._live
        return replace(
            self._frozen,
            waiting=waiting,
            gone_since=live.gone_since,
            alerts=live.alerts,
            questions=live.questions,
            panics=live.panics,
        )

    def stirs(self, since: Snapshot) -> bool:
        """Whether a tick would tell more than the time: something came after `since`, which was `live` then,
        or is under way."""
        live = self._live
        waiting = self._events or self._moved or self._dropped or self.alerts
        return bool(waiting or live is not since or live.in_flight or live.gone_since)

    def acknowledge(self) -> None:
        """The alerts are seen."""
        self._unseen.clear()
        self._live = replace(self._live, alerts=())

    def look(self, *, range: str | None = None, by: str | None = None) -> None:
        """Another range (a key of RANGES) or split (model, mode, project, user, provider), shown when the
        gateway has answered."""
        self._wanted = range or self._wanted[0], by or self._wanted[1]
        self._timetable.want("cache", "spend")

    def freeze(self, frozen: bool) -> None:
        """Keeps `tick` answering with this moment; the gateway and the folding go on."""
        self._frozen = replace(self._live, frozen_at=self._live.now) if frozen else None
        self._frozen_count = self._ended_count

    @property
    def live(self) -> Snapshot:
        """The present, also while the view is frozen."""
        return self._live

    def show_past(self, past: Snapshot) -> None:
        """Keeps `tick` answering with an earlier moment."""
        self._frozen = past
        self._frozen_count = self._ended_count - (len(self._live.calls) - len(past.calls))

    def take_budget(self, name: str, budget: Budget | None) -> None:
        """Shows an edited budget at once, None where it was deleted; answers asked before that are void."""
        known = {one.name: one for one in self._live.budgets or ()}
        if budget is None:
            known.pop(name, None)
        else:
            known[name] = budget
        self._live = replace(self._live, budgets=tuple(known.values()))
        self._edits += 1
        self._timetable.want("budgets", "summary")

    def take_mode(self, mode: str, revision: str) -> None:
        """Shows the mode at once that was switched to; answers asked before that are void."""
        if (status := self._live.status) is not None:
            status = replace(status, mode=mode, mode_revision=revision)
            self._live = replace(self._live, status=status)
        self._edits += 1
        self._timetable.want("status")

    def take_call(self, call: Call) -> None:
        """Shows an ended call at once as it now counts."""
        self._ended = deque(
            (call if known.id == call.id else known for known in self._ended), maxlen=KEPT_CALLS
        )
        self._moved = True
        self._timetable.want("summary", "spend", "budgets")

    def refresh(self) -> None:
        """Asks everything again, as after an edit."""
        self._timetable.want()

    async def _listen(self) -> None:
        while True:
            try:
                async for event in self._source.events(self._last_id):
                    self._dropped |= len(self._events) == QUEUED_EVENTS
                    self._events.append(event)
            except ClientError as error:
                self._live = replace(self._live, problem=error.message)
            await anyio.sleep(1)

    async def _ask_on(self) -> None:
        """Asks what is due and waits for no answer: the status may wait for a keyring, and money must not."""
        # One that is cancelled may take another question at its very end, but from no later one's timetable.
        timetable = self._timetable
        async with anyio.create_task_group() as tasks:
            while True:
                for query in await timetable.due():
                    tasks.start_soon(self._answer, timetable, query)

    async def _answer(self, timetable: Timetable, query: Query) -> None:
        try:
            await self._ask(query)
        finally:
            timetable.answered(query)

    async def _ask(self, query: Query) -> None:
        asked_for = self._wanted, self._edits
        if query.name == "calls":
            self._meanwhile = {}
        try:
            answer = await query.ask()
        except GatewayGone:
            query.due = True
            self._lost()
        except ClientError as error:
            query.due = True
            self._live = replace(self._live, problem=error.message)
        else:
            self._back()
            if query.name == "calls":
                self._take_calls(answer)
            elif asked_for != (self._wanted, self._edits):
                query.due = True
            elif query.name == "spend":
                self._live = replace(self._live, spend=answer, range=self._wanted[0], by=self._wanted[1])
            else:
                self._live = replace(self._live, problem=None, **{query.name: answer})

    def _lost(self) -> None:
        if self._live.gone_since is None:
            self._live = replace(self._live, gone_since=self._clock())

    def _back(self) -> None:
        if self._live.gone_since is not None:
            self._live = replace(self._live, gone_since=None)
            self.refresh()

    def _take_calls(self, answer: Calls) -> None:
        self._flying = {call.id: call for call in reversed(answer.in_flight)}
        newest_first = sorted(answer.calls, key=lambda call: call.finished_at or "", reverse=True)
        self._ended = deque(newest_first, maxlen=KEPT_CALLS)
        told, self._meanwhile = self._meanwhile or {}, None
        self.knows_calls = True
        for call in told.values():
            self._place(call)
        self._moved = True

    def _show_calls(self) -> None:
        flying = tuple(reversed(self._flying.values()))
        self._live = replace(self._live, calls=tuple(self._ended), in_flight=flying)
        self._moved = False

    def _fold(self, event: Event) -> None:
        self._last_id = event.id
        try:
            self._take(event)
        except (KeyError, TypeError, ValueError, ArithmeticError, msgspec.ValidationError) as error:
            told = f"the gateway tells of {event.kind} in another shape: {error}"
            self._live = replace(self._live, problem=told)
            self._timetable.touch("calls", "summary", "spend", "budgets")

    def _take(self, event: Event) -> None:
        match event.kind:
            case "call.opened":
                self._open(event.data)
            case "call.progress":
                self._grow(event.data)
            case "call.settled":
                self._settle(event.data)
            case "budget.alert" | "budget.landing" | "budget.excess" | "runaway" | "trouble" | "alert.test":
                self._alert(event)
            case "budget.question" | "budget.answer":
                self._timetable.want("questions")
            case "policy.changed" | "gateway":
                self._timetable.want("status", "summary", "budgets", "panics")
            case "connection.lost":
                self._lost()
            case "connection.back":
                self._back()
                self.refresh()

    def _alert(self, event: Event) -> None:
        words = alert_words(event, self._clock())
        key = event.kind, str(event.data.get("budget") or event.data.get("rule", ""))
        self.alerts.append(event.data)
        self._unseen.pop(key, None)
        self._unseen = {key: words, **self._unseen}
        # What has happened comes before what may.
        ordered = sorted(self._unseen.items(), key=lambda item: item[0][0] == "budget.landing")
        self._live = replace(self._live, alerts=tuple(told for _, told in ordered))
        self._timetable.touch("budgets", "summary")

    def _open(self, data: Mapping[str, Any]) -> None:
        self._place(_call(data))
        self._timetable.touch("summary", "budgets")

    def _grow(self, data: Mapping[str, Any]) -> None:
        call = self._flying.get(data["id"])
        if call is None:
            return
        self._flying[call.id] = replace(
            call,
            output_tokens=int(data["output_tokens"]),
            cost_usd=Decimal(data["cost_usd"]),
            first_byte_ms=data.get("first_byte_ms", call.first_byte_ms),
        )
        self._moved = True

    def _settle(self, data: Mapping[str, Any]) -> None:
        if self._place(_call(data)):
            self._ended_count += 1
        self._timetable.touch("summary", "spend", "budgets", "cache")

    def _place(self, call: Call) -> bool:
        """Puts a call that was told of among those under way, or among the ended; whether it is new there."""
        self._moved = True
        if self._meanwhile is not None:
            self._meanwhile.pop(call.id, None)
            self._meanwhile[call.id] = call
        if call.status == "open":
            self._flying[call.id] = call
            return True
        self._flying.pop(call.id, None)
        # The answer to `calls` may already hold what its event tells only now.
        if any(call.id == known.id for known in islice(self._ended, 500)):
            return False
        self._ended.appendleft(call)
        return True


def _call(data: Mapping[str, Any]) -> Call:
    """The call of an event. What thousands of calls say alike is kept once: half of a row's memory."""
    said = _kept_once(data)
    if isinstance(tags := said.get("tags"), dict):
        said["tags"] = _kept_once(tags)
    return msgspec.convert(said, Call)


def _kept_once(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sys.intern(said) if type(said) is str else said for name, said in words.items()}
