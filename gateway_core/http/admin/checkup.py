"""The doctor's questions: the ledger's own proof, and what stands around the gateway."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta

import anyio

from gateway_core.clock import instant_text
from gateway_core.folder.instance import listen, read_note
from gateway_core.http.admin.answers.access import KeyAnswer, KeyTestAnswer
from gateway_core.http.admin.answers.reports import CheckAnswer
from gateway_core.http.admin.engine import Engine, read
from gateway_core.http.admin.keys import key_answer, tried
from gateway_core.model.errors import ConfigError, StartError
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import Budget, Policy
from gateway_core.rules.windows import rolling_length
from gateway_core.settings import Settings, load_settings
from gateway_core.state.accounts import ROLLING_STEPS, Account
from gateway_core.store.queries.checks import OPEN_ROWS

STALE_DAYS = 60
"""Prices older than that may have changed."""
PROVIDER_SECONDS = 10.0
LONG_CALL = timedelta(hours=1)
LOOKS, LOOK = 50, 0.05
"""How often a counter that differs is looked at, and the seconds in between."""
SAID_ELSEWHERE = ("data", "config", "host", "port", "simulated", "policy")
"""Settings that a command line or the environment may say, and the policy, which is edited live."""
LEDGER_MEND = "keep a copy of the data folder, and see README, section When something is wrong"


async def ledger(engine: Engine) -> list[CheckAnswer]:
    """Whether the ledger adds up, and what budgets count by agrees with it."""
    checks = await read(engine.queries.ledger_checks, _live(engine))
    found = [
        CheckAnswer(name=f"ledger: {each.name}", ok=each.ok, detail=each.detail, mend=_mend(each.ok))
        for each in checks
        if each.ok or each.name != OPEN_ROWS or await _lost(engine)
    ]
    if engine.ledger.problem is not None:
        return [*found, _cannot_write(engine.ledger.problem)]
    return [*found, *[await _budget(engine, each) for each in engine.policies.current.all_budgets]]


def _live(engine: Engine) -> set[str]:
    return {call["id"] for call in engine.live_calls()}


async def _lost(engine: Engine) -> set[str]:
    """Open rows of no running call. A row is there a moment before its call runs and ends a moment after
    it: what is lost is found twice, and among the running calls at neither time."""
    before = await read(engine.queries.open_calls)
    live = _live(engine)
    await engine.ledger.flush()
    after = await read(engine.queries.open_calls)
    return (before & after) - live - _live(engine)


async def surroundings(engine: Engine) -> list[CheckAnswer]:
    """Folder, configuration, port, keyring, keys, prices, and every provider that has a key or needs none."""
    keyed = [key for key in await _all_keys(engine) if key.hint is not None]
    tests = await _tests(engine, [key.provider for key in keyed])
    return [
        _folder(engine),
        await read(_config, engine),
        _port(engine),
        await _keyring(engine, keyed, tests),
        _keys(engine, tests),
        _prices(engine),
        *[_told(name, test) for name, test in tests.items()],
    ]


def _cannot_write(problem: str) -> CheckAnswer:
    mend = "make room on the disk, or close the program that holds the ledger; the gateway goes on by itself"
    return CheckAnswer(name="ledger: writing", ok=False, detail=problem, mend=mend)


def _mend(ok: bool) -> str | None:
    return None if ok else LEDGER_MEND


async def _budget(engine: Engine, budget: Budget) -> CheckAnswer:
    """The counter in memory against the ledger. A try that is settled while the call waits for the
    next one has no row yet, for 2 s at the most: only a difference that stays is a fault."""
    counted = booked = most = 0
    words = usd_string if budget.limit_nano is not None else str
    for _ in range(LOOKS):
        account = engine.admission.account(budget)
        asked = engine.ledger.spent(budget.match, instant_text(account.start))
        earlier = engine.ledger.spent(budget.match, instant_text(account.start - _lag(budget)))
        # In the same breath: the ledger counts what was queued until now, and nothing that comes later.
        counted = account.spent
        booked, most = (_in_unit(account, sums) for sums in (await asked, await earlier))
        if booked <= counted <= most:
            break
        await anyio.sleep(LOOK)
    same = booked <= counted <= most
    return CheckAnswer(
        name=f"budget: {budget.name}",
        ok=same,
        detail=f"{words(booked)} in the ledger, {words(counted)} counted",
        mend=None if same else "restart the gateway",
    )


def _in_unit(account: Account, sums: tuple[Nano, int]) -> int:
    return sums[0] if account.unit_is_money else sums[1]


def _lag(budget: Budget) -> timedelta:
    """How late a rolling window may forget: it counts a call until the same time after its end, and what
    was before the gateway's start in steps."""
    length = rolling_length(budget.window)
    return length / ROLLING_STEPS + LONG_CALL if length else timedelta()


