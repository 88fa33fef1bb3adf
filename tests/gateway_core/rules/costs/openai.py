"""Chat completions and embeddings as OpenAI counts them.

Prices are those of its price list where a model has them: developers.openai.com/api/docs/pricing.
"""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName, Operation
from tests.gateway_core.rules.costs.shape import MILLION, D, Json, Shape, chat_stream

OBJECT = "https://developers.openai.com/api/reference/resources/chat (the chat completion object)"
CACHING = "https://developers.openai.com/api/docs/guides/prompt-caching"
AUDIO = "https://developers.openai.com/api/docs/guides/audio"
FLEX = "https://developers.openai.com/api/docs/guides/flex-processing"
PRIORITY = "https://developers.openai.com/api/docs/guides/priority-processing"
LONG = "https://developers.openai.com/api/docs/pricing (prompts above 272K input tokens)"
EMBEDDINGS = "https://developers.openai.com/api/reference/resources/embeddings"

GPT = {"input": "1.25", "output": "10", "cached_input": "0.125"}
WRITING = {"input": "5", "output": "30", "cached_input": "0.5", "cache_write": "6.25"}
SPOKEN = {"input": "2.5", "output": "10", "audio_input": "40", "audio_output": "80"}
SEEN = {"input": "5", "output": "10", "cached_input": "1.25", "image_input": "8", "image_output": "32"}
TIERED = {
    "input": "2.5",
    "output": "15",
    "cached_input": "0.25",
    "tiers": [{"above": 272_000, "input": "5", "output": "22.5", "cached_input": "0.5"}],
}
SERVED = {**GPT, "flex": "0.5", "priority": "2", "batch": "0.5"}


def completion(usage: Json, **beside: Any) -> Json:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": "Hello", "refusal": None},
        "finish_reason": "stop",
    }
    return {
        "id": "chatcmpl-9",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": "gpt-5-mini-2025-08-07",
        "choices": [choice],
        "usage": usage,
        **beside,
    }


def usage(prompt: int, out: int, given: Json | None = None, made: Json | None = None) -> Json:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": out,
        "total_tokens": prompt + out,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0, **(given or {})},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0, **(made or {})},
    }


def _chat(name: str, source: str, price: Json, answer: Json, dollars: D, *columns: int, **more: Any) -> Shape:
    input, cached, written, out, reasoning = columns
    return Shape(
        name, source, "openai", DialectName.OPENAI_CHAT, price, answer, dollars,
        (input, cached, written, 0, out, reasoning), stream=chat_stream, **more,
    )  # fmt: skip


def _embedding(name: str, stated: Json, dollars: D, count: int) -> Shape:
    vectors = {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.1]}]}
    return Shape(
        name, EMBEDDINGS, "openai", DialectName.OPENAI_CHAT, {"input": "0.02"},
        {**vectors, "model": "text-embedding-3-small", "usage": stated}, dollars,
        (count, 0, 0, 0, 0, 0), operation=Operation.EMBED,
    )  # fmt: skip


