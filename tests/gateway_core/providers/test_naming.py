"""Names that may be asked for, and the known ones that are near to a wrong one."""

from __future__ import annotations

import time

import pytest

from gateway_core.providers.naming import is_name, nearest

KNOWN = ["gpt-5-nano", "gpt-5-mini", "gpt-5", "claude-sonnet-5", "groq/llama-3.3-70b", "ollama/qwen3:4b"]


@pytest.mark.parametrize(
    "name", ["gpt-5", "qwen3:4b", "@cf/meta/llama", "ft:gpt-4o:me::x1", "a" * 256, "модель"]
)
def test_what_can_be_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a\nb", "a\x00", "a?b", "a#b", "a%2fb", "a\\b", "../x", "x/../y", "x/./y", "x//y", "a" * 257],
)
def test_what_would_mean_something_else_in_a_url(name: str) -> None:
    assert not is_name(name)


def test_the_most_alike_come_first() -> None:
    assert nearest("gpt5-nano", KNOWN)[0] == "gpt-5-nano"
    assert nearest("claud-sonnet-5", KNOWN) == ["claude-sonnet-5"]
    assert nearest("zzz", KNOWN) == []


def test_the_same_name_at_another_provider_is_nearest() -> None:
    assert nearest("llama-3.3-70b", KNOWN) == ["groq/llama-3.3-70b"]
    assert nearest("nope/qwen3:4b", KNOWN) == ["ollama/qwen3:4b"]


def test_a_hostile_name_does_not_take_long() -> None:
    known = [f"vendor-{i}/model-{i}-{'x' * 40}" for i in range(3_000)]
    start = time.perf_counter()
    nearest("model-" * 42, known)
    assert time.perf_counter() - start < 0.5
