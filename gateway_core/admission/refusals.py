"""What a client is told whose call is not admitted, or is ended at its limit."""

from __future__ import annotations

import math
import shlex
from datetime import datetime, tzinfo

from gateway_core.model.errors import Refusal
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import Budget, Throttle
from gateway_core.rules.fitting import Short
from gateway_core.rules.need import Need
from gateway_core.state.accounts import Account

REFUSED = "budget_refused"
"""The code of a refusal that no other target changes."""
CROWDED = "no_room_to_spare"
"""The code of a refusal of a call that no client waits for."""
_FINAL = {"x-should-retry": "false"}
_PASSING = {"x-should-retry": "true"}


def no_room(short: Short, account: Account, need: Need, tz: tzinfo, *, running: bool = False) -> Refusal:
    """A budget has no room. running: for the next slice of a stream, which ends here."""
    spent, limit = amounts(account)
    resets = f", resets {_local(account.end, tz)}" if account.end else ""
    ends = "; the answer ends here" if running else ""
    if short.reserved:
        return Refusal(
            402,
            "budget_reserved",
            f"budget {short.name!r}: {spent} of {limit} spent and the rest is held by running "
            f"calls{resets}{ends or '; try again when they have ended'}",
            retry_after=1,
            headers=_PASSING,
        )
    state, mend = "is used up", ""
    if account.position.unspent > 0 and not running:
        could = _amount(account, need.amount(account.unit_is_money)(need.least))
        state, mend = f"has too little left for this call, which may use {could}", "ask for less output, or "
    return Refusal(
        402,
        "budget_spent",
        f"budget {short.name!r} {state}: {spent} of {limit} spent{resets}{ends}; {mend}raise it in the "
        f"console (b) or with: llmconsole budgets raise {shlex.quote(short.name)} --to LIMIT",
        headers=_FINAL,
    )


def refused(account: Account) -> Refusal:
    """A person said no, or nobody said anything in time."""
    spent, limit = amounts(account)
    return Refusal(
        402,
        REFUSED,
        f"budget {account.budget.name!r} stands at {spent} of {limit} and asks before it goes on; "
        "nobody allowed this call",
        headers=_FINAL,
    )


def crowded(name: str) -> Refusal:
    """A call that nobody waits for would take what calls of clients may need."""
    return Refusal(402, CROWDED, f"{name!r} has no room to spare for a call that no client waits for")


def gave_way() -> Refusal:
    """A call that nobody waits for was ended for one that a client waits for."""
    return Refusal(402, CROWDED, "ended to make room for a call of a client")


def over_own_limit(need: Need, limit: Nano) -> Refusal:
    """The call may cost more than its caller allows, however far its output is lowered."""
    least = usd_string(need.amount(True)(need.least))
    return Refusal(
        402,
        "max_cost",
        f"this call may cost ${least}, over its own limit of ${usd_string(limit)} "
        "(x-llmconsole-max-cost); lower its output cap or raise that limit",
        headers=_FINAL,
    )


def unpriced(need: Need, holder: str) -> Refusal:
    """Nothing says what the model costs. holder: the limit that cannot hold, in words."""
    return Refusal(
        402,
        "unpriced_model",
        f"{need.model} has no known price, so {holder} cannot hold for it; set one, in dollars per million "
        f"tokens, with: llmconsole prices set {need.model} --input N --output N",
        headers=_FINAL,
    )


def open_ended(need: Need, holder: str) -> Refusal:
    """Nothing bounds what the call may cost."""
    return Refusal(
        402,
        "unbounded_call",
        f"{holder} cannot hold for this call: it has {need.open_ended}; leave that out or limit it, "
        'or let such calls pass with unbounded = "allow" in the budget',
        headers=_FINAL,
    )


def slowed(account: Account, seconds: float) -> Refusal:
    """A budget that spreads what it has left makes the call wait for longer than a client would."""
    spent, limit = amounts(account)
    return Refusal(
        429,
        "budget_slowed",
        f"budget {account.budget.name!r} spreads what is left of {limit} ({spent} spent) over the rest "
        f"of its window; free again in {math.ceil(seconds)} s",
        retry_after=max(1, math.ceil(seconds)),
    )


def throttled(throttle: Throttle, wait: float) -> Refusal:
    """A throttle makes the call wait for longer than a client would."""
    seconds = max(1, math.ceil(wait))
    limits = ", ".join(
        f"{value:,} {words}"
        for value, words in (
            (throttle.tokens_per_minute, "tokens a minute"),
            (throttle.requests_per_minute, "requests a minute"),
            (throttle.concurrent, "calls at once"),
        )
        if value
    )
    return Refusal(
        429,
        "throttled",
        f"{throttle.name!r} allows {limits or 'no more dollars this hour'}; free again in {seconds} s",
        retry_after=seconds,
    )


def budget_in_words(budget: Budget) -> str:
    return f"budget {budget.name!r}"


def amounts(account: Account) -> tuple[str, str]:
    """What is spent and the limit, in the account's unit."""
    position = account.position
    if account.unit_is_money:
        return _amount(account, position.spent), _amount(account, position.limit)
    return f"{position.spent:,}", _amount(account, position.limit)


def _amount(account: Account, amount: int) -> str:
    return f"${usd_string(amount)}" if account.unit_is_money else f"{amount:,} tokens"


def _local(at: datetime, tz: tzinfo) -> str:
    return at.astimezone(tz).strftime("%Y-%m-%d %H:%M")
