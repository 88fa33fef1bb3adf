"""The gateway: builds its parts from the settings, keeps them in step, and lets them go in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from datetime import tzinfo
from functools import partial
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import anyio.to_thread

from gateway_core.admission import Admission
from gateway_core.admission.questions import Questions, Verdict
from gateway_core.admission.refusals import amounts
from gateway_core.alerts import Alerts
from gateway_core.alerts.channels import channels_of
from gateway_core.alerts.marks import Marks
from gateway_core.bus import Bus
from gateway_core.clock import Clock, instant_text, zone
from gateway_core.coach import Coach
from gateway_core.folder.instance import only_one
from gateway_core.folder.private import read_or_make
from gateway_core.http.client_tokens import ClientTokens, hash_key
from gateway_core.http.guard import new_token
from gateway_core.lessons import Lessons
from gateway_core.logbook import Logbook
from gateway_core.model.decision import Decision
from gateway_core.model.errors import Refusal
from gateway_core.model.events import EventKind
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Policy
from gateway_core.peers import Peers
from gateway_core.pipeline.answers import AnswerCache
from gateway_core.pipeline.likenesses import Likenesses
from gateway_core.pipeline.live import LiveCall
from gateway_core.pipeline.opinions import Opinions
from gateway_core.pipeline.outcomes import Outcomes
from gateway_core.pipeline.parts import Parts
from gateway_core.pipeline.repeats import Repeats
from gateway_core.policies import PolicyKeeper, stored_policy
from gateway_core.providers.catalog import Catalog
from gateway_core.providers.prices import PriceBook, ensure_compiled
from gateway_core.rounds import while_open, while_serving
from gateway_core.rounds.tending import Stores
from gateway_core.rounds.weekly import Weekly
from gateway_core.rules.matching import Facts
from gateway_core.rules.need import Need
from gateway_core.runaway import Runaway
from gateway_core.settings import Settings
from gateway_core.state.accounts import Account, Spent, steps_of
from gateway_core.state.pins import Pins
from gateway_core.state.vitals import Vitals
from gateway_core.store.alerts import AlertStore
from gateway_core.store.cache import CacheStore
from gateway_core.store.facts import FactStore
from gateway_core.store.idempotency import IdempotencyStore
from gateway_core.store.ledger import Ledger
from gateway_core.store.messages import MessageStore
from gateway_core.store.opinions import OpinionStore
from gateway_core.store.outcomes import OutcomeStore
from gateway_core.store.policy import PolicyStore
from gateway_core.store.prompts import PromptStore
from gateway_core.store.queries import Queries
from gateway_core.store.revisions import Check, revision, whatever
from gateway_core.store.tag_names import TagNameStore
from gateway_core.store.trials import TrialStore
from gateway_core.store.vectors import VectorStore
from gateway_core.store.weekly import WeeklyStore
from gateway_core.tally import Tally
from gateway_core.upstream import Upstream
from gateway_core.vault import Vault


def gateway_version() -> str:
    """The version of the installed package."""
    try:
        return version("llmconsole")
    except PackageNotFoundError:
        return "0+unknown"


class Gateway:
    """All parts of a running gateway. Built by `opened`; what the admin plane may use is public."""

    def __init__(
        self, settings: Settings, ledger: Ledger, store: PolicyStore, tz: tzinfo, logbook: Logbook
    ) -> None:
        data = settings.data
        self.settings = settings
        self.version = gateway_version()
        self.pid = os.getpid()
        self.clock = Clock()
        self.timezone = tz
        self.started_at = instant_text(self.clock.now())
        self.url = ""
        """Where it listens, once it does."""
        self.keep = False
        """Whether it outlives the console that started it."""
        self.draining = False
        self.stopping = asyncio.Event()
        self.ledger = ledger
        self.store = store
        self.queries = Queries(data / "ledger.db")
        self.facts = FactStore(ledger)
        self.weekly = WeeklyStore(self.facts)
        self.cache_store = CacheStore(ledger)
        self.alike = Likenesses(self.cache_store, VectorStore(ledger), TrialStore(ledger), self.clock)
        self.key_store = IdempotencyStore(ledger)
        self.tag_store = TagNameStore(ledger)
        self.prompt_store = PromptStore(ledger)
        self.coach = Coach(self.prompt_store, blake2b(b"prompts", key=hash_key(data)).digest())
        self.bus = Bus(self.clock)
        self.vault = Vault()
        self.logbook = logbook
        logbook.redact = self.vault.redact
        self.upstream = Upstream()
        self.peers = Peers(on=settings.peer_tags)
        self.tally = Tally()
        self.lessons = Lessons(data)
        self.outcome_store = OutcomeStore(ledger)
        self.messages = MessageStore(ledger)
        self.outcomes = Outcomes(self.outcome_store)
        self.opinion_store = OpinionStore(ledger)
        self.opinions = Opinions(self.opinion_store, self.outcome_store, self.clock)
        self.vitals = Vitals(self.clock.monotonic)
        self.live: dict[str, LiveCall] = {}
        self.questions = Questions(self.clock, self.bus, lambda: self.bus.watchers > 0)
        channels = channels_of(settings.alerts, self.vault, self.clock)
        pause = settings.alerts.retry_seconds
        self.alerts = Alerts(AlertStore(ledger), self.bus, self.clock, tz, channels, pause)
        self.marks = Marks(self.alerts)
        self.admission = Admission(
            self.clock, tz, self.marks.reached, ask=self._ask, untell=self.marks.untell
        )
        self.runaway = Runaway(self.clock, tz, settings.guard, self._ran_away)
        self._prices = PriceBook.load(data / "prices.json", settings.providers)
        policy = stored_policy(store, settings.policy)
        self.policies = PolicyKeeper(store, policy, self._apply)
        self.tokens = ClientTokens(
            store, data, self.clock, required=settings.require_token, changed=partial(self.changed, "tokens")
        )
        self.admin_token = read_or_make(data / "admin.token", new_token())
        self.parts = self._build_parts(policy)

    def _build_parts(self, policy: Policy) -> Parts:
        prices = self._prices.with_user(policy.prices)
        return Parts(
            clock=self.clock,
            policy=policy,
            catalog=Catalog(self.settings.providers, prices, self.settings.aliases, self.settings.auto),
            prices=prices,
            mode=self._known_mode(self.facts.get("mode")),
            tag_names={(each.key, each.value): each.name for each in self.tag_store.all()},
            timezone=self.timezone,
            retries=self.settings.retries,
            strict=self.settings.durability == "strict",
            admission=self.admission,
            ledger=self.ledger,
            cache=AnswerCache(self.cache_store, self.clock),
            alike=self.alike,
            repeats=Repeats(self.key_store, self.clock),
            pins=Pins(),
            vitals=self.vitals,
            upstream=self.upstream,
            vault=self.vault,
            bus=self.bus,
            live=self.live,
            tally=self.tally,
            alerts=self.alerts,
            runaway=self.runaway,
            lessons=self.lessons,
            outcomes=self.outcomes,
            opinions=self.opinions,
            coach=self.coach,
            messages=self.messages,
        )

    @property
    def catalog(self) -> Catalog:
        return self.parts.catalog

    @property
    def prices(self) -> PriceBook:
        return self.parts.prices

    @property
    def mode(self) -> str:
        """The mode of calls that name none."""
        return self.parts.mode

    def check_mode(self, mode: str) -> None:
        """Raises Refusal 400 for a mode that the settings do not know."""
        if mode not in self.settings.modes:
            known = ", ".join(self.settings.modes)
            raise Refusal(400, "unknown_mode", f"mode {mode[:80]!r} is none of {known}")

    async def set_mode(self, mode: str, check: Check = whatever) -> None:
        """Switches the current mode. Raises what `check_mode` raises, and `check` of the mode that it is."""
        self.check_mode(mode)
        await self.policies.between_edits(partial(self._set_mode, mode, check))
        self.changed("mode")

    async def _set_mode(self, mode: str, check: Check) -> None:
        def checked(kept: str | None) -> None:
            check(revision(self._known_mode(kept)))

        await anyio.to_thread.run_sync(self.facts.put, "mode", mode, checked)
        self.parts.mode = mode

    def _known_mode(self, kept: str | None) -> str:
        """The mode that was kept, where the settings still know it."""
        return kept if kept in self.settings.modes else self.settings.modes[0]

    def live_calls(self) -> list[dict[str, Any]]:
        """The running calls, newest first, in the columns of the export."""
        return [call.view() for call in reversed(self.live.values())]

    def live_decision(self, id: str) -> Decision | None:
        """What was decided on a running call."""
        call = self.live.get(id)
        return None if call is None else call.decision

    def end_call(self, id: str, who: str) -> None:
        """Ends a running call: its provider is let go, what it used is booked, its client is told.

        Raises Refusal 404 for one that does not run.
        """
        call = self.live.get(id)
        if call is None:
            raise Refusal(
                404, "no_such_call", f"no call {id[:80]!r} is under way; it may have ended by itself"
            )
        call.end(
            Refusal(
                402, "ended_by_hand", f"{who} ended this call in the console; ask again if it was not meant"
            )
        )

    def changed(self, what: str) -> None:
        """Tells watchers that something they may show has been edited."""
        self.bus.publish(EventKind.POLICY_CHANGED, {"what": what})

    def stop(self) -> None:
        """Asks the gateway to drain and end."""
        self.stopping.set()

    def refusing(self) -> Refusal | None:
        """Why no new call is served, None while they are."""
        if not self.draining:
            return None
        return Refusal(503, "draining", "the gateway is shutting down; try again in a moment", retry_after=2)

    # Policy

    async def _apply(self, policy: Policy) -> None:
        """Makes a policy the one in force; accounts of new budgets get their past from the ledger."""
        parts = self.parts
        parts.prices = self._prices.with_user(policy.prices)
        parts.catalog = parts.catalog.with_prices(parts.prices)
        parts.policy = policy
        self.cache_store.most_bytes = policy.cache_space.max_mb * 2**20
        await self._load_past(self.admission.apply(policy))

    async def _load_past(self, accounts: list[Account]) -> None:
        asked = self._ask_past(accounts)
        for account in accounts:
            account.loading = True
        for account, answer in zip(accounts, asked, strict=True):
            account.load(account.entries_of(await answer))
            await self.marks.load(account)
            self.admission.loaded(account)

    def _ask_past(self, accounts: list[Account]) -> list[asyncio.Future[list[Spent]]]:
        """Asks for the past of all before the first answer is awaited: what is booked from here on is not in
        them."""
        now = self.clock.now()
        return [self.ledger.past(each.budget.match, steps_of(each, now)) for each in accounts]

    async def recount(self) -> None:
        """After corrections: every budget counts what the ledger now says, and all that ends meanwhile."""
        await self.policies.between_edits(self._recount)

    async def _recount(self) -> None:
        accounts = list(self.admission.state.accounts.values())
        asked = self._ask_past(accounts)
        recounts = [account.recounting() for account in accounts]
        for account, recount, answer in zip(accounts, recounts, asked, strict=True):
            recount(account.entries_of(await answer))
        self.admission.recounted()

    async def _ask(self, account: Account, facts: Facts, need: Need) -> Verdict:
        """Puts the call before whoever watches."""
        spent, limit = amounts(account)
        question = {
            "budget": account.budget.name,
            "spent": spent,
            "limit": limit,
            "model": need.model,
            "tags": dict(facts.tags),
            "token": facts.token,
            "may_cost_usd": usd_string(need.amount(True)(need.cap)),
        }
        return await self.questions.ask(question, account.budget.ask_seconds)

    def _ran_away(self, facts: Mapping[str, Any]) -> None:
        self.alerts.raise_(EventKind.RUNAWAY, facts)

    async def tags_renamed(self) -> None:
        """The names of tags have changed: new calls take them, and every budget counts by them."""
        names = await anyio.to_thread.run_sync(self.tag_store.all)
        self.parts.tag_names = {(each.key, each.value): each.name for each in names}
        await self.recount()
        self.changed("tags")

    # Start and end

    async def keep_order(self) -> None:
        """What goes on as long as the data folder is held, until it is cancelled."""
        stores = Stores(self.ledger, self.cache_store, self.key_store, self.prompt_store, self.messages)
        await while_open(self.parts, stores, self.settings.providers.values(), self.settings.keep_days)

    async def work(self) -> None:
        """What goes on beside calls while it serves, until it is cancelled."""
        weekly = Weekly.of(self.parts, self.weekly, self.settings.data)
        await while_serving(self.parts, self.queries, weekly, landing=self.settings.alerts.landing)

    async def _close(self) -> None:
        self.bus.close()
        self.peers.close()
        await self.alerts.aclose()
        await self.coach.aclose()
        self.queries.close()
        self.cache_store.note()
        # Before the providers are let go: a call that still runs is not ended by that, it keeps its hold.
        await anyio.to_thread.run_sync(self.ledger.close)
        await self.upstream.aclose()


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Gateway]:
    """A gateway on its data folder, not listening yet. Raises StartError and ConfigError with the mend."""
    tz = zone(settings.timezone)
    logbook = Logbook()
    with only_one(settings.data), logbook.listening():
        await anyio.to_thread.run_sync(ensure_compiled, settings.data / "prices.json")
        ledger = Ledger(settings.data / "ledger.db", settings.durability)
        recovered = await anyio.to_thread.run_sync(ledger.start)
        gateway = Gateway(settings, ledger, PolicyStore(ledger), tz, logbook)
        keeping_order = asyncio.create_task(gateway.keep_order())  # noqa: TID251 - cancelled below
        try:
            await gateway.tokens.make_first()
            await gateway._apply(gateway.policies.current)
            if recovered:
                gateway.bus.say("warning", f"{recovered} calls were cut off and are booked at their hold")
            yield gateway
        finally:
            keeping_order.cancel()
            await gateway._close()
