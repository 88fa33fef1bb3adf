"""The columns of the page of keys: how a provider's key and a client's token stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from console.limit_words import per
from console.panels.words import budget_ink, budget_mark
from console.present import NOTHING, age, counted, matched, milliseconds, tokens, usd, usd_limit
from console.shapes import Budget, KeyState, KeyTest, Token
from console.widgets.grid import Column
from console.widgets.ink import Span

SOURCES = {
    "keyring": ("●", "live", "in the OS keyring"),
    "env": ("◐", "live", "from the environment"),
    "file": ("◐", "live", "from a file"),
    "session": ("◐", "warn", "this session only"),
    "login": ("◐", "live", "from the cloud's login"),
    "client": ("◐", "live", "the client's own"),
    "none": ("●", "live", "needs no key"),
    "missing": ("○", "faint", "no key"),
}
MOST_USED = ("anthropic", "openai", "gemini")
"""Providers that most people have a key of, in the order in which lists name them before the others."""
Tests = Mapping[str, KeyTest | None]
"""By provider what asking it came to; None while it is asked."""


def source(key: KeyState) -> tuple[str, str, str]:
    """Glyph, ink and words of where a key comes from."""
    return SOURCES.get(key.source, ("?", "warn", key.source))


def by_use(key: KeyState) -> tuple[int, str]:
    """Where a provider stands among others that are as well known to us: the user's own, then by use."""
    if key.own:
        return -1, key.title.lower()
    place = MOST_USED.index(key.provider) if key.provider in MOST_USED else len(MOST_USED)
    return place, key.title.lower()


def key_state(key: KeyState, tests: Tests) -> Span:
    """What the last test came to, else where the key comes from and what is missing."""
    if key.provider in tests:
        return _tested(tests[key.provider])
    if key.source == "missing":
        return "no key · ⏎ adds it", "faint"
    return source(key)[2], "muted"


def _mark(key: KeyState, tests: Tests) -> Span:
    """One that needs no key may not be there at all: only an answer says so."""
    if (test := tests.get(key.provider)) is not None:
        return ("●", "live") if test.ok else ("✗", "alert")
    if key.source == "none" and key.last_ok_at is None:
        return "○", "faint"
    return source(key)[:2]


def _variable(key: KeyState) -> Span:
    """What a key may be put into instead, where there is none."""
    return (key.key_env[0] if key.source == "missing" and key.key_env else "", "faint")


def _tested(test: KeyTest | None) -> Span:
    if test is None:
        return "asking …", "muted"
    if not test.ok:
        return f"✗ {test.problem or 'refused'}", "alert"
    took = f" · {test.latency_ms:.0f} ms" if test.latency_ms is not None else ""
    return f"✓ works · {counted(test.models, 'model')}{took}", "saved"


def _ago(then: str | None, now: datetime) -> Span:
    return (NOTHING, "faint") if then is None else (age(then, now), "muted")


def key_columns(now: datetime, tests: Tests) -> tuple[Column[KeyState], ...]:
    def took(key: KeyState) -> Span:
        if key.last_ok_at is None:
            return NOTHING, "faint"
        return milliseconds(key.last_ok_ms, narrow=True), "muted"

    return (
        Column("", 1, 1, lambda key: _mark(key, tests), gap=0),
        Column("provider", 14, 1, lambda key: (key.title, "text"), gap=1, most=23),
        Column("key", 8, 1, lambda key: (key.hint or "", "spend")),
        Column("state", 24, 2, lambda key: key_state(key, tests), most=32),
        Column("or set", 26, 5, _variable, most=34),
        Column("last ok", 8, 3, lambda key: _ago(key.last_ok_at, now), ">"),
        Column("took", 6, 4, took, ">"),
        Column("base URL", 48, 6, lambda key: (key.base_url, "faint"), most=60),
    )


def token_state(token: Token) -> tuple[str, str, str]:
    """Glyph, ink and word."""
    return ("✗", "faint", "revoked") if token.revoked_at else ("●", "live", "live")


def token_columns(now: datetime, limit_of: Callable[[Token], Budget | None]) -> tuple[Column[Token], ...]:
    def own_limit(token: Token) -> Span:
        budget = limit_of(token)
        return (NOTHING, "faint") if budget is None else (_standing(budget), budget_ink(budget))

    def word(token: Token) -> Span:
        _, ink, told = token_state(token)
        return told, ink

    return (
        Column("", 1, 1, lambda token: token_state(token)[:2], gap=0),
        Column("token", 14, 1, lambda token: (token.name, "text"), gap=1, most=24),
        Column("pinned tags", 16, 3, lambda token: _tags(token), most=44),
        Column("own limit", 21, 2, own_limit, most=28),
        Column("created", 8, 6, lambda token: _ago(token.created_at, now), ">"),
        Column("last used", 9, 4, lambda token: _ago(token.last_used_at, now), ">"),
        Column("state", 7, 5, word),
    )


def _tags(token: Token) -> Span:
    return (matched(token.tags), "muted") if token.tags else (NOTHING, "faint")


def _standing(budget: Budget) -> str:
    """'$12.10 of $50/month !'."""
    if budget.in_force_usd is not None:
        spent, limit = usd(budget.spent_usd), usd_limit(budget.in_force_usd)
    else:
        spent = tokens(budget.spent_tokens, narrow=True)
        limit = tokens(budget.in_force_tokens or 0, narrow=True)
    return f"{spent} of {limit}/{per(budget.window)} {budget_mark(budget)}".rstrip()
