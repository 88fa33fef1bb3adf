"""Answers as Gemini counts them. Prices: ai.google.dev/gemini-api/docs/pricing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway_core.model.call import DialectName, Operation
from tests.gateway_core.rules.costs.shape import MILLION, D, Json, Shape, gemini_array, gemini_stream

API = "https://ai.google.dev/api/generate-content (UsageMetadata)"
DOCS = "https://ai.google.dev/gemini-api/docs"
CACHING = f"{DOCS}/caching"
THINKING = f"{DOCS}/thinking"
PRICING = f"{DOCS}/pricing"
SEARCH = f"{DOCS}/google-search"
URLS = f"{DOCS}/url-context"
SPEECH = f"{DOCS}/speech-generation"
PRIORITY = f"{DOCS}/priority-inference"
FLEX = f"{DOCS}/flex-inference"
EMBEDDINGS = f"{DOCS}/embeddings"
VERTEX = "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest (TrafficType)"

FLASH = {"input": "0.3", "output": "2.5", "cached_input": "0.03", "audio_input": "1"}
PRO = {
    "input": "1.25",
    "output": "10",
    "cached_input": "0.125",
    "per_call": {"web_search": "0.035"},
    "tiers": [{"above": 200_000, "input": "2.5", "output": "15", "cached_input": "0.25"}],
}
THIRD = {"input": "2", "output": "12", "cached_input": "0.2", "per_call": {"web_search": "0.014"}}
PAINTER = {"input": "0.3", "output": "2.5", "image_output": "30"}
SPEAKER = {"input": "0.5", "output": "2", "audio_output": "10"}
SERVED = {**FLASH, "flex": "0.5", "priority": "1.8"}


def answer(usage: Json, *, model: str = "gemini-2.5-flash", **candidate: Any) -> Json:
    said = {"content": {"parts": [{"text": "Hello"}], "role": "model"}, "finishReason": "STOP", "index": 0}
    return {"candidates": [{**said, **candidate}], "usageMetadata": usage, "modelVersion": model}


def usage(prompt: int, made: int, *, thoughts: int = 0, cached: int = 0, tools: int = 0, **more: Any) -> Json:
    stated = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": made,
        "totalTokenCount": prompt + made + thoughts + tools,
    }
    told = {
        "thoughtsTokenCount": thoughts,
        "cachedContentTokenCount": cached,
        "toolUsePromptTokenCount": tools,
    }
    # A count of zero is left out.
    return {**stated, **{name: count for name, count in told.items() if count}, **more}


def _by(**counts: int) -> list[Json]:
    return [{"modality": name.upper(), "tokenCount": count} for name, count in counts.items()]


def _shape(name: str, source: str, price: Json, whole: Json, dollars: D, *columns: int, **more: Any) -> Shape:
    fresh, cached, made, thoughts = columns
    return Shape(
        name, source, "gemini", DialectName.GEMINI, price, whole, dollars,
        (fresh, cached, 0, 0, made, thoughts), **{"stream": gemini_stream, **more},
    )  # fmt: skip


_PLAIN = _shape(
    "plain", API, FLASH, answer(usage(4, 8)), 4 * D("0.3") / MILLION + 8 * D("2.5") / MILLION, 4, 0, 8, 0
)
_QUERIES = {"groundingMetadata": {"webSearchQueries": ["rivers", "longest river", "rivers", ""]}}

SHAPES = (
    _PLAIN,
    replace(_PLAIN, name="plain, as an array", stream=gemini_array),
    _shape(
        "cached within the prompt", CACHING, FLASH, answer(usage(696_219, 214, cached=696_190)),
        29 * D("0.3") / MILLION + 696_190 * D("0.03") / MILLION + 214 * D("2.5") / MILLION,
        29, 696_190, 214, 0, asked={"cachedContent": "cachedContents/abc"},
    ),
    _shape(
        "thoughts beside the candidates", THINKING, FLASH, answer(usage(10, 20, thoughts=500)),
        10 * D("0.3") / MILLION + (20 + 500) * D("2.5") / MILLION, 10, 0, 520, 500,
    ),
    _shape(
        "what tools brought in is input", URLS, FLASH, answer(usage(27, 45, thoughts=31, tools=10_309)),
        (27 + 10_309) * D("0.3") / MILLION + (45 + 31) * D("2.5") / MILLION, 10_336, 0, 76, 31,
        asked={"tools": [{"urlContext": {}}]},
    ),
    _shape(
        "heard", PRICING, FLASH, answer(usage(1050, 10, promptTokensDetails=_by(text=50, audio=1000))),
        50 * D("0.3") / MILLION + 1000 * D(1) / MILLION + 10 * D("2.5") / MILLION, 1050, 0, 10, 0,
    ),
    _shape(
        "heard, half of it from the cache", PRICING, FLASH,
        answer(
            usage(
                1050, 10, cached=600, promptTokensDetails=_by(text=50, audio=1000),
                cacheTokensDetails=_by(audio=600),
            )
        ),
        # Cached tokens cost cached_input whatever they hold.
        50 * D("0.3") / MILLION + 400 * D(1) / MILLION + 600 * D("0.03") / MILLION + 10 * D("2.5") / MILLION,
        450, 600, 10, 0,
    ),
    _shape(
        "seen", PRICING, FLASH, answer(usage(308, 10, promptTokensDetails=_by(text=50, image=258))),
        308 * D("0.3") / MILLION + 10 * D("2.5") / MILLION, 308, 0, 10, 0,
    ),
    _shape(
        "painted", PRICING, PAINTER,
        answer(usage(10, 1300, candidatesTokensDetails=_by(image=1290, text=10))),
        10 * D("0.3") / MILLION + 10 * D("2.5") / MILLION + 1290 * D(30) / MILLION, 10, 0, 1300, 0,
    ),
    _shape(
        "spoken", SPEECH, SPEAKER, answer(usage(10, 250, candidatesTokensDetails=_by(audio=250))),
        10 * D("0.5") / MILLION + 250 * D(10) / MILLION, 10, 0, 250, 0,
    ),
    _shape(
        "at the mark of the long context", PRICING, PRO, answer(usage(200_000, 10, cached=150_000)),
        50_000 * D("1.25") / MILLION + 150_000 * D("0.125") / MILLION + 10 * D(10) / MILLION,
        50_000, 150_000, 10, 0,
    ),
    _shape(
        "a token from a tool above it", PRICING, PRO, answer(usage(200_000, 10, cached=150_000, tools=1)),
        50_001 * D("2.5") / MILLION + 150_000 * D("0.25") / MILLION + 10 * D(15) / MILLION,
        50_001, 150_000, 10, 0,
    ),
    _shape(
        "searched, billed by the prompt", SEARCH, PRO,
        answer(usage(1000, 10), model="gemini-2.5-pro", **_QUERIES),
        1000 * D("1.25") / MILLION + 10 * D(10) / MILLION + D("0.035"), 1000, 0, 10, 0,
        asked={"tools": [{"googleSearch": {}}]},
    ),
    _shape(
        "searched, billed by the query", SEARCH, THIRD,
        answer(usage(1000, 10), model="gemini-3-pro-preview", **_QUERIES),
        1000 * D(2) / MILLION + 10 * D(12) / MILLION + 2 * D("0.014"), 1000, 0, 10, 0,
        asked={"tools": [{"googleSearch": {}}]},
    ),
    _shape(
        "flex by the traffic type", VERTEX, SERVED, answer(usage(1001, 11, trafficType="ON_DEMAND_FLEX")),
        (1001 * D("0.3") / MILLION + 11 * D("2.5") / MILLION) * D("0.5"), 1001, 0, 11, 0,
    ),
    _shape(
        "priority in the usage", PRIORITY, SERVED, answer(usage(1001, 11, serviceTier="priority")),
        (1001 * D("0.3") / MILLION + 11 * D("2.5") / MILLION) * D("1.8"), 1001, 0, 11, 0,
        asked={"serviceTier": "priority"},
    ),
    _shape(
        "priority asked, the standard one served", PRIORITY, SERVED,
        answer(usage(1001, 11, serviceTier="standard")),
        1001 * D("0.3") / MILLION + 11 * D("2.5") / MILLION, 1001, 0, 11, 0,
        asked={"service_tier": "SERVICE_TIER_PRIORITY"},
    ),
    _shape(
        "priority asked by its long name", PRIORITY, SERVED, answer(usage(1001, 11)),
        (1001 * D("0.3") / MILLION + 11 * D("2.5") / MILLION) * D("1.8"), 1001, 0, 11, 0,
        asked={"service_tier": "SERVICE_TIER_PRIORITY"},
    ),
    _shape(
        "priority asked, the header tells the standard one", PRIORITY, SERVED, answer(usage(1001, 11)),
        1001 * D("0.3") / MILLION + 11 * D("2.5") / MILLION, 1001, 0, 11, 0,
        asked={"serviceTier": "priority"}, headers={"x-gemini-service-tier": "standard"},
    ),
    _shape(
        "flex, the header tells", FLEX, SERVED, answer(usage(1001, 11)),
        (1001 * D("0.3") / MILLION + 11 * D("2.5") / MILLION) * D("0.5"), 1001, 0, 11, 0,
        headers={"x-gemini-service-tier": "flex"},
    ),
    _shape(
        "no candidates, only thoughts", THINKING, FLASH,
        answer({"promptTokenCount": 10, "thoughtsTokenCount": 16, "totalTokenCount": 26}),
        10 * D("0.3") / MILLION + 16 * D("2.5") / MILLION, 10, 0, 16, 16,
    ),
    _shape(
        "a prompt that was blocked", API, FLASH,
        {
            "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
            "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10},
            "modelVersion": "gemini-2.5-flash",
        },
        10 * D("0.3") / MILLION, 10, 0, 0, 0,
    ),
    _shape(
        "a count is free", API, FLASH, {"totalTokens": 31, "totalBillableCharacters": 100}, D(0), 0, 0, 0, 0,
        operation=Operation.COUNT, stream=None,
    ),
    _shape(
        "embedding", EMBEDDINGS, {"input": "0.15"},
        {"embedding": {"values": [0.1]}, "usageMetadata": {"promptTokenCount": 9}},
        9 * D("0.15") / MILLION, 9, 0, 0, 0, operation=Operation.EMBED, stream=None,
    ),
)  # fmt: skip
