"""What became of a prompt cache, said in one sentence."""

from __future__ import annotations

import pytest

from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage
from gateway_core.rules.prompt_cache.habits import LONG_LIFE, SHORT_LIFE, least_tokens, life, warm_tokens
from gateway_core.rules.prompt_cache.verdict import Why
from gateway_core.rules.prompt_cache.words import broken_block, duration, in_words

ANTHROPIC, CHAT = DialectName.ANTHROPIC, DialectName.OPENAI_CHAT


@pytest.mark.parametrize("why", Why)
def test_every_cause_has_words(why: Why) -> None:
    said = in_words(why, tokens=9800, usd="0.0338", block="system 0 changed", before_target="a/b", paused=7)
    assert said
    assert "None" not in said


def test_the_block_the_tokens_and_the_dollars_are_in_it() -> None:
    block = broken_block("system", 0, "changed", 1216, 14220)
    assert in_words(Why.CHANGED, tokens=9800, usd="0.0338", block=block) == (
        "system 0 changed at byte 1,216 of 14,220: "
        "9,800 tokens were paid again, $0.0338 more than from the cache"
    )
    assert in_words(Why.CHANGED, tokens=9800, usd="1", block=block, across=True).startswith("beside another")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (("tool", 3, "added", 0, 10), "tool 3 was added"),
        (("tool", 3, "removed", 0, 10), "tool 3 was removed"),
        (("message", None, "changed", None, 10), "a later message changed"),
        (("options", 0, "changed", 0, 10), "options changed at byte 0 of 10"),
        ((None, None, None, None, None), ""),
    ],
)  # fmt: skip
def test_blocks_are_named(found: tuple[str, int, str, int, int], words: str) -> None:
    assert broken_block(*found) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (59.6, "1 min"), (432, "7 min 12 s"), (3600, "1 h"), (None, "long")],
)
def test_durations(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_providers_have_their_habits() -> None:
    assert least_tokens(ANTHROPIC, "claude-haiku-4-5") == 4096
    assert least_tokens(ANTHROPIC, "claude-sonnet-4-5") == least_tokens(CHAT, "gpt-5") == 1024
    written = Usage(input=10, cache_write=2000)
    assert (warm_tokens(ANTHROPIC, "m", written), warm_tokens(CHAT, "m", written)) == (2000, 2010)
    assert warm_tokens(CHAT, "m", Usage(input=900)) == 0
    assert life(ANTHROPIC, written) == SHORT_LIFE
    assert life(ANTHROPIC, Usage(cache_write_1h=5)) == LONG_LIFE
    assert life(ANTHROPIC, Usage(cached_input=5), LONG_LIFE) == LONG_LIFE
