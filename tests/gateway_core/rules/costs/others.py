"""Chat completions of those who follow OpenAI's format in words of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway_core.model.call import DialectName
from tests.gateway_core.rules.costs.openai import completion
from tests.gateway_core.rules.costs.responses import response
from tests.gateway_core.rules.costs.shape import (
    MILLION,
    D,
    Json,
    Shape,
    chat_stream,
    chat_stream_cumulative,
    chat_stream_groq,
    responses_stream,
)

DEEPSEEK = "https://api-docs.deepseek.com/api/create-chat-completion"
XAI = "https://docs.x.ai/developers/rate-limits (reasoning tokens cost as output and stand beside it)"
XAI_CACHE = "https://docs.x.ai/developers/advanced-api-usage/prompt-caching/usage-and-pricing"
GROQ = "https://console.groq.com/docs/api-reference (CompletionUsage)"
MISTRAL = "https://docs.mistral.ai/api (UsageInfo)"
OPENROUTER = "https://openrouter.ai/docs/use-cases/usage-accounting"
TOGETHER = "https://docs.together.ai/docs/inference/openai-compatibility"

CHEAP = {"input": "0.28", "output": "0.42", "cached_input": "0.028"}
GROK = {"input": "2", "output": "6", "cached_input": "0.5", "per_call": {"web_search": "0.005"}}


def _chat(
    provider: str, name: str, source: str, price: Json, stated: Json, dollars: D, *columns: int,
    stream: Callable[[Json], bytes] = chat_stream, **beside: Any,
) -> Shape:  # fmt: skip
    fresh, cached, written, made, reasoning = columns
    return Shape(
        name, source, provider, DialectName.OPENAI_CHAT, price, completion(stated, **beside), dollars,
        (fresh, cached, written, 0, made, reasoning), stream=stream,
        certainty="reported" if {"cost", "cost_in_usd_ticks"} & stated.keys() else "computed",
    )  # fmt: skip


_XAI_REASONED = {
    "prompt_tokens": 32,
    "completion_tokens": 9,
    "total_tokens": 135,
    "prompt_tokens_details": {"text_tokens": 32, "audio_tokens": 0, "image_tokens": 0, "cached_tokens": 6},
    "completion_tokens_details": {
        "reasoning_tokens": 94, "audio_tokens": 0,
        "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
    },
    "num_sources_used": 0,
    "cost_in_usd_ticks": 6_730_000,
}  # fmt: skip

SHAPES = (
    _chat(
        "deepseek", "hits and misses", DEEPSEEK, CHEAP,
        {
            "prompt_tokens": 2000, "completion_tokens": 300, "total_tokens": 2300,
            "prompt_cache_hit_tokens": 1536, "prompt_cache_miss_tokens": 464,
            "completion_tokens_details": {"reasoning_tokens": 200},
        },
        464 * D("0.28") / MILLION + 1536 * D("0.028") / MILLION + 300 * D("0.42") / MILLION,
        464, 1536, 0, 300, 200,
    ),
    _chat(
        "deepseek", "hits told twice are hits once", DEEPSEEK, CHEAP,
        {
            "prompt_tokens": 2000, "completion_tokens": 300, "total_tokens": 2300,
            "prompt_tokens_details": {"cached_tokens": 1536},
            "prompt_cache_hit_tokens": 1536, "prompt_cache_miss_tokens": 464,
        },
        464 * D("0.28") / MILLION + 1536 * D("0.028") / MILLION + 300 * D("0.42") / MILLION,
        464, 1536, 0, 300, 0,
    ),
    _chat(
        "xai", "reasoning beside the output", XAI, GROK, _XAI_REASONED,
        26 * D(2) / MILLION + 6 * D("0.5") / MILLION + (9 + 94) * D(6) / MILLION, 26, 6, 0, 103, 94,
    ),
    _chat(
        "xai", "no reasoning", XAI_CACHE, GROK,
        {
            "prompt_tokens": 125, "completion_tokens": 48, "total_tokens": 173,
            "prompt_tokens_details": {"text_tokens": 125, "cached_tokens": 98},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
        27 * D(2) / MILLION + 98 * D("0.5") / MILLION + 48 * D(6) / MILLION, 27, 98, 0, 48, 0,
    ),
    Shape(
        "a response with reasoning within", XAI_CACHE, "xai", DialectName.OPENAI_RESPONSES, GROK,
        response(
            {
                "input_tokens": 125, "output_tokens": 348, "total_tokens": 473,
                "input_tokens_details": {"cached_tokens": 98},
                "output_tokens_details": {"reasoning_tokens": 300},
            }
        ),
        27 * D(2) / MILLION + 98 * D("0.5") / MILLION + 348 * D(6) / MILLION,
        (27, 98, 0, 0, 348, 300), stream=responses_stream,
    ),
    _chat(
        "groq", "seconds are no tokens", GROQ, CHEAP,
        {
            "queue_time": 0.037493756, "prompt_tokens": 18, "prompt_time": 0.000680594,
            "completion_tokens": 556, "completion_time": 0.463333333, "total_tokens": 574,
            "total_time": 0.464013927, "prompt_tokens_details": {"cached_tokens": 8},
        },
        10 * D("0.28") / MILLION + 8 * D("0.028") / MILLION + 556 * D("0.42") / MILLION, 10, 8, 0, 556, 0,
        stream=chat_stream_groq, x_groq={"id": "req_1"},
    ),
    _chat(
        "mistral", "seconds of audio are null", MISTRAL, CHEAP,
        {
            "prompt_tokens": 16, "completion_tokens": 34, "total_tokens": 50, "prompt_audio_seconds": None,
        },
        16 * D("0.28") / MILLION + 34 * D("0.42") / MILLION, 16, 0, 0, 34, 0,
    ),
    _chat(
        "openrouter", "writes, reads and searches", OPENROUTER,
        {**CHEAP, "cache_write": "0.35", "per_call": {"web_search": "0.004"}},
        {
            "prompt_tokens": 194, "completion_tokens": 20, "total_tokens": 214, "cost": 0.01205712,
            "cost_details": {"upstream_inference_cost": None}, "is_byok": False,
            "prompt_tokens_details": {"cached_tokens": 50, "cache_write_tokens": 100, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 12},
            "server_tool_use": {"web_search_requests": 3},
        },
        44 * D("0.28") / MILLION + 50 * D("0.028") / MILLION + 100 * D("0.35") / MILLION
        + 20 * D("0.42") / MILLION + 3 * D("0.004"),
        44, 50, 100, 20, 12,
    ),
    _chat(
        "together", "usage with every chunk, the last one counts", TOGETHER, CHEAP,
        {"prompt_tokens": 40, "completion_tokens": 90, "total_tokens": 130},
        40 * D("0.28") / MILLION + 90 * D("0.42") / MILLION, 40, 0, 0, 90, 0, stream=chat_stream_cumulative,
    ),
    _chat(
        "together", "a fee for the request itself", TOGETHER, {**CHEAP, "per_call": {"request": "0.005"}},
        {"prompt_tokens": 40, "completion_tokens": 90, "total_tokens": 130},
        40 * D("0.28") / MILLION + 90 * D("0.42") / MILLION + D("0.005"), 40, 0, 0, 90, 0,
    ),
)  # fmt: skip
