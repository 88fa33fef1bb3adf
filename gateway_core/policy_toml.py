"""Policy as TOML: the sections budgets, throttles, routes, cache and prices, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import tomlkit

from gateway_core.model.errors import ConfigError
from gateway_core.model.money import Nano, nano_from_usd, usd_string
from gateway_core.model.policy import (
    DEFAULT_ALERTS,
    AtLimit,
    Budget,
    ExactCacheRule,
    Policy,
    Price,
    Route,
    Throttle,
)
from gateway_core.providers.prices import price_from_toml, price_to_toml
from gateway_core.rules.windows import check_window
from gateway_core.toml_table import Table

SECTIONS = ("budgets", "throttles", "routes", "cache", "prices")
_DURATION = re.compile(r"(\d+)\s*([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def read_policy(top: Table) -> Policy:
    """The policy of a document. Raises ConfigError naming file, line and the mend."""
    budgets = [read_budget(each) for each in top.tables("budgets")]
    throttles = [read_throttle(each, number) for number, each in enumerate(top.tables("throttles"), 1)]
    routes = [read_route(each, number) for number, each in enumerate(top.tables("routes"), 1)]
    for what, names in (
        ("budgets", [b.name for b in budgets]),
        ("throttles", [t.name for t in throttles]),
        ("routes", [r.name for r in routes]),
    ):
        if doubled := {name for name in names if names.count(name) > 1}:
            top.wrong(what, f"two {what} are named {doubled.pop()!r}; names must differ")
    return Policy(
        budgets=tuple(budgets),
        throttles=tuple(throttles),
        routes=tuple(routes),
        exact_cache=_read_cache(top.table("cache")),
        prices=_read_prices(top.table("prices")),
    )


def read_budget(table: Table) -> Budget:
    """One [[budgets]] entry."""
    limit_usd, limit_tokens = table.maybe("limit_usd", str), table.maybe("limit_tokens", int)
    budget = Budget(
        name=_name(table),
        match=_match(table, "match"),
        limit_nano=_dollars(table, "limit_usd", limit_usd),
        limit_tokens=limit_tokens,
        window=table.get("window", str, "month"),
        at_limit=AtLimit(table.choice("at_limit", tuple(AtLimit), AtLimit.BLOCK)),
        alerts=_marks(table),
    )
    table.done()
    if (limit_usd is None) == (limit_tokens is None):
        table.wrong("name", f"budget {budget.name!r} needs limit_usd or limit_tokens, one of them")
    if limit_tokens is not None and limit_tokens < 0:
        table.wrong("limit_tokens", "limit_tokens must not be negative")
    try:
        check_window(budget.window)
    except ConfigError as error:
        table.wrong("window", error.message)
    return budget


def read_throttle(table: Table, number: int = 1) -> Throttle:
    """One [[throttles]] entry; without a name it is called by its place."""
    throttle = Throttle(
        name=table.get("name", str, f"throttle {number}"),
        match=_match(table, "match"),
        tokens_per_minute=_positive(table, "tokens_per_minute"),
        requests_per_minute=_positive(table, "requests_per_minute"),
        usd_per_hour_nano=_dollars(table, "usd_per_hour", table.maybe("usd_per_hour", str)),
        concurrent=_positive(table, "concurrent"),
    )
    table.done()
    if throttle == replace(Throttle(throttle.name), match=throttle.match):
        table.wrong("match", f"throttle {throttle.name!r} limits nothing; set tokens_per_minute, say")
    return throttle


def read_route(table: Table, number: int = 1) -> Route:
    """One [[routes]] entry; without a name it is called by its place."""
    use = table.get("use", list, [])
    if not use or not all(isinstance(model, str) and model for model in use):
        table.wrong("use", "use must list at least one model name")
    route = Route(
        name=table.get("name", str, f"route {number}"),
        when=_match(table, "when"),
        use=tuple(use),
        enabled=table.get("enabled", bool, True),
    )
    table.done()
    return route


def _read_cache(table: Table) -> ExactCacheRule:
    on = "exact" in table.values
    exact = table.table("exact")
    rule = ExactCacheRule(when=_match(exact, "when"), ttl_seconds=_duration(exact, "ttl", "24h"), on=on)
    exact.done()
    table.done()
    return rule


def _read_prices(table: Table) -> dict[str, Price]:
    prices: dict[str, Price] = {}
    for name, entry in table.children().items():
        try:
            prices[name] = price_from_toml(name, entry.values)
        except ConfigError as error:
            named = next((key for key in entry.values if repr(key) in error.message), None)
            place, key = (entry, named) if named else (table, name)
            place.wrong(key, error.message)
    return prices


def _name(table: Table) -> str:
    name = table.get("name", str, "").strip()
    if not name:
        table.wrong("name", "name is missing")
    return name


def _match(table: Table, key: str) -> Mapping[str, str]:
    match = table.get(key, dict, {})
    for name, value in match.items():
        if not isinstance(value, str) or not value:
            table.wrong(key, f"{key}: the value of {name!r} must be text, not {value!r}")
    return dict(match)


def _positive(table: Table, key: str) -> int | None:
    value = table.maybe(key, int)
    if value is not None and value <= 0:
        table.wrong(key, f"{key} must be above 0, not {value}")
    return value


def _dollars(table: Table, key: str, text: str | None) -> Nano | None:
    if text is None:
        return None
    try:
        nano = nano_from_usd(text)
    except ValueError as error:
        table.wrong(key, f"{key}: {error}")
    if nano < 0:
        table.wrong(key, f"{key} must not be negative")
    return nano


def _marks(table: Table) -> tuple[int, ...]:
    marks = table.get("alerts", list, list(DEFAULT_ALERTS))
    if not all(isinstance(mark, int) and 0 < mark <= 1000 for mark in marks):
        table.wrong("alerts", f"alerts must be percentages such as [50, 80, 95, 100], not {marks!r}")
    return tuple(sorted(set(marks)))


def _duration(table: Table, key: str, default: str) -> int:
    text = table.get(key, str, default)
    found = _DURATION.match(text)
    if not found or int(found[1]) == 0:
        table.wrong(key, f"{key} = {text!r} is no duration; write '30s', '15m', '24h' or '7d'")
    return int(found[1]) * _SECONDS[found[2]]


def write_policy(policy: Policy) -> str:
    """The policy as TOML that `read_policy` reads back to the same policy."""
    document = tomlkit.document()
    _add_list(document, "budgets", map(budget_fields, policy.budgets))
    _add_list(document, "throttles", map(throttle_fields, policy.throttles))
    _add_list(document, "routes", map(route_fields, policy.routes))
    if policy.exact_cache.on:
        rule = policy.exact_cache
        document["cache"] = {"exact": {"when": dict(rule.when), "ttl": f"{rule.ttl_seconds}s"}}
    if policy.prices:
        document["prices"] = {name: _plain(price_to_toml(price)) for name, price in policy.prices.items()}
    return tomlkit.dumps(document)


def budget_fields(budget: Budget) -> dict[str, Any]:
    """A budget in the words of the configuration file."""
    fields = {
        "name": budget.name,
        "match": dict(budget.match),
        "limit_usd": None if budget.limit_nano is None else usd_string(budget.limit_nano),
        "limit_tokens": budget.limit_tokens,
        "window": budget.window,
        "at_limit": str(budget.at_limit),
        "alerts": list(budget.alerts),
    }
    return {key: value for key, value in fields.items() if value is not None}


def throttle_fields(throttle: Throttle) -> dict[str, Any]:
    """A throttle in the words of the configuration file."""
    dollars = throttle.usd_per_hour_nano
    fields = {
        "name": throttle.name,
        "match": dict(throttle.match),
        "tokens_per_minute": throttle.tokens_per_minute,
        "requests_per_minute": throttle.requests_per_minute,
        "usd_per_hour": None if dollars is None else usd_string(dollars),
        "concurrent": throttle.concurrent,
    }
    return {key: value for key, value in fields.items() if value is not None}


def route_fields(route: Route) -> dict[str, Any]:
    """A route in the words of the configuration file."""
    return {
        "name": route.name,
        "when": dict(route.when),
        "use": list(route.use),
        "enabled": route.enabled,
    }


def _add_list(document: tomlkit.TOMLDocument, key: str, entries: Iterable[dict[str, Any]]) -> None:
    tables = tomlkit.aot()
    for entry in entries:
        table = tomlkit.table()
        for name, value in entry.items():
            table[name] = _inline(value) if isinstance(value, dict) else value
        tables.append(table)
    if len(tables):
        document[key] = tables


def _inline(values: Mapping[str, Any]) -> tomlkit.items.InlineTable:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in fields.items()}