SHAPES = (
    _chat(
        "plain", OBJECT, GPT, completion(usage(19, 10)),
        19 * D("1.25") / MILLION + 10 * D(10) / MILLION, 19, 0, 0, 10, 0,
    ),
    _chat(
        "without details", OBJECT, GPT,
        completion({"prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29}),
        19 * D("1.25") / MILLION + 10 * D(10) / MILLION, 19, 0, 0, 10, 0,
    ),
    _chat(
        "details are null", OBJECT, GPT,
        completion({**usage(19, 10), "prompt_tokens_details": None, "completion_tokens_details": None}),
        19 * D("1.25") / MILLION + 10 * D(10) / MILLION, 19, 0, 0, 10, 0,
    ),
    _chat(
        "cached within the prompt", CACHING, GPT, completion(usage(2006, 300, {"cached_tokens": 1920})),
        86 * D("1.25") / MILLION + 1920 * D("0.125") / MILLION + 300 * D(10) / MILLION, 86, 1920, 0, 300, 0,
    ),
    _chat(
        "cached without a cached price", CACHING, {"input": "1.25", "output": "10"},
        completion(usage(2006, 300, {"cached_tokens": 1920})),
        2006 * D("1.25") / MILLION + 300 * D(10) / MILLION, 86, 1920, 0, 300, 0,
    ),
    _chat(
        "written and cached within the prompt", CACHING, WRITING,
        completion(usage(5000, 40, {"cached_tokens": 1024, "cache_write_tokens": 3000})),
        976 * D(5) / MILLION + 1024 * D("0.5") / MILLION + 3000 * D("6.25") / MILLION + 40 * D(30) / MILLION,
        976, 1024, 3000, 40, 0,
    ),
    _chat(
        "written without a price for it", CACHING, GPT,
        completion(usage(5000, 40, {"cache_write_tokens": 3000})),
        5000 * D("1.25") / MILLION + 40 * D(10) / MILLION, 2000, 0, 3000, 40, 0,
    ),
    _chat(
        "reasoning within the output", OBJECT, GPT,
        completion(usage(75, 1186, None, {"reasoning_tokens": 1024})),
        75 * D("1.25") / MILLION + 1186 * D(10) / MILLION, 75, 0, 0, 1186, 1024,
    ),
    _chat(
        "predictions that were rejected are output", OBJECT, GPT,
        completion(
            usage(19, 60, None, {"accepted_prediction_tokens": 8, "rejected_prediction_tokens": 40})
        ),
        19 * D("1.25") / MILLION + 60 * D(10) / MILLION, 19, 0, 0, 60, 0,
    ),
    _chat(
        "spoken both ways", AUDIO, SPOKEN,
        completion(usage(130, 250, {"audio_tokens": 100}, {"audio_tokens": 200, "text_tokens": 50})),
        30 * D("2.5") / MILLION + 100 * D(40) / MILLION + 50 * D(10) / MILLION + 200 * D(80) / MILLION,
        130, 0, 0, 250, 0,
    ),
    _chat(
        "spoken without prices for audio", AUDIO, GPT,
        completion(usage(130, 250, {"audio_tokens": 100}, {"audio_tokens": 200})),
        130 * D("1.25") / MILLION + 250 * D(10) / MILLION, 130, 0, 0, 250, 0,
    ),
    _chat(
        "images fresh and cached", OBJECT, SEEN,
        completion(usage(1000, 20, {"image_tokens": 600, "cached_tokens": 300, "text_tokens": 400})),
        # What was cached costs cached_input whatever it shows; of the 700 fresh ones 600 are an image.
        100 * D(5) / MILLION + 600 * D(8) / MILLION + 300 * D("1.25") / MILLION + 20 * D(10) / MILLION,
        700, 300, 0, 20, 0,
    ),
    _chat(
        "at the mark of a tier", LONG, TIERED, completion(usage(272_000, 100, {"cached_tokens": 200_000})),
        72_000 * D("2.5") / MILLION + 200_000 * D("0.25") / MILLION + 100 * D(15) / MILLION,
        72_000, 200_000, 0, 100, 0,
    ),
    _chat(
        "one token above it", LONG, TIERED, completion(usage(272_001, 100, {"cached_tokens": 200_000})),
        72_001 * D(5) / MILLION + 200_000 * D("0.5") / MILLION + 100 * D("22.5") / MILLION,
        72_001, 200_000, 0, 100, 0,
    ),
    _chat(
        "flex", FLEX, SERVED, completion(usage(1001, 11, {"cached_tokens": 500}), service_tier="flex"),
        (501 * D("1.25") / MILLION + 500 * D("0.125") / MILLION + 11 * D(10) / MILLION) * D("0.5"),
        501, 500, 0, 11, 0, asked={"service_tier": "flex"},
    ),
    _chat(
        "priority by the project, unasked", PRIORITY, SERVED,
        completion(usage(1001, 11), service_tier="priority"),
        (1001 * D("1.25") / MILLION + 11 * D(10) / MILLION) * 2, 1001, 0, 0, 11, 0,
        asked={"service_tier": "auto"},
    ),
    _chat(
        "priority asked, the default one served", PRIORITY, SERVED,
        completion(usage(1001, 11), service_tier="default"),
        1001 * D("1.25") / MILLION + 11 * D(10) / MILLION, 1001, 0, 0, 11, 0,
        asked={"service_tier": "priority"},
    ),
    _chat(
        "the tier asked for where none is told", PRIORITY, SERVED, completion(usage(1001, 11)),
        (1001 * D("1.25") / MILLION + 11 * D(10) / MILLION) * 2, 1001, 0, 0, 11, 0,
        asked={"service_tier": "priority"},
    ),
    _chat(
        "two choices are counted together", OBJECT, GPT, completion(usage(19, 120)),
        19 * D("1.25") / MILLION + 120 * D(10) / MILLION, 19, 0, 0, 120, 0, asked={"n": 2},
    ),
    _chat(
        "an explicit zero", OBJECT, GPT, completion(usage(19, 0)), 19 * D("1.25") / MILLION, 19, 0, 0, 0, 0,
    ),
    _chat(
        "less than a nano-dollar", OBJECT, {"input": "0.0001", "output": "0.0003"}, completion(usage(3, 1)),
        # 0.0000000006 of a dollar: rounded up, once.
        3 * D("0.0001") / MILLION + 1 * D("0.0003") / MILLION, 3, 0, 0, 1, 0,
    ),
    _embedding("embedding", {"prompt_tokens": 8, "total_tokens": 8}, 8 * D("0.02") / MILLION, 8),
    _embedding("embeddings of a batch", {"prompt_tokens": 81_920, "total_tokens": 81_920},
               81_920 * D("0.02") / MILLION, 81_920),
)  # fmt: skip
