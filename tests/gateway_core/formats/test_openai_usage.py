"""OpenAI's counts as ours, in the shapes that its documentation and its followers show."""

from __future__ import annotations

from typing import Any

import pytest

from gateway_core.model.usage import ZERO, Usage
from tests.gateway_core.formats.answers import CHAT, RESPONSES, read, usage_of

CHAT_USAGES: dict[str, tuple[Any, Usage | None]] = {
    "plain": ({"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21}, Usage(input=9, output=12)),
    "explicit zeros are counts": ({"prompt_tokens": 0, "completion_tokens": 0}, ZERO),
    "cached is within the prompt": (
        {"prompt_tokens": 2006, "completion_tokens": 300, "prompt_tokens_details": {"cached_tokens": 1920}},
        Usage(input=86, cached_input=1920, output=300),
    ),
    "so is what was written": (
        {
            "prompt_tokens": 2600,
            "completion_tokens": 1,
            "prompt_tokens_details": {"cached_tokens": 2000, "cache_write_tokens": 400},
        },
        Usage(input=200, cached_input=2000, cache_write=400, output=1),
    ),
    "reasoning is within the completion": (
        {
            "prompt_tokens": 5,
            "completion_tokens": 100,
            "total_tokens": 105,
            "completion_tokens_details": {"reasoning_tokens": 64, "rejected_prediction_tokens": 3},
        },
        Usage(input=5, output=100, reasoning=64),
    ),
    "xAI's reasoning stands beside it": (
        {
            "prompt_tokens": 10120,
            "completion_tokens": 1499,
            "total_tokens": 14428,
            "prompt_tokens_details": {"cached_tokens": 128},
            "completion_tokens_details": {"reasoning_tokens": 2809},
        },
        Usage(input=9992, cached_input=128, output=4308, reasoning=2809),
    ),
    "reasoning above the completion stands beside it": (
        {"prompt_tokens": 1, "completion_tokens": 2, "completion_tokens_details": {"reasoning_tokens": 386}},
        Usage(input=1, output=388, reasoning=386),
    ),
    "DeepSeek": (
        {
            "prompt_tokens": 100,
            "completion_tokens": 7,
            "total_tokens": 107,
            "prompt_cache_hit_tokens": 64,
            "prompt_cache_miss_tokens": 36,
        },
        Usage(input=36, cached_input=64, output=7),
    ),
    "OpenRouter, its cost left aside": (
        {
            "prompt_tokens": 50,
            "completion_tokens": 5,
            "cost": 0.0012,
            "is_byok": False,
            "prompt_tokens_details": {"cached_tokens": 20, "cache_write_tokens": 10, "audio_tokens": 0},
            "server_tool_use": {"web_search_requests": 3},
        },
        Usage(input=20, cached_input=20, cache_write=10, output=5, server_tools={"web_search": 3}),
    ),
    "audio": (
        {
            "prompt_tokens": 100,
            "completion_tokens": 50,
            "prompt_tokens_details": {"audio_tokens": 80, "image_tokens": 10, "text_tokens": 10},
            "completion_tokens_details": {"audio_tokens": 40},
        },
        Usage(input=100, output=50, audio_input=80, image_input=10, audio_output=40),
    ),
    "media are never more than what is fresh": (
        {
            "prompt_tokens": 100,
            "completion_tokens": 0,
            "prompt_tokens_details": {"audio_tokens": 80, "image_tokens": 20, "cached_tokens": 90},
        },
        Usage(input=10, cached_input=90, audio_input=10),
    ),
    "null details": (
        {"prompt_tokens": 1, "completion_tokens": 2, "prompt_tokens_details": None},
        Usage(input=1, output=2),
    ),
    "whole numbers with a point": (
        {"prompt_tokens": 3.0, "completion_tokens": 4.0},
        Usage(input=3, output=4),
    ),
    "the image API's words": (
        {
            "input_tokens": 50,
            "output_tokens": 60,
            "input_tokens_details": {"image_tokens": 40, "text_tokens": 10},
        },
        Usage(input=50, output=60, image_input=40),
    ),
    "null": (None, None),
    "empty": ({}, None),
    "half": ({"prompt_tokens": 9}, None),
    "the other half": ({"completion_tokens": 9}, None),
    "half of it null": ({"prompt_tokens": 9, "completion_tokens": None}, None),
}


@pytest.mark.parametrize("name", CHAT_USAGES)
def test_chat(name: str) -> None:
    stated, usage = CHAT_USAGES[name]
    assert usage_of(CHAT, stated) == usage


RESPONSES_USAGES: dict[str, tuple[dict[str, Any], Usage | None]] = {
    "plain": (
        {
            "usage": {
                "input_tokens": 36,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 87,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 123,
            }
        },
        Usage(input=36, output=87),
    ),
    "cached, written and reasoned": (
        {
            "usage": {
                "input_tokens": 18014,
                "input_tokens_details": {
                    "cached_tokens": 3,
                    "cache_write_tokens": 18000,
                    "cache_write_tokens_details": {"ttl_30m_tokens": 0, "ttl_12h_tokens": 18000},
                },
                "output_tokens": 20,
                "output_tokens_details": {"reasoning_tokens": 16},
            },
            "service_tier": "priority",
        },
        Usage(input=11, cached_input=3, cache_write=18000, output=20, reasoning=16, service_tier="priority"),
    ),
    "tools in the output": (
        {
            "usage": {"input_tokens": 1, "output_tokens": 1},
            "output": [
                {"type": "web_search_call", "action": {"type": "search"}},
                {"type": "web_search_call", "action": {"type": "open_page"}},
                {"type": "web_search_call"},
                {"type": "file_search_call"},
                {"type": "code_interpreter_call"},
                {"type": "image_generation_call"},
                {"type": "function_call"},
                {"type": "message"},
            ],
        },
        Usage(
            input=1,
            output=1,
            server_tools={"web_search": 2, "file_search": 1, "code_interpreter": 1, "image_generation": 1},
        ),
    ),
    "billed searches as stated": (
        {
            "usage": {"input_tokens": 1, "output_tokens": 1},
            "output": [{"type": "web_search_call", "action": {"type": "search"}}] * 3,
            "tool_usage": {"web_search": {"num_requests": 2}, "image_gen": {"input_tokens": 0}},
        },
        Usage(input=1, output=1, server_tools={"web_search": 2}),
    ),
    "no tool used": (
        {
            "usage": {"input_tokens": 1, "output_tokens": 1},
            "tool_usage": {"web_search": {"num_requests": 0}},
        },
        Usage(input=1, output=1),
    ),
    "failed": ({"status": "failed", "error": {"code": "server_error"}, "usage": None}, None),
}


@pytest.mark.parametrize("name", RESPONSES_USAGES)
def test_responses(name: str) -> None:
    answer, usage = RESPONSES_USAGES[name]
    reading = read(RESPONSES, answer)
    assert (reading.usage, reading.impossible, reading.finished) == (usage, None, True)


@pytest.mark.parametrize("status", ["queued", "in_progress"])
def test_a_response_in_the_background_is_not_finished(status: str) -> None:
    assert not read(RESPONSES, {"status": status, "usage": None, "model": "m"}).finished
