"""OpenAI's prompt cache as simulated: automatic from 1,024 tokens on, in steps of 128, by key and model."""

from __future__ import annotations

from typing import Any

from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT

LONG = "The harbour master counts the boats in the morning. " * 120


def details(
    simulated: SimulatedProvider,
    messages: list[dict[str, str]],
    *,
    key: str = "sk-cache",
    model: str = "gpt-4.1",
) -> dict[str, Any]:
    body = {"model": model, "messages": messages}
    answer = simulated.http.post(CHAT.path, json=body, headers=CHAT.credential(key)).json()
    return {**answer["usage"]["prompt_tokens_details"], "total": answer["usage"]["prompt_tokens"]}


def test_reads_grow_along_a_conversation(simulated: SimulatedProvider) -> None:
    messages = [{"role": "system", "content": LONG}, {"role": "user", "content": "How many?"}]
    first = details(simulated, messages)
    assert first["cached_tokens"] == 0
    last = 0
    for turn in range(3):
        messages.append({"role": "assistant", "content": f"As many as before. {turn} " * 40})
        messages.append({"role": "user", "content": "And now?"})
        here = details(simulated, messages)
        assert here["cached_tokens"] % 128 == 0
        assert last < here["cached_tokens"] <= here["total"]
        last = here["cached_tokens"]


def test_a_changed_beginning_reads_nothing(simulated: SimulatedProvider) -> None:
    details(simulated, [{"role": "user", "content": "A " + LONG}])
    changed = details(simulated, [{"role": "user", "content": "B " + LONG}])
    assert changed["cached_tokens"] == 0


def test_keys_and_models_do_not_share(simulated: SimulatedProvider) -> None:
    start = [{"role": "user", "content": "C " + LONG}]
    details(simulated, start)
    longer = [*start, {"role": "user", "content": "More."}]
    assert details(simulated, longer, key="sk-other")["cached_tokens"] == 0
    assert details(simulated, longer, model="gpt-4o-mini")["cached_tokens"] == 0
    assert details(simulated, longer)["cached_tokens"] > 1024


def test_newer_models_report_their_writes(simulated: SimulatedProvider) -> None:
    start = [{"role": "user", "content": "D " + LONG}]
    first = details(simulated, start, model="gpt-5.6-terra")
    assert first["cache_write_tokens"] > 1024
    more = {"role": "user", "content": "And the sailors? " * 100}
    second = details(simulated, [*start, more], model="gpt-5.6-terra")
    assert second["cached_tokens"] == first["cache_write_tokens"]
    assert 0 < second["cache_write_tokens"] < 600
    assert "cache_write_tokens" not in details(simulated, [*start, more])
