"""Anthropic's and Gemini's counts as ours, and answers that count or embed."""

from __future__ import annotations

from typing import Any

import pytest

from gateway_core.model.call import DialectName, Operation, Reading
from gateway_core.model.usage import ZERO, Usage
from tests.gateway_core.formats.answers import ANTHROPIC, CHAT, GEMINI, read, usage_of

ANTHROPIC_USAGES = {
    "plain": ({"input_tokens": 10, "output_tokens": 20}, Usage(input=10, output=20)),
    "the cache stands beside the input": (
        {
            "input_tokens": 50,
            "cache_creation_input_tokens": 248,
            "cache_read_input_tokens": 1800,
            "output_tokens": 503,
            "cache_creation": {"ephemeral_5m_input_tokens": 148, "ephemeral_1h_input_tokens": 100},
            "service_tier": "batch",
        },
        Usage(
            input=50, cached_input=1800, cache_write=148, cache_write_1h=100, output=503, service_tier="batch"
        ),
    ),
    "writes of unknown life are short": (
        {"input_tokens": 1, "output_tokens": 2, "cache_creation_input_tokens": 30},
        Usage(input=1, cache_write=30, output=2),
    ),
    "thinking is within the output": (
        {"input_tokens": 1, "output_tokens": 200, "output_tokens_details": {"thinking_tokens": 150}},
        Usage(input=1, output=200, reasoning=150),
    ),
    "tools and fast mode": (
        {
            "input_tokens": 1,
            "output_tokens": 2,
            "service_tier": "standard",
            "speed": "fast",
            "server_tool_use": {"web_search_requests": 1, "web_fetch_requests": 0},
        },
        Usage(input=1, output=2, server_tools={"web_search": 1}, service_tier="fast"),
    ),
    "one iteration is the call": (
        {
            "input_tokens": 5,
            "output_tokens": 6,
            "iterations": [{"type": "message", "input_tokens": 5, "output_tokens": 6}],
        },
        Usage(input=5, output=6),
    ),
    "compaction is a step of its own": (
        {
            "input_tokens": 23000,
            "output_tokens": 1000,
            "service_tier": "standard",
            "iterations": [
                {"type": "compaction", "input_tokens": 180000, "output_tokens": 3500},
                {
                    "type": "message",
                    "input_tokens": 23000,
                    "output_tokens": 1000,
                    "cache_read_input_tokens": 7,
                    "cache_creation": {"ephemeral_1h_input_tokens": 9},
                },
            ],
        },
        Usage(
            input=203000,
            cached_input=7,
            cache_write_1h=9,
            output=4500,
            service_tier="standard",
            steps=(
                Usage(input=180000, output=3500),
                Usage(input=23000, cached_input=7, cache_write_1h=9, output=1000),
            ),
        ),
    ),
    "half a step": (
        {
            "input_tokens": 5,
            "output_tokens": 6,
            "iterations": [{"input_tokens": 5, "output_tokens": 6}, {"input_tokens": 5}],
        },
        None,
    ),
    "half": ({"output_tokens": 6}, None),
}


@pytest.mark.parametrize("name", ANTHROPIC_USAGES)
def test_anthropic(name: str) -> None:
    stated, usage = ANTHROPIC_USAGES[name]
    assert usage_of(ANTHROPIC, stated, type="message") == usage


GEMINI_USAGES = {
    "plain": (
        {"promptTokenCount": 4, "candidatesTokenCount": 8, "totalTokenCount": 12},
        Usage(input=4, output=8),
    ),
    "thoughts, cache, tools": (
        {
            "promptTokenCount": 100,
            "cachedContentTokenCount": 60,
            "candidatesTokenCount": 10,
            "thoughtsTokenCount": 20,
            "toolUsePromptTokenCount": 7,
            "totalTokenCount": 137,
        },
        Usage(input=47, cached_input=60, output=30, reasoning=20),
    ),
    "media by modality, those of the cache left out": (
        {
            "promptTokenCount": 300,
            "cachedContentTokenCount": 100,
            "candidatesTokenCount": 5,
            "promptTokensDetails": [
                {"modality": "TEXT", "tokenCount": 10},
                {"modality": "AUDIO", "tokenCount": 150},
                {"modality": "IMAGE", "tokenCount": 40},
                {"modality": "VIDEO", "tokenCount": 100},
            ],
            "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 100}],
            "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}],
        },
        Usage(
            input=200,
            cached_input=100,
            output=5,
            audio_input=50,
            image_input=40,
            video_input=100,
            audio_output=5,
        ),
    ),
    "a count of zero is left out, the total tells": (
        {"promptTokenCount": 4, "thoughtsTokenCount": 50, "totalTokenCount": 54},
        Usage(input=4, output=50, reasoning=50),
    ),
    "and what is missing it tells too": (
        {"promptTokenCount": 4, "totalTokenCount": 54},
        Usage(input=4, output=50),
    ),
    "tiers": (
        {"promptTokenCount": 4, "candidatesTokenCount": 1, "trafficType": "ON_DEMAND_FLEX"},
        Usage(input=4, output=1, service_tier="flex"),
    ),
    "tiers by name": (
        {"promptTokenCount": 4, "candidatesTokenCount": 1, "serviceTier": "PRIORITY"},
        Usage(input=4, output=1, service_tier="priority"),
    ),
    "half": ({"promptTokenCount": 4}, None),
    "the other half": ({"candidatesTokenCount": 4, "totalTokenCount": 8}, None),
}


@pytest.mark.parametrize("name", GEMINI_USAGES)
def test_gemini(name: str) -> None:
    stated, usage = GEMINI_USAGES[name]
    assert usage_of(GEMINI, stated) == usage


@pytest.mark.parametrize(
    ("model", "billed"), [("gemini-2.5-flash", 1), ("gemini-3-pro", 2), ("gemini-12-pro", 2)]
)
def test_gemini_bills_searches_one_by_one_only_from_the_third_generation_on(model: str, billed: int) -> None:
    grounding = {"webSearchQueries": ["", "one", "two", "one"]}
    usage = usage_of(
        GEMINI,
        {"promptTokenCount": 4, "candidatesTokenCount": 1},
        modelVersion=model,
        candidates=[{"groundingMetadata": grounding, "finishReason": "STOP"}],
    )
    assert usage == Usage(input=4, output=1, server_tools={"web_search": billed})


@pytest.mark.parametrize(
    ("dialect", "answer", "usage"),
    [
        (
            CHAT,
            {"object": "list", "data": [], "usage": {"prompt_tokens": 8, "total_tokens": 8}},
            Usage(input=8),
        ),
        (GEMINI, {"embedding": {}, "usageMetadata": {"promptTokenCount": 8}}, Usage(input=8)),
        (GEMINI, {"embeddings": []}, None),
    ],
)
def test_embeddings_use_input_alone(
    dialect: DialectName, answer: dict[str, Any], usage: Usage | None
) -> None:
    assert read(dialect, answer, Operation.EMBED).usage == usage


@pytest.mark.parametrize(
    ("dialect", "answer"), [(ANTHROPIC, {"input_tokens": 2095}), (GEMINI, {"totalTokens": 31})]
)
def test_counting_uses_nothing(dialect: DialectName, answer: dict[str, Any]) -> None:
    assert read(dialect, answer, Operation.COUNT) == Reading(usage=ZERO)
