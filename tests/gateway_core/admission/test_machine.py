"""Admission under random interleavings: what is spent and held stays within every hard limit at every step,
and equals what a ledger and the running calls say, whatever comes in between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway_core.admission import Admission
from gateway_core.clock import instant_text
from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.model.policy import AtLimit, Budget, Policy, Throttle
from gateway_core.rules.budgets import limit_of
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.slices import AHEAD
from gateway_core.rules.windows import rolling_length
from gateway_core.state.accounts import Account, steps_of
from gateway_core.state.memory import Hold
from tests.gateway_core.admission.admitting import FACTS, StillClock, need

INPUT = 10
TOKEN = 100_000
"""Nano-dollars of an output token; input costs nothing."""
OTHERS = Facts({}, "default", "m", "p")
BUDGETS = (
    Budget("all", {}, nano_from_usd("1.00"), None, "day"),
    Budget("web", {"project": "web"}, nano_from_usd("0.50"), None, "hour"),
    Budget("tokens", {}, None, 9_000, "day"),
    Budget("rolling", {}, nano_from_usd("0.80"), None, "rolling:2h"),
    Budget("for ever", {"project": "web"}, nano_from_usd("40.00"), None, "total"),
)
THROTTLE = Throttle("pace", {}, tokens_per_minute=60_000, concurrent=6)
ORIGINAL = {each.name: each for each in BUDGETS}
NAMES = st.sampled_from(list(ORIGINAL))
AMOUNTS = st.sampled_from([0.4, 1.0, 1.5, 3.0])


@dataclass(eq=False)
class Call:
    """A call as the tests know it: the ledger's row, and in memory the windows that it counts in."""

    hold: Hold
    facts: Facts
    started_at: datetime
    seen: int = 0
    windows: dict[str, datetime] = field(default_factory=dict)
    """By budget: the start of the window that it counts in."""
    used: tuple[int, int] | None = None
    """Nano-dollars and tokens, once it has ended."""
    since: dict[str, datetime] = field(default_factory=dict)
    """By budget: when a rolling window began to count what it used."""

    @property
    def held(self) -> tuple[int, int]:
        return self.hold.output * TOKEN, self.hold.output + INPUT


def unit(account: Account, amounts: tuple[int, int]) -> int:
    return amounts[0] if account.unit_is_money else amounts[1]


def scaled(budget: Budget, factor: float) -> Budget:
    """The budget with that share of its first limit."""
    first = ORIGINAL[budget.name]
    if first.limit_nano is not None:
        return replace(budget, limit_nano=int(first.limit_nano * factor))
    return replace(budget, limit_tokens=int((first.limit_tokens or 0) * factor))


