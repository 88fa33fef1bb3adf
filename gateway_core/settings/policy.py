"""Policy as TOML: all of its SECTIONS, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import tomlkit

from gateway_core.model.errors import ConfigError
from gateway_core.model.money import usd_string
from gateway_core.model.policy import ModeRule, Policy, Price, Throttle
from gateway_core.providers.prices import price_from_toml, price_to_toml
from gateway_core.settings.budgets import budget_fields, read_budget
from gateway_core.settings.cache import cache_fields, read_cache
from gateway_core.settings.capture import capture_fields, read_capture
from gateway_core.settings.fields import dollars_of, match_of, name_of, positive_of
from gateway_core.settings.opinions import named_like_own, opinion_fields, read_opinion
from gateway_core.settings.routes import (
    panic_fields,
    read_panic,
    read_route,
    read_routing,
    route_fields,
    routing_fields,
)
from gateway_core.settings.table import Table
from gateway_core.settings.weekly import read_weekly, weekly_fields

__all__ = [
    "SECTIONS",
    "budget_fields",
    "read_budget",
    "read_policy",
    "read_throttle",
    "write_policy",
]

SECTIONS = (
    "budgets",
    "throttles",
    "routes",
    "routing",
    "opinions",
    "panics",
    "mode_rules",
    "capture",
    "cache",
    "weekly",
    "prices",
)


def read_policy(top: Table) -> Policy:
    """The policy of a document. Raises ConfigError naming file, line and the mend."""
    budgets = [read_budget(each) for each in top.tables("budgets")]
    throttles = [read_throttle(each, number) for number, each in enumerate(top.tables("throttles"), 1)]
    routes = [read_route(each, number) for number, each in enumerate(top.tables("routes"), 1)]
    opinions = [read_opinion(each) for each in top.tables("opinions")]
    for what, names in (
        ("budgets", [b.name for b in budgets]),
        ("throttles", [t.name for t in throttles]),
        ("routes", [r.name for r in routes]),
        ("opinions", [o.name for o in opinions]),
    ):
        if doubled := {name for name in names if names.count(name) > 1}:
            top.wrong(what, f"two {what} are named {doubled.pop()!r}; names must differ")
    if told := named_like_own(budgets, opinions):
        top.wrong("budgets", told)
    cache = top.table("cache")
    policy = Policy(
        budgets=tuple(budgets),
        throttles=tuple(throttles),
        routes=tuple(routes),
        routing=read_routing(top.table("routing")),
        opinions=tuple(opinions),
        panics=tuple(read_panic(each) for each in top.tables("panics")),
        mode_rules=tuple(read_mode_rule(each) for each in top.tables("mode_rules")),
        capture=tuple(read_capture(each) for each in top.tables("capture")),
        **read_cache(cache),
        weekly=read_weekly(top.table("weekly")),
        prices=_read_prices(top.table("prices")),
    )
    cache.done()
    return policy


def read_mode_rule(table: Table) -> ModeRule:
    """One [[mode_rules]] entry."""
    rule = ModeRule(mode=name_of(table, "mode"), match=match_of(table, "match"))
    table.done()
    if "mode" in rule.match:
        table.wrong("match", "match: a rule that names a mode is for calls that name none; leave mode out")
    return rule


def mode_rule_fields(rule: ModeRule) -> dict[str, Any]:
    """A mode rule in the words of the configuration file."""
    return {"mode": rule.mode, "match": dict(rule.match)}


def read_throttle(table: Table, number: int = 1) -> Throttle:
    """One [[throttles]] entry; without a name it is called by its place."""
    throttle = Throttle(
        name=table.get("name", str, f"throttle {number}"),
        match=match_of(table, "match"),
        tokens_per_minute=positive_of(table, "tokens_per_minute"),
        requests_per_minute=positive_of(table, "requests_per_minute"),
        usd_per_hour_nano=dollars_of(table, "usd_per_hour", table.maybe("usd_per_hour", str)),
        concurrent=positive_of(table, "concurrent"),
    )
    table.done()
    if throttle == replace(Throttle(throttle.name), match=throttle.match):
        table.wrong("match", f"throttle {throttle.name!r} limits nothing; set tokens_per_minute, say")
    return throttle


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


def write_policy(policy: Policy) -> str:
    """The policy as TOML that `read_policy` reads back to the same policy."""
    document = tomlkit.document()
    _add_list(document, "budgets", map(budget_fields, policy.budgets))
    _add_list(document, "throttles", map(throttle_fields, policy.throttles))
    _add_list(document, "routes", map(route_fields, policy.routes))
    _add_list(document, "opinions", map(opinion_fields, policy.opinions))
    _add_list(document, "panics", map(panic_fields, policy.panics))
    _add_list(document, "mode_rules", map(mode_rule_fields, policy.mode_rules))
    _add_list(document, "capture", map(capture_fields, policy.capture))
    if routing := routing_fields(policy.routing):
        document["routing"] = routing
    if cache := cache_fields(policy):
        document["cache"] = cache
    if weekly := weekly_fields(policy.weekly):
        document["weekly"] = weekly
    if policy.prices:
        document["prices"] = {name: _plain(price_to_toml(price)) for name, price in policy.prices.items()}
    return tomlkit.dumps(document)


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
