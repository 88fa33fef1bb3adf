"""Policies and their edits, by seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from gateway_core.clock import instant_text
from gateway_core.model.call import DialectName
from gateway_core.model.policy import AtLimit, Budget, Policy, Price, Rates, Route, Throttle
from gateway_core.providers.provider import Provider

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
_DIALECTS = {
    "lab": (CHAT, RESPONSES),
    "spare": (CHAT, RESPONSES),
    "claudia": (DialectName.ANTHROPIC,),
    "gemma": (DialectName.GEMINI,),
}
VERSIONED = {"lab": "/v1", "spare": "/v1", "claudia": "", "gemma": ""}
PROVIDERS = {
    name: Provider(
        id=name,
        title=name.title(),
        dialects=dialects,
        base_url=f"http://{name}.test{VERSIONED[name]}",
        auth="none",
        api_key="none",
        models=(f"{name}-open", f"{name}-closed"),
        all_visible=("*-open",),
    )
    for name, dialects in _DIALECTS.items()
}
RATES = {
    "lab-open": (10, 50),
    "lab-closed": (2, 8),
    "spare-open": (1, 4),
    "claudia-open": (3, 15),
    "claudia-closed": (15, 75),
    "gemma-open": (1, 10),
    "gemma-closed": (4, 18),
}
"""Dollars per million tokens of input and output."""
PRICES = {
    f"{model.partition('-')[0]}/{model}": Price(
        f"user:{model}", Rates(input=Decimal(rates[0]), output=Decimal(rates[1])), max_output=4096
    )
    for model, rates in RATES.items()
}
NANO = 1_000
"""Nano-dollars of a token at a dollar a million."""
DOLLAR = 10**9
_HARD = [AtLimit.BLOCK] * 6 + [AtLimit.DOWNGRADE, AtLimit.ASK, AtLimit.SLOW]
_MATCHES = [{}, {}, {"project": "web"}, {"project": "app"}, {"model": "lab-*"}, {"provider": "claudia"}]
_WINDOWS = ["hour", "day", "day", "month", "total", "rolling:1h", "rolling:6h"]
_ROUTE = Route("there first", {"project": "routed"}, ("lab/lab-open", "spare/spare-open"))


def is_hard(budget: Budget) -> bool:
    """Whether the budget lets nothing pass beyond its limit, whatever it costs."""
    return budget.at_limit not in (AtLimit.ALERT, AtLimit.BLOCK_EXPENSIVE)


def drawn_budget(name: str, chance: random.Random) -> Budget:
    at_limit = chance.choice(_HARD) if chance.random() < 0.9 else AtLimit.ALERT
    money = chance.random() < 0.7
    return Budget(
        name=name,
        match=chance.choice(_MATCHES),
        limit_nano=int(DOLLAR * chance.choice([0.02, 0.1, 0.25, 0.6, 2.0])) if money else None,
        limit_tokens=None if money else chance.choice([1500, 8000, 30_000]),
        window=chance.choice(_WINDOWS),
        at_limit=at_limit,
        downgrade_to="spare/spare-open" if at_limit is AtLimit.DOWNGRADE else None,
    )


def drawn_policy(chance: random.Random) -> Policy:
    """One to four budgets, sometimes a throttle, and a route with a second target."""
    budgets = tuple(drawn_budget(f"b{number}", chance) for number in range(chance.randint(1, 4)))
    throttles: tuple[Throttle, ...] = ()
    if chance.random() < 0.25:
        tokens = chance.choice([None, 20_000])
        throttles = (Throttle("pace", {}, tokens, None, None, chance.choice([2, 5])),)
    return Policy(budgets, throttles, (_ROUTE,), prices=PRICES)


def drawn_edit(chance: random.Random, now: datetime) -> Callable[[Policy], Policy]:
    """A change of one budget: its limit, for ever or for a while, what it counts, or whether it is there."""
    kind = chance.choice(["limit", "limit", "raise", "match", "add", "remove"])
    number, factor = chance.randrange(4), chance.choice([0.3, 0.7, 1.5, 4.0])
    match = chance.choice(_MATCHES)
    fresh = drawn_budget(f"b{chance.randint(4, 5)}", chance)
    until = instant_text(now + timedelta(seconds=chance.choice([1, 30, 4000])))

    def edit(policy: Policy) -> Policy:
        budgets = list(policy.budgets)
        if kind == "add" or not budgets:
            others = [each for each in budgets if each.name != fresh.name]
            return replace(policy, budgets=(*others, fresh))
        at = number % len(budgets)
        if kind == "remove":
            del budgets[at]
        elif kind == "match":
            budgets[at] = replace(budgets[at], match=match)
        else:
            budgets[at] = _scaled(budgets[at], factor, until if kind == "raise" else None)
        return replace(policy, budgets=tuple(budgets))

    return edit


def _scaled(budget: Budget, factor: float, until: str | None) -> Budget:
    money = budget.limit_nano is not None
    limit = int((budget.limit_nano if money else budget.limit_tokens or 0) * factor)  # type: ignore[operator]
    if until is not None:
        return replace(budget, raised_to=limit, raised_until=until)
    return replace(budget, limit_nano=limit) if money else replace(budget, limit_tokens=limit)
