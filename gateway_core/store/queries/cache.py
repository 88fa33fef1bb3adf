"""What caches and routes saved."""

from __future__ import annotations

import sqlite3
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.store.queries.spend import totals


def cache_summary(connection: sqlite3.Connection, since: str, until: str | None) -> dict[str, Any]:
    """Own cache, the provider's prompt cache and routing, each with what it saved."""
    found = totals(connection, since, until, {})
    everything, hits, misses = found.all, found.hits, found.misses
    # A hit never reached the provider, whatever usage its row tells of.
    cached = everything.cached_input_tokens - hits.cached_input_tokens
    inputs = everything.total_input - hits.total_input
    return {
        "exact": {
            "hits": hits.calls,
            "misses": misses.calls,
            "bypass": everything.calls - hits.calls - misses.calls,
            "rate": found.hit_rate,
            "saved_usd": usd_string(found.own_cache_saved_nano),
        },
        "provider": {
            "cached_tokens": cached,
            "input_tokens": inputs,
            "share": cached / inputs if inputs else None,
            "saved_usd": usd_string(everything.provider_cache_saved_nano),
        },
        "routing_saved_usd": usd_string(found.routing_saved_nano),
        "saved_total_usd": usd_string(found.saved_nano),
    }
