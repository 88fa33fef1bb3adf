"""A world by its seed: policy, clients, provider, edits, a clock that may be set, deaths of the gateway."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway_core.model.errors import Refusal
from gateway_core.pipeline import serve
from gateway_core.store.schema import create
from tests.faults.simulation import judgement
from tests.faults.simulation.client import Visit, client_of
from tests.faults.simulation.commits import Died, Plan
from tests.faults.simulation.life import NO_PRICES, Life, simulated
from tests.faults.simulation.loop import SimulatedClock, SimulatedLoop, Stuck
from tests.faults.simulation.policy import drawn_edit, drawn_policy
from tests.faults.simulation.provider import Bill, Provider

STARTS = (
    (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "UTC"),
    (datetime(2026, 11, 23, 12, 59, 59, tzinfo=UTC), "UTC"),
    (datetime(2026, 11, 30, 22, 59, 58, tzinfo=UTC), "Europe/Berlin"),
    (datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), "Europe/Berlin"),
    (datetime(2027, 3, 14, 9, 59, 58, tzinfo=UTC), "America/Los_Angeles"),
)
"""Noon, and seconds before an hour, a month, the end and the beginning of daylight saving."""


@dataclass(frozen=True)
class Broken:
    """A rule that did not hold."""

    rule: str
    what: str
    at: float

    def __str__(self) -> str:
        return f"{self.rule}: {self.what} (at {self.at:.3f} s)"


class Enough(KeyboardInterrupt):
    """A rule is broken: the world ends here."""


@dataclass
class Deaths:
    """When the gateway dies: in each of its lives at that commit, before or after it."""

    plans: list[Plan] = field(default_factory=list)

    @classmethod
    def drawn(cls, chance: random.Random) -> Deaths:
        count = chance.choice([0, 0, 1, 1, 2, 3])
        return cls([Plan(chance.randint(1, 25), chance.random() < 0.5) for _ in range(count)])

    def next(self) -> Plan:
        return self.plans.pop(0) if self.plans else Plan()


class World:
    """Runs once. deaths: by the seed unless given."""

    def __init__(self, seed: int, folder: Path, deaths: Deaths | None = None) -> None:
        chance = self.chance = random.Random(seed)
        self.seed = seed
        self.folder = folder
        self.trace: list[str] = []
        self.broken_rules: list[Broken] = []
        start, self.zone = chance.choice(STARTS)
        self.clock = SimulatedClock(start)
        self.policy = drawn_policy(chance)
        self.visits = [Visit.drawn(number, chance, span=3.0) for number in range(chance.randint(3, 12))]
        self.strict = chance.random() < 0.15
        self.edits = sorted(round(chance.random() * 4, 3) for _ in range(chance.choice([0, 0, 1, 3])))
        self.jumps = [
            (chance.random() * 4, chance.choice([-26, -1, 1, 30])) for _ in range(chance.random() < 0.15)
        ]
        self.deaths = deaths or Deaths.drawn(chance)
        self.provider = Provider(seed, self.arrived, lambda model: model.endswith("-open"))
        self.judge = judgement.Judge(self)
        self.lives = 0
        self.commits = 0
        """Of the life that came to its proper end."""
        self.life: Life | None = None

    # What is told and judged

    def tell(self, text: str) -> None:
        if self.life is not None and self.life.dead:
            return
        self.trace.append(f"{self.clock.monotonic():9.3f}  {text}")

    def broken(self, rule: str, what: str) -> None:
        if self.life is not None and self.life.dead:
            return
        self.broken_rules.append(Broken(rule, what, self.clock.monotonic()))
        self.tell(f"BROKEN {rule}: {what}")

    def arrived(self, bill: Bill) -> None:
        self.tell(
            f"provider  {bill.call_id} try {bill.attempt} of {bill.model}, cap {bill.cap}: {bill.ending}"
        )
        assert self.life is not None
        self.judge.sent(bill, self.life)

    def edited(self) -> None:
        if self.life is not None:
            self.judge.edited(self.life)

    def committed(self, life: Life) -> None:
        if self.life is life:
            self.tell(f"ledger    commit {life.writer.connection.commits}")
            self.judge.committed(life)

    def looked(self) -> None:
        """After each round of the loop."""
        if self.life is not None and not self.life.dead:
            self.life.admission.look("a round")
        if self.broken_rules:
            raise Enough

    # Running

    def run(self) -> None:
        """To the end, or to the first broken rule."""
        data = self.folder / "life-0"
        data.mkdir()
        shutil.copyfile(empty_ledger(self.folder.parent), data / "ledger.db")
        (data / "prices.json").write_bytes(NO_PRICES)
        with self.clock, simulated(self.clock, self.provider), contextlib.suppress(Enough):
            while (data := self._live(data)) is not None:  # type: ignore[assignment]
                self.clock.advance_to(self.clock.monotonic() + self.chance.choice([0.1, 2.0, 4000.0]))
                self.trace.append("the gateway starts again")
        if self.broken_rules:
            self._leave()

    def _live(self, data: Path) -> Path | None:
        """One life; the folder of the next one, None where it came to its proper end."""
        self.lives += 1
        plan = self.deaths.next()
        loop = SimulatedLoop(self.clock, self.looked)
        try:
            loop.run_until_complete(self._serve(data, plan))
            return None
        except Died:
            side = "before" if plan.before else "after"
            self.trace.append(f"the gateway dies at its commit {plan.commit}, {side} it")
            return self._bury(data)
        except Stuck:
            self.broken("nobody waits for ever", "no timer runs and nothing is ready")
            raise Enough from None
        finally:
            if self.life is not None:
                self.life.dead = True
                self.life.writer.die()
            loop.abandon()

    def _bury(self, data: Path) -> Path:
        remains = self.folder / f"life-{self.lives}"
        if self.life is None or self.life.data != data:
            # It died while it started.
            shutil.copytree(data, remains, ignore=shutil.ignore_patterns("*-shm"))
        else:
            self.life.die(remains)
        self.judge.died(remains)
        for visit in self.visits:
            visit.ended |= visit.begun
        return remains

    async def _serve(self, data: Path, plan: Plan) -> None:
        life = Life(data, self.policy, self.zone, self.chance, plan, self.committed, strict=self.strict)
        life.admission.judge = self
        self.life = life
        self.judge.started(life)
        await life.gateway._apply(life.gateway.policies.current)
        async with asyncio.TaskGroup() as group:
            for visit in self.visits:
                if not visit.begun:
                    group.create_task(self._visit(life, visit))
            group.create_task(self._edit(life))
            group.create_task(self._set_clock())
        await life.ledger.flush()
        self.judge.quiet(life)
        self.commits, plan.commit = life.writer.connection.commits, 0
        life.writer.close()
        self.judge.over(life.data / "ledger.db")
        life.reader.close()

    async def _visit(self, life: Life, visit: Visit) -> None:
        await self._until(visit.at)
        visit.begun = True
        request = visit.inbound(self.clock.monotonic())
        task = asyncio.current_task()
        assert task is not None
        timer = None
        if visit.leaves is not None:
            timer = asyncio.get_running_loop().call_later(visit.leaves, self._leaves, visit, task)
        self.tell(
            f"client    {visit.id} asks {visit.model}, {visit.tags}, cap {visit.cap}, stream {visit.stream}"
        )
        try:
            await serve(life.gateway.parts, request, client_of(visit, request))
        except asyncio.CancelledError:
            if not visit.left:
                raise
        except Exception as error:
            self.broken("no call fails inside", f"{visit.id}: {type(error).__name__}: {error}")
        finally:
            if timer is not None:
                timer.cancel()
        visit.ended = True
        self.tell(f"client    {visit.id} has {len(visit.got)} bytes of {visit.status}, left {visit.left}")

    def _leaves(self, visit: Visit, task: asyncio.Task[None]) -> None:
        self.tell(f"client    {visit.id} leaves")
        visit.left = True
        task.cancel()

    async def _edit(self, life: Life) -> None:
        while self.edits:
            await self._until(self.edits[0])
            self.edits.pop(0)
            edit = drawn_edit(self.chance, self.clock.now())
            with contextlib.suppress(Refusal):
                await life.gateway.policies.edit("budgets", edit, "somebody")

    async def _set_clock(self) -> None:
        while self.jumps:
            at, hours = self.jumps[0]
            await self._until(at)
            self.jumps.pop(0)
            self.tell(f"the clock is set by {hours} h")
            self.judge.jumped()
            self.clock.set_by(timedelta(hours=hours))

    async def _until(self, at: float) -> None:
        if (seconds := at - self.clock.monotonic()) > 0:
            await asyncio.sleep(seconds)

    def _leave(self) -> None:
        if self.life is not None:
            with contextlib.suppress(sqlite3.Error):
                self.life.close()


def empty_ledger(folder: Path) -> Path:
    """A new ledger, made once for all worlds of a folder."""
    path = folder / "empty.db"
    if not path.exists():
        create(path)
    return path


@contextlib.contextmanager
def room() -> Iterator[Path]:
    """A folder for worlds, in memory where the machine has such a place."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as name:
        yield Path(name)


def run(seed: int, folder: Path, deaths: Deaths | None = None) -> World:
    """The world of a seed, run in a folder of its own that is gone afterwards."""
    place = folder / f"seed-{seed}"
    place.mkdir()
    world = World(seed, place, deaths)
    try:
        world.run()
    finally:
        shutil.rmtree(place)
    return world