def _folder(engine: Engine) -> CheckAnswer:
    mode = engine.settings.data.stat().st_mode & 0o777
    safe = not mode & 0o077
    return CheckAnswer(
        name="data folder",
        ok=safe,
        detail=f"{engine.settings.data}, mode {mode:o}",
        mend=None if safe else f"chmod 700 {engine.settings.data}",
    )


def _config(engine: Engine) -> CheckAnswer:
    """config.toml as it is now, against what this gateway has read of it. It reads: in a thread."""
    path, mend = engine.settings.config, None
    detail = str(path) if path.exists() else f"{path} is not there, and need not be"
    if path.exists():
        try:
            written = load_settings(data=engine.settings.data, config=path)
        except ConfigError as error:
            detail, mend = error.message, f"mend {path}; the gateway would not start with it"
        else:
            detail += _not_in_force(written.policy, engine.policies.current)
            if changed := _changed(written, engine.settings):
                detail = f"{path} has changed since the gateway started: {', '.join(changed)}"
                mend = "start the gateway again"
    return CheckAnswer(name="configuration", ok=mend is None, detail=detail, mend=mend)


def _changed(written: Settings, read_: Settings) -> list[str]:
    """The keys of config.toml that say something else by now, but for those that a command line may say."""
    names = (each.name for each in fields(Settings) if each.name not in SAID_ELSEWHERE)
    return [name for name in names if getattr(written, name) != getattr(read_, name)]


def _not_in_force(written: Policy, current: Policy) -> str:
    """What of the file's policy is not there by name: it was added later, or taken out live."""
    missing = [f"price {name}" for name in written.prices if name not in current.prices]
    for section in ("budgets", "throttles", "routes"):
        there = {each.name for each in getattr(current, section)}
        missing += [
            f"{section[:-1]} {each.name!r}" for each in getattr(written, section) if each.name not in there
        ]
    if not missing:
        return ""
    names = ", ".join(missing)
    return f"; read the first time only, so not in force: {names}; set it in the console or by a command"


def _port(engine: Engine) -> CheckAnswer:
    """Where this gateway listens; where none runs on this folder, whether it could."""
    note = read_note(engine.settings.data)
    if note is not None and note["pid"] == str(os.getpid()):
        return CheckAnswer(name="port", ok=True, detail=f"listens on {note['url']}", mend=None)
    host, port = engine.settings.host, engine.settings.port
    try:
        for each in listen(host, port):
            each.close()
    except StartError as error:
        detail, _, mend = error.message.partition("; ")
        return CheckAnswer(name="port", ok=False, detail=detail, mend=mend)
    detail = f"no gateway runs on this folder; port {port} on {host} is free"
    return CheckAnswer(name="port", ok=True, detail=detail, mend=None)


async def _all_keys(engine: Engine) -> list[KeyAnswer]:
    return [await key_answer(engine, each) for each in engine.settings.providers.values()]


async def _keyring(engine: Engine, keyed: list[KeyAnswer], tests: Mapping[str, KeyTestAnswer]) -> CheckAnswer:
    """A machine without a keyring is well where the keys come from elsewhere, or none is needed."""
    state = await engine.vault.state()
    detail = state.backend if state.usable else state.problem or "not usable"
    if not state.usable and keyed:
        detail += "; the keys come from the environment or files"
    elif not state.usable and tests:
        detail += "; the providers here need no key"
    ok = state.usable or bool(tests)
    return CheckAnswer(name="keyring", ok=ok, detail=detail, mend=None if ok else state.mend)


def _keys(engine: Engine, tests: Mapping[str, KeyTestAnswer]) -> CheckAnswer:
    """Which can be called: those of the tests, and those that take their clients' keys."""
    clients = [each.id for each in engine.settings.providers.values() if each.api_key == "client"]
    names = [*tests, *clients]
    return CheckAnswer(
        name="provider keys",
        ok=bool(names),
        detail=f"can be called: {', '.join(names)}" if names else "no provider has a key",
        mend=None if names else "llmconsole keys set openai (or another provider)",
    )


async def _tests(engine: Engine, keyed: list[str]) -> dict[str, KeyTestAnswer]:
    """Each provider that has a key or needs none, asked for its models, all at once.

    A server of this machine that nobody set up and that does not answer, as Ollama may not, is left out.
    """
    providers = engine.settings.providers
    free = [each.id for each in providers.values() if each.api_key == "none"]
    silent = KeyTestAnswer(ok=False, models=0, latency_ms=None, problem="it does not answer")
    tests = dict.fromkeys([*keyed, *free], silent)

    async def ask(name: str) -> None:
        with anyio.move_on_after(PROVIDER_SECONDS):
            tests[name] = await tried(engine, providers[name], None)

    async with anyio.create_task_group() as tasks:
        for name in tests:
            tasks.start_soon(ask, name)
    return {name: test for name, test in tests.items() if test.ok or not providers[name].local}


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
