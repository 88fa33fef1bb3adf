"""What is booked: ended calls as they were written, earlier tries of calls, and what corrections changed.

Rollups, budgets, reports and checks all add up these three and nothing else. Each counts in the span of time
in which its call started; a try counts to its own provider and model, whatever became of the call.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway_core.model.rows import CACHE_HITS, CacheUse, Certainty, Outcome

TOKENS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)
HIT = "cache IN ('" + "', '".join(CACHE_HITS) + "')"
"""A condition: our own cache answered."""
_CALLS = {
    "calls": "1",
    "hits": HIT,
    "misses": f"cache = '{CacheUse.MISS}'",
    **{name: name for name in TOKENS},
    "cost_nano": "cost_nano",
    "estimated_nano": f"iif(certainty = '{Certainty.ESTIMATED}', cost_nano, 0)",
    "unpriced": f"certainty = '{Certainty.UNPRICED}'",
    "saved_nano": "saved_nano",
    "own_cache_saved_nano": f"iif({HIT}, saved_nano, 0)",
    "provider_cache_saved_nano": "provider_cache_saved_nano",
}
MEASURES = tuple(_CALLS)
"""What is added up."""
_ATTEMPTS = {
    **dict.fromkeys(MEASURES, "0"),
    **{name: _CALLS[name] for name in (*TOKENS, "cost_nano", "estimated_nano", "unpriced")},
}
_CORRECTIONS = {
    **dict.fromkeys(MEASURES, "0"),
    "cost_nano": "word.cost_nano - word.before_cost_nano",
    "estimated_nano": f"iif(word.certainty = '{Certainty.ESTIMATED}', word.cost_nano, 0) "
    f"- iif(word.before_certainty = '{Certainty.ESTIMATED}', word.before_cost_nano, 0)",
    "unpriced": f"(word.certainty = '{Certainty.UNPRICED}') "
    f"- (word.before_certainty = '{Certainty.UNPRICED}')",
}


def _facts(keys: str, measures: Mapping[str, str], source: str) -> str:
    return f"SELECT {keys}, {', '.join(f'{sql} AS {name}' for name, sql in measures.items())} FROM {source}"


SERIES = "coalesce((SELECT series_id FROM labels WHERE call_n = calls.n AND number = 0), calls.series_id)"
"""The series that a row of `calls` counts to: as it was written, unless its mode was said later."""
_TRIED = (
    "coalesce((SELECT label.series_id FROM labels AS label WHERE label.call_n = attempts.call_n "
    "AND label.number = attempts.number), attempts.series_id)"
)
CALLS = _facts(
    f"n, started_at, {SERIES} AS series_id, outcome, cache", _CALLS, "calls WHERE outcome IS NOT NULL"
)
"""A query for the own rows of ended calls: n, started_at, series_id, outcome, cache and the measures."""
ATTEMPTS = _facts(
    f"call_n AS n, called_at AS started_at, {_TRIED} AS series_id, '{Outcome.FAILED}' AS outcome, "
    f"'{CacheUse.BYPASS}' AS cache",
    _ATTEMPTS,
    "attempts",
)
"""The same of earlier tries, from the moment at which they are known; `n` is that of the call."""
CORRECTIONS = _facts(
    f"word.n AS n, word.called_at AS started_at, {SERIES} AS series_id, calls.outcome AS outcome, "
    "calls.cache AS cache",
    _CORRECTIONS,
    "corrections AS word JOIN calls ON calls.n = word.call_n",
)
"""The same of corrections: each as the difference that it made; `n` is its own."""
BOOKED = (CALLS, ATTEMPTS, CORRECTIONS)
