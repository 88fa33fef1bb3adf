"""One life of the gateway: from its start on a data folder to its end or its death."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from gateway_core.logbook import Logbook
from gateway_core.model.policy import Policy
from gateway_core.service import Gateway
from gateway_core.settings import Settings
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.policy import PolicyStore
from gateway_core.upstream import Upstream
from tests.faults.simulation.commits import NoCheckpoints, Plan, SteppedWriter
from tests.faults.simulation.loop import SimulatedClock, at_once
from tests.faults.simulation.policy import PROVIDERS
from tests.faults.simulation.provider import Provider
from tests.faults.simulation.watched import WatchedAdmission

NO_PRICES = b'{"layout":0,"version":"none","dated":"2026-01-01","providers":{}}'


@contextlib.contextmanager
def simulated(clock: SimulatedClock, provider: Provider) -> Iterator[None]:
    """The few places where the gateway meets the world lead into the simulation."""
    with contextlib.ExitStack() as stack:
        for target, substitute in (
            ("gateway_core.service.Clock", lambda: clock),
            ("gateway_core.service.Upstream", partial(Upstream, transport=provider)),
            ("gateway_core.service.Admission", WatchedAdmission),
            ("gateway_core.store.ledger.Checkpointer", NoCheckpoints),
            ("anyio.to_thread.run_sync", at_once),
        ):
            stack.enter_context(patch(target, substitute))
        yield


class Life:
    """A started gateway. committed: called after each COMMIT."""

    def __init__(
        self,
        data: Path,
        seed: Policy,
        zone: str,
        chance: random.Random,
        plan: Plan,
        committed: Callable[[Life], None],
        *,
        strict: bool,
    ) -> None:
        self.data = data
        self.dead = False
        path = data / "ledger.db"
        make = partial(SteppedWriter, chance=chance, plan=plan, committed=lambda: committed(self))
        durability = "strict" if strict else "process"
        with patch("gateway_core.store.ledger.Writer", make):
            self.ledger = Ledger(path, durability)
            self.recovered = self.ledger.start()
        assert isinstance(self.ledger.writer, SteppedWriter)
        self.writer = self.ledger.writer
        self.reader = connect(path, read_only=True)
        settings = Settings(
            data, data / "config.toml", durability=durability, providers=PROVIDERS, policy=seed
        )
        try:
            self.gateway = Gateway(settings, self.ledger, PolicyStore(self.ledger), ZoneInfo(zone), Logbook())
        except BaseException:
            self._let_go()
            raise
        assert isinstance(self.gateway.admission, WatchedAdmission)
        self.admission = self.gateway.admission

    def die(self, remains: Path) -> None:
        """What is committed stays, as the files are at this instant; everything else is gone."""
        self.dead = True
        self.writer.die()
        remains.mkdir()
        for name in ("ledger.db", "ledger.db-wal", "prices.json"):
            if (self.data / name).exists():
                shutil.copyfile(self.data / name, remains / name)
        self.close()

    def close(self) -> None:
        self.gateway.queries.close()
        self._let_go()

    def _let_go(self) -> None:
        self.writer.die()
        self.reader.close()
        with contextlib.suppress(sqlite3.Error):
            self.ledger.close()
