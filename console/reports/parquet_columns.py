"""The columns of Parquet files: what each is called, holds and means. Only data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "count", "money", "milliseconds", "yes or no", "instant", "tags"]
NANO = "_nano_usd"
PER_DOLLAR = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    meaning: str
    usd: str = ""
    """Its name in other formats, where money is dollars as text."""

    @property
    def source(self) -> str:
        return self.usd or self.name


LEDGER = (
    Column("id", "text", "the call's id, as the client got it in x-llmconsole-request-id"),
    Column("started_at", "instant", "when it came in, UTC"),
    Column("finished_at", "instant", "when it ended, UTC; null while it runs"),
    Column("status", "text", "open or settled"),
    Column("outcome", "text", "ok, cache_hit, refused, failed, cancelled or recovered; null while it runs"),
    Column("format", "text", "the client's format"),
    Column("path", "text", "the path that was called"),
    Column("asked_model", "text", "the model that was asked for"),
    Column("model", "text", "the model that served"),
    Column("provider", "text", "the provider that served"),
    Column("token", "text", "the name of the client token"),
    Column("stream", "yes or no", "whether the answer was streamed"),
    Column("input_tokens", "count", "input that no cache held"),
    Column("cached_input_tokens", "count", "input out of the provider's cache"),
    Column("cache_write_tokens", "count", "input written to it for five minutes or an unknown time"),
    Column("cache_write_1h_tokens", "count", "input written to it for an hour"),
    Column("output_tokens", "count", "output, reasoning included"),
    Column("reasoning_tokens", "count", "the part of the output that was reasoning"),
    Column("cost_nano_usd", "money", "what it cost, earlier tries and corrections included", "cost_usd"),
    Column("certainty", "text", "reported, computed, estimated or unpriced"),
    Column("saved_nano_usd", "money", "what routing or the gateway's cache saved", "saved_usd"),
    Column("cache", "text", "hit, miss or bypass, of the gateway's cache"),
    Column("route", "text", "the rule that led it"),
    Column("route_reason", "text", "why this model, in words"),
    Column("attempts", "count", "how often a provider was asked"),
    Column("first_byte_ms", "milliseconds", "until the provider's first byte"),
    Column("duration_ms", "milliseconds", "from its beginning to its end"),
    Column("overhead_ms", "milliseconds", "the gateway's own part of that"),
    Column("session", "text", "the conversation or session that it belongs to"),
    Column("tags", "tags", "its tags, as they are called now"),
    Column("price_id", "text", "the price that it was counted by"),
    Column("provider_request_id", "text", "the id that the provider gave it"),
    Column("error", "text", "what went wrong"),
)
"""Of an export: one row a call."""

MEANINGS = {
    "calls": "calls of the group",
    "input_tokens": "input that no cache held",
    "cached_input_tokens": "input out of the providers' caches",
    "cache_write_tokens": "input written to them for five minutes or an unknown time",
    "cache_write_1h_tokens": "input written to them for an hour",
    "output_tokens": "output, reasoning included",
    "reasoning_tokens": "the part of the output that was reasoning",
    "cost_usd": "what the calls cost",
    "saved_usd": "what routing and the gateway's cache saved",
    "cache_hits": "calls that the gateway's cache answered",
    "cache_misses": "calls that it was asked for in vain",
    "cache_saved_usd": "the part of the savings that is the gateway's cache",
    "provider_cache_saved_usd": "what the providers' caches saved",
    "unpriced": "calls whose price nobody knows, counted at 0",
    "estimated_usd": "the part of the cost that is estimated",
}
"""Of a report: the sums of a group."""
