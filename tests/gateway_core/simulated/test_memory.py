"""Prompt caches as simulated: OpenAI's by itself from 1,024 tokens on, in steps of 128, by key and model;
Anthropic's up to marks."""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage
from gateway_core.simulated.memory import Memory
from gateway_core.simulated.prompt import Life, Piece, Prompt
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES

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


MARK = {"cache_control": {"type": "ephemeral"}}


def claude(
    simulated: SimulatedProvider, system: list[dict[str, Any]], *blocks: dict[str, Any], model: str = ""
) -> dict[str, Any]:
    """The usage of a call with these blocks; read, written and fresh tokens."""
    body = {
        "model": model or "claude-sonnet-4-5",
        "max_tokens": 10,
        "system": system,
        "messages": [{"role": "user", "content": list(blocks)}],
    }
    answer = simulated.http.post(MESSAGES.path, json=body, headers=MESSAGES.credential("sk-cache"))
    assert answer.status_code == 200, answer.text
    usage: dict[str, Any] = answer.json()["usage"]
    return usage


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def test_anthropic_caches_up_to_marks_alone(simulated: SimulatedProvider) -> None:
    rules = text("E " + LONG)
    bare = claude(simulated, [rules], text("Hi"))
    assert (bare["cache_creation_input_tokens"], bare["cache_read_input_tokens"]) == (0, 0)
    first = claude(simulated, [{**rules, **MARK}], text("Hi"))
    written = first["cache_creation_input_tokens"]
    assert written > 1024
    second = claude(simulated, [{**rules, **MARK}], text("Hello", **MARK))
    assert second["cache_read_input_tokens"] == written
    assert 0 < second["cache_creation_input_tokens"] < 50
    assert claude(simulated, [rules], text("Hello!"))["cache_read_input_tokens"] == 0


def test_a_mark_looks_back_over_twenty_blocks(simulated: SimulatedProvider) -> None:
    rules, short = text("F " + LONG, **MARK), [text(f"Line {number}.") for number in range(25)]
    claude(simulated, [rules], text("Hi"))
    near = claude(simulated, [text("F " + LONG)], *short[:18], text("Now?", **MARK))
    far = claude(simulated, [text("F " + LONG)], text("Else."), *short, text("Then?", **MARK))
    assert near["cache_read_input_tokens"] > 1024
    assert far["cache_read_input_tokens"] == 0


def test_some_models_cache_later(simulated: SimulatedProvider) -> None:
    usage = claude(simulated, [text("G " + LONG, **MARK)], text("Hi"), model="claude-haiku-4-5")
    assert usage["cache_creation_input_tokens"] == 0


def test_a_fifth_mark_is_refused(simulated: SimulatedProvider) -> None:
    blocks = [text(f"Block {number}", **MARK) for number in range(5)]
    body = {**MESSAGES.ask("Hi"), "messages": [{"role": "user", "content": blocks}]}
    answer = simulated.http.post(MESSAGES.path, json=body, headers=MESSAGES.credential("sk-cache"))
    assert answer.status_code == 400
    assert "A maximum of 4 blocks with cache_control may be provided. Found 5." in answer.text


def test_what_is_not_read_for_a_while_is_gone() -> None:
    now = [0.0]
    memory = Memory(300.0, lambda: now[0])

    def charge(*words: str, mark: Life | None) -> Usage:
        """A call whose first piece is long and marked."""
        pieces = (Piece(LONG.encode(), 1500, mark), *(Piece(word.encode(), 5) for word in words))
        return memory.charge(Prompt(DialectName.ANTHROPIC, f"claude-{mark}", {}, pieces), "key")

    for life, mark in ((300.0, Life.SHORT), (3600.0, Life.LONG)):
        charge("a", mark=mark)
        now[0] += life - 1
        assert charge("b", mark=mark).cached_input > 1024, "and it stays on from here"
        now[0] += life - 1
        assert charge("c", mark=mark).cached_input > 1024
        now[0] += life + 1
        gone = charge("d", mark=mark)
        assert gone.cached_input == 0
        assert gone.cache_write + gone.cache_write_1h > 1024
