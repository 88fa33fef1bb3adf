"""The doctor's questions: the ledger's own proof, and what stands around the gateway."""

from __future__ import annotations

from datetime import date

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers import CheckAnswer
from gateway_core.http.admin.engine import Engine, read
from gateway_core.http.admin.keys import any_key
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Budget

STALE_DAYS = 60
"""Prices older than that may have changed."""
LEDGER_MEND = "keep a copy of the data folder, and see README, section Troubleshooting"


async def ledger(engine: Engine) -> list[CheckAnswer]:
    """Whether the ledger adds up, and what budgets count by agrees with it."""
    live = {call["id"] for call in engine.live_calls()}
    checks = await read(engine.queries.ledger_checks, live)
    found = [
        CheckAnswer(name=f"ledger: {each.name}", ok=each.ok, detail=each.detail, mend=_mend(each.ok))
        for each in checks
    ]
    return [*found, *[await _budget(engine, each) for each in engine.policies.current.budgets]]


async def surroundings(engine: Engine) -> list[CheckAnswer]:
    """Folder, keyring, keys and prices."""
    return [_folder(engine), await _keyring(engine), await _keys(engine), _prices(engine)]


def _mend(ok: bool) -> str | None:
    return None if ok else LEDGER_MEND


async def _budget(engine: Engine, budget: Budget) -> CheckAnswer:
    """The counter in memory against the ledger, read again where a call has just ended in between."""
    name = f"budget: {budget.name}"
    counted = booked = 0
    for _ in range(3):
        account = engine.admission.account(budget)
        before = account.spent
        nano, tokens = await read(engine.queries.spent, budget.match, instant_text(account.start))
        counted, booked = account.spent, nano if account.unit_is_money else tokens
        if counted == booked or before == counted:
            break
    words = usd_string if budget.limit_nano is not None else str
    same = counted == booked
    detail = f"{words(booked)} in the ledger, {words(counted)} counted"
    return CheckAnswer(name=name, ok=same, detail=detail, mend=None if same else "restart the gateway")


def _folder(engine: Engine) -> CheckAnswer:
    mode = engine.settings.data.stat().st_mode & 0o777
    safe = not mode & 0o077
    return CheckAnswer(
        name="data folder",
        ok=safe,
        detail=f"{engine.settings.data}, mode {mode:o}",
        mend=None if safe else f"chmod 700 {engine.settings.data}",
    )


async def _keyring(engine: Engine) -> CheckAnswer:
    state = await engine.vault.state()
    detail = state.backend if state.usable else state.problem or "not usable"
    return CheckAnswer(name="keyring", ok=state.usable, detail=detail, mend=state.mend)


async def _keys(engine: Engine) -> CheckAnswer:
    found = await any_key(engine)
    return CheckAnswer(
        name="provider keys",
        ok=found,
        detail="at least one provider can be called" if found else "no provider has a key",
        mend=None if found else "llmconsole keys set openai (or another provider)",
    )


def _prices(engine: Engine) -> CheckAnswer:
    dated = engine.prices.dated
    days = (engine.clock.now().date() - date.fromisoformat(dated)).days
    fresh = days <= STALE_DAYS
    return CheckAnswer(
        name="prices",
        ok=fresh,
        detail=f"table of {dated}, {days} days old",
        mend=None if fresh else "upgrade the package genai-prices",
    )
