"""What caches and routes saved."""

from __future__ import annotations

import sqlite3
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.model.rows import CacheUse
from gateway_core.store.queries.facts import Sums
from gateway_core.store.queries.spend import totals


def cache_summary(connection: sqlite3.Connection, since: str, until: str | None) -> dict[str, Any]:
    """Own cache, the provider's prompt cache and routing, each with what it saved."""
    found = totals(connection, since, until, {})
    alike = totals(connection, since, until, {"cache": CacheUse.SEMANTIC}).all
    sums = found.all
    asked = sums.hits + sums.misses
    return {
        "exact": {
            "hits": sums.hits - alike.hits,
            "misses": sums.misses,
            "bypass": sums.calls - sums.hits - sums.misses,
            "rate": (sums.hits - alike.hits) / asked if asked else None,
            "saved_usd": usd_string(sums.own_cache_saved_nano - alike.own_cache_saved_nano),
        },
        "semantic": {"hits": alike.hits, "saved_usd": usd_string(alike.own_cache_saved_nano)},
        "provider": {
            "cached_tokens": sums.cached_input_tokens,
            "input_tokens": sums.total_input,
            "share": sums.cached_input_tokens / sums.total_input if sums.total_input else None,
            "saved_usd": usd_string(sums.provider_cache_saved_nano),
        },
        "routing_saved_usd": usd_string(found.routing_saved_nano),
        "saved_total_usd": usd_string(found.saved_nano),
    }


def figures(sums: Sums) -> dict[str, Any]:
    """How often our own cache answered, and what that saved."""
    asked = sums.hits + sums.misses
    return {
        "calls": sums.calls,
        "hits": sums.hits,
        "misses": sums.misses,
        "rate": sums.hits / asked if asked else 0.0,
        "cost_usd": usd_string(sums.cost_nano),
        "saved_usd": usd_string(sums.own_cache_saved_nano),
    }
