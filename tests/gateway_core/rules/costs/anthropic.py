"""Messages as Anthropic counts them. Prices: platform.claude.com/docs/en/about-claude/pricing."""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName, Operation
from tests.gateway_core.rules.costs.shape import MILLION, D, Json, Shape, messages_stream

DOCS = "https://platform.claude.com/docs/en"
CACHING = f"{DOCS}/build-with-claude/prompt-caching"
STREAMING = f"{DOCS}/build-with-claude/streaming"
THINKING = f"{DOCS}/build-with-claude/extended-thinking"
BATCH = f"{DOCS}/build-with-claude/batch-processing"
GEO = f"{DOCS}/manage-claude/data-residency"
FAST = f"{DOCS}/build-with-claude/fast-mode"
SEARCH = f"{DOCS}/agents-and-tools/tool-use/web-search-tool"
COMPACTION = f"{DOCS}/build-with-claude/compaction-threshold"
ADVISOR = f"{DOCS}/agents-and-tools/tool-use/advisor-tool"
FALLBACK = f"{DOCS}/build-with-claude/refusals-and-fallback"
COUNTING = f"{DOCS}/build-with-claude/token-counting"
LONG = f"{DOCS}/about-claude/pricing (long context)"

CLAUDE = {
    "input": "3",
    "output": "15",
    "cached_input": "0.3",
    "cache_write": "3.75",
    "cache_write_1h": "6",
    "per_call": {"web_search": "0.01"},
}
OPUS = {"input": "5", "output": "25", "cached_input": "0.5", "cache_write": "6.25"}
TIERED = {
    **CLAUDE,
    "tiers": [
        {
            "above": 200_000, "input": "6", "output": "22.5", "cached_input": "0.6",
            "cache_write": "7.5", "cache_write_1h": "12",
        }
    ],
}  # fmt: skip
SERVED = {**CLAUDE, "batch": "0.5", "fast": "6", "priority": "1.5", "us": "1.1"}


def message(usage: Json, **beside: Any) -> Json:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": [{"type": "text", "text": "Hello"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": usage,
        **beside,
    }


def usage(fresh: int, made: int, *, read: int = 0, minutes: int = 0, hour: int = 0, **beside: Any) -> Json:
    return {
        "input_tokens": fresh,
        "cache_creation_input_tokens": minutes + hour,
        "cache_read_input_tokens": read,
        "cache_creation": {"ephemeral_5m_input_tokens": minutes, "ephemeral_1h_input_tokens": hour},
        "output_tokens": made,
        "service_tier": "standard",
        **beside,
    }


def _step(kind: str, fresh: int, made: int, *, read: int = 0, minutes: int = 0, **beside: Any) -> Json:
    return {
        "type": kind,
        "input_tokens": fresh,
        "output_tokens": made,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": minutes,
        "cache_creation": {"ephemeral_5m_input_tokens": minutes, "ephemeral_1h_input_tokens": 0},
        **beside,
    }


def _shape(
    name: str, source: str, price: Json, stated: Json, dollars: D, *columns: int, **more: Any
) -> Shape:
    fresh, read, minutes, hour, made, thinking = columns
    return Shape(
        name, source, "anthropic", DialectName.ANTHROPIC, price, message(stated), dollars,
        (fresh, read, minutes, hour, made, thinking), stream=messages_stream, **more,
    )  # fmt: skip