class Interleavings(RuleBasedStateMachine):
    """One gateway and its ledger. `tolerated`: how far a budget is over its limit for reasons that are no
    call's: an edit, a raise that ended, a clock that jumped, what a provider billed beyond its cap."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = StillClock()
        self.budgets = {each.name: each for each in BUDGETS}
        self.running: list[Call] = []
        self.ended: list[Call] = []
        self.tolerated: dict[str, int] = {}
        self.start()

    def start(self) -> None:
        """What the service does: a fresh admission, its accounts loaded from the ledger."""
        self.gate = Admission(self.clock, UTC, lambda account, mark: None, patience=0.0, slow_patience=0.0)
        self.apply()

    def apply(self) -> None:
        policy = Policy(budgets=tuple(self.budgets.values()), throttles=(THROTTLE,))
        fresh = self.gate.apply(policy)
        for account in fresh:
            name, now = account.budget.name, self.clock.now()
            for call in (*self.running, *self.ended):
                call.windows.pop(name, None)
            for call in self.running:
                if call.started_at >= account.start:
                    self.counts(call, account)
            past = []
            for since, until in steps_of(account, now):
                rows = [each for each in self.ended if self.in_range(each, account, since, until)]
                for call in rows:
                    call.windows[name], call.since[name] = account.start, until or now
                past.append((until or now, sum(unit(account, each.used or (0, 0)) for each in rows)))
            account.load(past)
        self.settle_down()

    def in_range(self, call: Call, account: Account, since: datetime, until: datetime | None) -> bool:
        inside = since <= call.started_at and (until is None or call.started_at < until)
        return inside and matches(account.budget.match, call.facts)

    def counts(self, call: Call, account: Account) -> None:
        if matches(account.budget.match, call.facts):
            call.windows[account.budget.name] = account.start

    def settle_down(self) -> None:
        """What is over now is nobody's call's doing."""
        self.tolerated = {name: self.over(account) for name, account in self.gate.state.accounts.items()}

    def over(self, account: Account) -> int:
        return max(0, account.spent + account.held - limit_of(account.budget, self.clock.now()))

    def picked(self, number: int) -> Call:
        return self.running[number % len(self.running)]

    # Calls

    @rule(cap=st.integers(1, 6000), stream=st.booleans(), web=st.booleans())
    def hold(self, cap: int, stream: bool, web: bool) -> None:
        facts = FACTS if web else OTHERS
        accounts = [self.gate.account(each) for each in self.budgets.values()]
        before = [(each.spent, each.held) for each in accounts]
        wanted = need(cap=cap, input_tokens=INPUT, hidden=0 if stream else None)
        try:
            hold = self.loop.run_until_complete(self.gate.admit(facts, wanted))
        except Refusal as refusal:
            assert refusal.status in (402, 429)
            assert [(each.spent, each.held) for each in accounts] == before, "all are held or none"
            return
        call = Call(hold, facts, self.clock.now())
        assert (hold.nano, hold.tokens) == call.held
        assert hold.output == cap or hold.room(0) is not None or hold.sent_cap == hold.output
        self.running.append(call)
        for account in accounts:
            self.counts(call, account)

    @precondition(lambda self: self.running)
    @rule(number=st.integers(0, 20), more=st.integers(1, 3000))
    def extend(self, number: int, more: int) -> None:
        """A stream brings so many bytes more; what its hold does not cover is held for first."""
        call = self.picked(number)
        hold = call.hold
        if hold.need.hidden is None:
            return
        if hold.is_due(call.seen):
            try:
                self.loop.run_until_complete(self.gate.extend(hold, call.facts, call.seen))
            except Refusal as refusal:
                assert refusal.status == 402
                self.end(call, (min(call.seen, hold.output) * TOKEN, min(call.seen, hold.output) + INPUT))
                return
            assert hold.output >= min(hold.cap, call.seen + AHEAD)
        room = hold.room(call.seen)
        call.seen += more if room is None else min(more, room)
        assert call.seen <= hold.output or hold.output == hold.cap

    @precondition(lambda self: self.running)
    @rule(number=st.integers(0, 20), share=st.floats(0, 1))
    def settle(self, number: int, share: float) -> None:
        """A call ends, or its client leaves: it has used a part of what it held."""
        call = self.picked(number)
        self.end(call, (int(call.held[0] * share), int(call.held[1] * share)))

    @precondition(lambda self: self.running)
    @rule(number=st.integers(0, 20), more=st.integers(1, 5000))
    def bill_beyond_the_cap(self, number: int, more: int) -> None:
        call = self.picked(number)
        self.end(call, (call.held[0] + more * TOKEN, call.held[1] + more))
        self.settle_down()

    def end(self, call: Call, used: tuple[int, int]) -> None:
        self.running.remove(call)
        self.ended.append(call)
        call.used, call.since = used, dict.fromkeys(call.windows, self.clock.now())
        self.gate.settle(call.hold, nano=used[0], tokens=used[1])
        accounts = self.gate.state.accounts.values()
        after = [(each.spent, each.held) for each in accounts]
        self.gate.settle(call.hold, nano=10**15, tokens=10**15)
        assert [(each.spent, each.held) for each in accounts] == after, "a hold ends once"

    # The world

    @rule()
    def crash_and_restart(self) -> None:
        """What was running is booked at its hold, and a new gateway reads the ledger."""
        for call in self.running:
            call.used = call.held
        self.ended += self.running
        self.running = []
        self.start()

    @rule(minutes=st.sampled_from([1, 20, 61, 300, 1440]))
    def wait(self, minutes: int) -> None:
        self.clock.at += timedelta(minutes=minutes)
        self.settle_down()

    @rule(hours=st.sampled_from([-30, -3, -1, 5, 100]))
    def jump(self, hours: int) -> None:
        self.clock.at += timedelta(hours=hours)
        self.settle_down()

    @rule(name=NAMES, factor=AMOUNTS, at_limit=st.sampled_from([AtLimit.BLOCK, AtLimit.SLOW, AtLimit.ALERT]))
    def edit(self, name: str, factor: float, at_limit: AtLimit) -> None:
        """The limit, and what happens there: the budget counts on."""
        old = self.budgets.get(name, ORIGINAL[name])
        self.budgets[name] = replace(scaled(old, factor), at_limit=at_limit)
        self.apply()

    @rule(name=NAMES, match=st.sampled_from([{}, {"project": "web"}, {"model": "m"}]))
    def turn_to_other_calls(self, name: str, match: dict[str, str]) -> None:
        self.budgets[name] = replace(self.budgets.get(name, ORIGINAL[name]), match=match)
        self.apply()

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        self.budgets.pop(name, None)
        self.apply()

    @rule(name=NAMES, factor=AMOUNTS, hours=st.integers(1, 30))
    def raise_for_a_while(self, name: str, factor: float, hours: int) -> None:
        old = self.budgets.get(name, ORIGINAL[name])
        limit = scaled(old, factor)
        until = instant_text(self.clock.now() + timedelta(hours=hours))
        raised = limit.limit_nano if limit.limit_nano is not None else limit.limit_tokens
        self.budgets[name] = replace(old, raised_to=raised, raised_until=until)
        self.apply()

    # What always holds

    @invariant()
    def never_over(self) -> None:
        for name, account in self.gate.state.accounts.items():
            if account.budget.at_limit is AtLimit.ALERT:
                self.tolerated[name] = self.over(account)
            assert self.over(account) <= self.tolerated.get(name, 0), f"a call took {name!r} over its limit"
            self.tolerated[name] = self.over(account)

    @invariant()
    def counters_are_what_the_calls_say(self) -> None:
        for account in self.gate.state.accounts.values():
            here = [each for each in self.running if self.is_here(each, account)]
            gone = [each for each in self.ended if self.is_here(each, account)]
            assert account.held == sum(unit(account, each.held) for each in here)
            if rolling_length(account.budget.window):
                # An entry may wait behind a later one that a clock since set back has left: never too few.
                recent = [each for each in gone if each.since[account.budget.name] >= account.start]
                assert account.spent >= sum(unit(account, each.used or (0, 0)) for each in recent)
            else:
                assert account.spent == sum(unit(account, each.used or (0, 0)) for each in gone)

    def is_here(self, call: Call, account: Account) -> bool:
        """Whether the call counts in the account's window."""
        opened = call.windows.get(account.budget.name)
        return opened is not None and (account.end is None or opened == account.start)

    @invariant()
    def every_hold_is_a_running_call(self) -> None:
        assert {id(hold) for hold, _ in self.gate.holds.values()} == {id(each.hold) for each in self.running}
        assert all(not each.hold.ended for each in self.running)
        assert self.gate.state.pace(THROTTLE).running == len(self.running)

    def teardown(self) -> None:
        for call in list(self.running):
            self.end(call, (0, 0))
        assert not self.gate.holds
        assert all(account.held == 0 for account in self.gate.state.accounts.values())
        self.loop.close()


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = hypothesis_settings(max_examples=1000, stateful_step_count=30)
