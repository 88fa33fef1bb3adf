"""The counters of /metrics count each try where it went."""

from __future__ import annotations

from gateway_core.model.usage import Usage
from gateway_core.tally import Tally
from tests.gateway_core.store.making import ending, trying


def test_a_call_counts_once_and_its_tries_cost_where_they_went() -> None:
    tally = Tally()
    tried = trying(1, provider="groq", model="llama", usage=Usage(input=7, cache_write_1h=1), cost_nano=300)
    tally.add(ending("a", usage=Usage(input=5, output=2), cost_nano=1000, earlier=(tried, trying(2))))
    assert dict(tally.calls) == {("openai", "gpt-5", "ok"): 1}
    assert dict(tally.cost_nano) == {("openai", "gpt-5"): 1000, ("groq", "llama"): 300}
    assert tally.tokens["groq", "llama", "input"] == 7
    assert tally.tokens["groq", "llama", "cache_write"] == 1
    assert tally.tokens["openai", "gpt-5", "output"] == 2