SHAPES = (
    _shape(
        "plain", STREAMING, CLAUDE, usage(25, 15),
        25 * D(3) / MILLION + 15 * D(15) / MILLION, 25, 0, 0, 0, 15, 0,
    ),
    _shape(
        "two counts alone", STREAMING, CLAUDE, {"input_tokens": 25, "output_tokens": 15},
        25 * D(3) / MILLION + 15 * D(15) / MILLION, 25, 0, 0, 0, 15, 0,
    ),
    _shape(
        "read from the cache, beside the input", CACHING, CLAUDE, usage(50, 503, read=100_000),
        50 * D(3) / MILLION + 100_000 * D("0.3") / MILLION + 503 * D(15) / MILLION, 50, 100_000, 0, 0, 503, 0,
    ),
    _shape(
        "written for five minutes", CACHING, CLAUDE, usage(21, 393, minutes=188_086),
        21 * D(3) / MILLION + 188_086 * D("3.75") / MILLION + 393 * D(15) / MILLION,
        21, 0, 188_086, 0, 393, 0,
    ),
    _shape(
        "written for both lives and read", CACHING, CLAUDE,
        usage(2048, 503, read=1800, minutes=148, hour=100),
        2048 * D(3) / MILLION + 1800 * D("0.3") / MILLION + 148 * D("3.75") / MILLION
        + 100 * D(6) / MILLION + 503 * D(15) / MILLION,
        2048, 1800, 148, 100, 503, 0,
    ),
    _shape(
        "written for a life that is not told", CACHING, CLAUDE,
        {**usage(21, 393, minutes=1000), "cache_creation": None},
        21 * D(3) / MILLION + 1000 * D("3.75") / MILLION + 393 * D(15) / MILLION, 21, 0, 1000, 0, 393, 0,
    ),
    _shape(
        "written for an hour without a price for it", CACHING,
        {"input": "3", "output": "15", "cache_write": "3.75"}, usage(21, 10, hour=1000),
        21 * D(3) / MILLION + 1000 * D("3.75") / MILLION + 10 * D(15) / MILLION, 21, 0, 0, 1000, 10, 0,
    ),
    _shape(
        "cached and written without prices for it", CACHING, {"input": "3", "output": "15"},
        usage(21, 10, read=500, minutes=300, hour=200),
        (21 + 500 + 300 + 200) * D(3) / MILLION + 10 * D(15) / MILLION, 21, 500, 300, 200, 10, 0,
    ),
    _shape(
        "thinking within the output", THINKING, CLAUDE,
        usage(25, 2400, output_tokens_details={"thinking_tokens": 2000}),
        25 * D(3) / MILLION + 2400 * D(15) / MILLION, 25, 0, 0, 0, 2400, 2000,
    ),
    _shape(
        "searches at a cent, fetches free", SEARCH, CLAUDE,
        usage(6039, 931, server_tool_use={"web_search_requests": 3, "web_fetch_requests": 2}),
        6039 * D(3) / MILLION + 931 * D(15) / MILLION + 3 * D("0.01"), 6039, 0, 0, 0, 931, 0,
        asked={"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
    ),
    _shape(
        "at the mark of the long context", LONG, TIERED, usage(1, 10, read=199_998, hour=1),
        1 * D(3) / MILLION + 199_998 * D("0.3") / MILLION + 1 * D(6) / MILLION + 10 * D(15) / MILLION,
        1, 199_998, 0, 1, 10, 0,
    ),
    _shape(
        "one written token above it", LONG, TIERED, usage(1, 10, read=199_998, minutes=1, hour=1),
        1 * D(6) / MILLION + 199_998 * D("0.6") / MILLION + 1 * D("7.5") / MILLION + 1 * D(12) / MILLION
        + 10 * D("22.5") / MILLION,
        1, 199_998, 1, 1, 10, 0,
    ),
    _shape(
        "a batch", BATCH, SERVED, usage(1001, 11, read=7, service_tier="batch"),
        (1001 * D(3) / MILLION + 7 * D("0.3") / MILLION + 11 * D(15) / MILLION) * D("0.5"),
        1001, 7, 0, 0, 11, 0,
    ),
    _shape(
        "fast mode", FAST, SERVED, usage(1001, 11, minutes=100, speed="fast"),
        (1001 * D(3) / MILLION + 100 * D("3.75") / MILLION + 11 * D(15) / MILLION) * 6,
        1001, 0, 100, 0, 11, 0, asked={"speed": "fast"},
    ),
    _shape(
        "fast mode asked, the usual one served", FAST, SERVED, usage(1001, 11, speed="standard"),
        1001 * D(3) / MILLION + 11 * D(15) / MILLION, 1001, 0, 0, 0, 11, 0, asked={"speed": "fast"},
    ),
    _shape(
        "run in the US", GEO, SERVED,
        usage(1001, 11, read=50, hour=7, inference_geo="us", server_tool_use={"web_search_requests": 2}),
        # The factor is on tokens; a search costs what it costs.
        (1001 * D(3) + 50 * D("0.3") + 7 * D(6) + 11 * D(15)) / MILLION * D("1.1") + 2 * D("0.01"),
        1001, 50, 0, 7, 11, 0, asked={"inference_geo": "us"},
    ),
    _shape(
        "run in the US, fast", GEO, SERVED, usage(1001, 11, speed="fast", inference_geo="us"),
        (1001 * D(3) + 11 * D(15)) / MILLION * 6 * D("1.1"),
        1001, 0, 0, 0, 11, 0, asked={"speed": "fast"},
    ),
    _shape(
        "asked to run in the US, and nobody says where it did", GEO, SERVED, usage(1001, 11),
        (1001 * D(3) + 11 * D(15)) / MILLION * D("1.1"), 1001, 0, 0, 0, 11, 0, asked={"inference_geo": "us"},
    ),
    _shape(
        "run anywhere", GEO, SERVED, usage(1001, 11, inference_geo="global"),
        (1001 * D(3) + 11 * D(15)) / MILLION, 1001, 0, 0, 0, 11, 0, asked={"inference_geo": "us"},
    ),
    _shape(
        "compaction is billed on top", COMPACTION, TIERED,
        usage(
            23_000, 1000,
            iterations=[_step("compaction", 180_000, 3500), _step("message", 23_000, 1000)],
        ),
        # Together above the mark of the long context, but each step is a call of its own.
        180_000 * D(3) / MILLION + 3500 * D(15) / MILLION + 23_000 * D(3) / MILLION + 1000 * D(15) / MILLION,
        203_000, 0, 0, 0, 4500, 0,
    ),
    _shape(
        "compaction above the mark, the answer below", COMPACTION, TIERED,
        usage(
            23_000, 1000,
            iterations=[_step("compaction", 250_000, 3500), _step("message", 23_000, 1000, read=40)],
        ),
        250_000 * D(6) / MILLION + 3500 * D("22.5") / MILLION
        + 23_000 * D(3) / MILLION + 40 * D("0.3") / MILLION + 1000 * D(15) / MILLION,
        273_000, 40, 0, 0, 4500, 0,
    ),
    _shape(
        "turns of a server tool are billed one by one", SEARCH, CLAUDE,
        usage(
            300, 90, read=2000, minutes=1000, server_tool_use={"web_search_requests": 1},
            iterations=[
                _step("message", 100, 40, minutes=1000), _step("message", 200, 50, read=2000),
            ],
        ),
        300 * D(3) / MILLION + 2000 * D("0.3") / MILLION + 1000 * D("3.75") / MILLION + 90 * D(15) / MILLION
        + D("0.01"),
        300, 2000, 1000, 0, 90, 0,
    ),
    _shape(
        "an advisor costs as the model that it is", ADVISOR, CLAUDE,
        usage(
            412, 531,
            iterations=[
                _step("message", 206, 89),
                _step("advisor_message", 823, 1612, model="claude-opus-4-8-advising"),
                _step("message", 206, 442, read=1000),
            ],
        ),
        206 * D(3) / MILLION + 89 * D(15) / MILLION
        + 823 * D(5) / MILLION + 1612 * D(25) / MILLION
        + 206 * D(3) / MILLION + 1000 * D("0.3") / MILLION + 442 * D(15) / MILLION,
        1235, 1000, 0, 0, 2143, 0, others={"claude-opus-4-8-advising": OPUS},
        asked={"tools": [{"type": "advisor_20260301", "name": "advisor"}]},
    ),
    _shape(
        "a fallback costs as the model that it is", FALLBACK, CLAUDE,
        usage(
            500, 120,
            iterations=[
                _step("message", 480, 1),
                _step("fallback_message", 500, 120, minutes=200, model="claude-opus-4-8-falling"),
            ],
        ),
        480 * D(3) / MILLION + 1 * D(15) / MILLION
        + 500 * D(5) / MILLION + 200 * D("6.25") / MILLION + 120 * D(25) / MILLION,
        980, 0, 200, 0, 121, 0, others={"claude-opus-4-8-falling": OPUS},
    ),
    _shape(
        "one iteration is the call itself", COMPACTION, CLAUDE,
        usage(25, 15, iterations=[_step("message", 25, 15)]),
        25 * D(3) / MILLION + 15 * D(15) / MILLION, 25, 0, 0, 0, 15, 0,
    ),
    _shape("nothing said", STREAMING, CLAUDE, usage(25, 0), 25 * D(3) / MILLION, 25, 0, 0, 0, 0, 0),
    Shape(
        "a count is free", COUNTING, "anthropic", DialectName.ANTHROPIC, CLAUDE, {"input_tokens": 2095}, D(0),
        (0, 0, 0, 0, 0, 0), operation=Operation.COUNT,
    ),
)  # fmt: skip
