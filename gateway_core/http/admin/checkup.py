"""The doctor's questions: the ledger's own proof, and what stands around the gateway."""

from __future__ import annotations

from datetime import date

import anyio

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers import CheckAnswer, KeyAnswer, KeyTestAnswer
from gateway_core.http.admin.engine import Engine, read
from gateway_core.http.admin.keys import key_answer, tried
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Budget

STALE_DAYS = 60
"""Prices older than that may have changed."""
PROVIDER_SECONDS = 10.0
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
    """Folder, keyring, keys, prices, and every provider that there is a key for."""
    keyed = [key for key in await _all_keys(engine) if key.hint is not None]
    return [
        _folder(engine),
        await _keyring(engine, keyed),
        _keys(engine, keyed),
        _prices(engine),
        *await _providers(engine, keyed),
    ]


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


async def _all_keys(engine: Engine) -> list[KeyAnswer]:
    return [await key_answer(engine, each) for each in engine.settings.providers.values()]


async def _keyring(engine: Engine, keyed: list[KeyAnswer]) -> CheckAnswer:
    """A machine without a keyring is well where the keys come from elsewhere."""
    state = await engine.vault.state()
    detail = state.backend if state.usable else state.problem or "not usable"
    if not state.usable and keyed:
        detail += "; the keys come from the environment or files"
    ok = state.usable or bool(keyed)
    return CheckAnswer(name="keyring", ok=ok, detail=detail, mend=None if ok else state.mend)


def _keys(engine: Engine, keyed: list[KeyAnswer]) -> CheckAnswer:
    free = [each for each in engine.settings.providers.values() if each.api_key in ("none", "client")]
    names = [key.provider for key in keyed] + [each.id for each in free]
    found = bool(keyed) or any(not each.local for each in free)
    return CheckAnswer(
        name="provider keys",
        ok=found,
        detail=f"can be called: {', '.join(names)}" if found else "no provider has a key",
        mend=None if found else "llmconsole keys set openai (or another provider)",
    )


async def _providers(engine: Engine, keyed: list[KeyAnswer]) -> list[CheckAnswer]:
    """Each provider asked for its models, all at once."""
    checks: dict[str, CheckAnswer] = {}

    async def ask(name: str) -> None:
        with anyio.move_on_after(PROVIDER_SECONDS):
            checks[name] = _told(name, await tried(engine, engine.settings.providers[name], None))

    async with anyio.create_task_group() as tasks:
        for key in keyed:
            tasks.start_soon(ask, key.provider)
    silent = KeyTestAnswer(ok=False, models=0, latency_ms=None, problem="it does not answer")
    return [checks.get(key.provider) or _told(key.provider, silent) for key in keyed]


def _told(name: str, test: KeyTestAnswer) -> CheckAnswer:
    detail = (
        f"{test.models} models in {test.latency_ms:.0f} ms" if test.latency_ms is not None else test.problem
    )
    mend = None if test.ok else f"llmconsole keys test {name}; see base_url and api_key of [providers.{name}]"
    return CheckAnswer(name=f"provider: {name}", ok=test.ok, detail=detail or "", mend=mend)


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
