"""What the admin plane needs of the gateway: the service is one, and offline commands make another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from typing import Annotated, Any, ParamSpec, Protocol, TypeVar

import anyio.to_thread
from fastapi import Depends, Request

from gateway_core.admission import Admission
from gateway_core.admission.questions import Questions
from gateway_core.alerts import Alerts
from gateway_core.bus import Bus
from gateway_core.clock import Clock
from gateway_core.http.client_tokens import ClientTokens
from gateway_core.logbook import Logbook
from gateway_core.model.decision import Decision
from gateway_core.pipeline.likenesses import Likenesses
from gateway_core.pipeline.opinions import Opinions
from gateway_core.policies import PolicyKeeper
from gateway_core.providers.catalog import Catalog
from gateway_core.providers.prices import PriceBook
from gateway_core.runaway import Runaway
from gateway_core.settings import Settings
from gateway_core.state.vitals import Vitals
from gateway_core.store.cache import CacheStore
from gateway_core.store.ledger import Ledger
from gateway_core.store.messages import MessageStore
from gateway_core.store.opinions import OpinionStore
from gateway_core.store.outcomes import OutcomeStore
from gateway_core.store.policy import PolicyStore
from gateway_core.store.queries import Queries
from gateway_core.store.revisions import Check
from gateway_core.store.tag_names import TagNameStore
from gateway_core.store.weekly import WeeklyStore
from gateway_core.upstream import Upstream
from gateway_core.vault import Vault

CATCHING_UP = 1.0
"""Seconds that an answer waits for the ledger to hold what has ended."""
P = ParamSpec("P")
T = TypeVar("T")


class Engine(Protocol):
    """The gateway as its admin plane sees it."""

    settings: Settings
    version: str
    pid: int
    started_at: str
    url: str
    keep: bool
    draining: bool
    clock: Clock
    timezone: tzinfo
    ledger: Ledger
    store: PolicyStore
    tokens: ClientTokens
    queries: Queries
    cache_store: CacheStore
    alike: Likenesses
    tag_store: TagNameStore
    weekly: WeeklyStore
    outcome_store: OutcomeStore
    opinion_store: OpinionStore
    opinions: Opinions
    messages: MessageStore
    bus: Bus
    vault: Vault
    upstream: Upstream
    admission: Admission
    policies: PolicyKeeper
    questions: Questions
    alerts: Alerts
    runaway: Runaway
    vitals: Vitals
    logbook: Logbook

    @property
    def catalog(self) -> Catalog: ...
    @property
    def prices(self) -> PriceBook: ...
    @property
    def mode(self) -> str: ...
    def check_mode(self, mode: str) -> None: ...
    async def set_mode(self, mode: str, check: Check = ...) -> None: ...
    def live_calls(self) -> list[dict[str, Any]]: ...
    def live_decision(self, id: str) -> Decision | None: ...
    def end_call(self, id: str, who: str) -> None: ...
    async def recount(self) -> None: ...
    async def tags_renamed(self) -> None: ...
    def changed(self, what: str) -> None: ...
    def stop(self) -> None: ...


def _engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.gateway
    return engine


Gateway = Annotated[Engine, Depends(_engine_of)]
"""The parameter of a handler by which it gets the gateway."""


async def caught_up(engine: Engine) -> None:
    """Waits until what has ended so far is committed, but not for a ledger that cannot be written."""
    with anyio.move_on_after(CATCHING_UP):
        await engine.ledger.flush()


async def read(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """A query, asked in a worker thread: running calls do not wait for the database."""
    return await anyio.to_thread.run_sync(partial(query, *args, **kwargs))
