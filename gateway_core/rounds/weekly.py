"""Writes the weekly report when it is due, and keeps what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

import anyio.to_thread

from gateway_core.alerts import Alerts
from gateway_core.bus import Bus
from gateway_core.clock import Clock, instant_text
from gateway_core.model.events import EventKind
from gateway_core.model.policy import Policy
from gateway_core.model.weekly import WeeklyReport, WeeklyState
from gateway_core.pipeline.parts import Parts
from gateway_core.rounds.report_command import NotWritten, run_report, words_of
from gateway_core.rules.weekly import WEEK, last_due, read_every, told_days
from gateway_core.settings.weekly import target_of
from gateway_core.store.weekly import WeeklyStore

PAUSE = 5.0
"""Seconds between two looks."""
AGAIN = 600.0
"""Seconds after a failure until the next try."""


@dataclass(slots=True)
class Weekly:
    """Looks whether a report is due. One that no gateway was there to write comes at the next start, once."""

    policy: Callable[[], Policy]
    store: WeeklyStore
    clock: Clock
    tz: tzinfo
    data: Path
    alerts: Alerts
    bus: Bus
    redact: Callable[[str], str]
    _failing: tuple[WeeklyReport, datetime] | None = None
    """What failed at the last try."""
    _again_at: float = 0.0
    """Monotonic time before which that is not tried again; what was edited since is tried at once."""
    _rests_under: Policy | None = None
    """The policy in force when it was last kept that nothing is scheduled."""

    @classmethod
    def of(cls, parts: Parts, store: WeeklyStore, data: Path) -> Weekly:
        """That of a gateway. data: its data folder."""
        return cls(
            policy=lambda: parts.policy,
            store=store,
            clock=parts.clock,
            tz=parts.timezone,
            data=data,
            alerts=parts.alerts,
            bus=parts.bus,
            redact=parts.vault.redact,
        )

    async def look(self) -> None:
        """Looks once, and writes what is due."""
        policy = self.policy()
        plan = policy.weekly
        if plan is None:
            await self._rest(policy)
            return
        state, now = await anyio.to_thread.run_sync(self.store.load), self.clock.now()
        if state.every != plan.every or datetime.fromisoformat(state.done) > now + WEEK:
            # A schedule that was made otherwise than by hand, or a clock that had gone far ahead.
            begun = replace(state, every=plan.every, done=instant_text(now))
            await anyio.to_thread.run_sync(self.store.save, begun)
            return
        due = last_due(read_every(plan.every), now, self.tz)
        rests = self._failing == (plan, due) and self.clock.monotonic() < self._again_at
        if due > datetime.fromisoformat(state.done) and not rests:
            await self._write(plan, due)

    async def _rest(self, policy: Policy) -> None:
        """What comes due until something is scheduled again need not be made up for: kept once a policy."""
        if self._rests_under is not policy:
            await self._keep(lambda state, now: replace(state, every=""))
            self._rests_under = policy

    async def _write(self, plan: WeeklyReport, due: datetime) -> None:
        first, until = told_days(due, self.tz)
        file = str(target_of(plan, due, self.tz))
        words = [f"--since={first}", f"--until={until}", *words_of(plan), f"-o{file}"]
        try:
            await run_report(["--data", str(self.data), *words])
        except NotWritten as error:
            await self._failed(plan, due, self.redact(str(error))[:500])
        else:
            await self._written(due, file)

    async def _failed(self, plan: WeeklyReport, due: datetime, error: str) -> None:
        first = self._failing != (plan, due)
        self._failing, self._again_at = (plan, due), self.clock.monotonic() + AGAIN
        await self._keep(lambda state, now: replace(state, error=error, failed_at=now))
        if first:
            text = f"the weekly report could not be written: {error}; it is tried again"
            self.alerts.raise_(EventKind.TROUBLE, {"what": "report", "over": False, "text": text})

    async def _written(self, due: datetime, file: str) -> None:
        def kept(state: WeeklyState, now: str) -> WeeklyState:
            done = max(state.done, instant_text(due))
            return replace(state, done=done, written_at=now, file=file, error=None, failed_at=None)

        await self._keep(kept)
        text = f"the weekly report is written: {file}"
        if self._failing is not None:
            self._failing = None
            self.alerts.raise_(EventKind.TROUBLE, {"what": "report", "over": True, "text": text})
        self.bus.say("info", text)

    async def _keep(self, change: Callable[[WeeklyState, str], WeeklyState]) -> None:
        """Changes what is there now: a person may have edited the schedule meanwhile."""
        now = instant_text(self.clock.now())

        def work() -> None:
            before = self.store.load()
            after = change(before, now)
            if after != before:
                self.store.save(after)

        await anyio.to_thread.run_sync(work)
