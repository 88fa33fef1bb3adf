"""Responses as OpenAI counts them, and server tools with a fee by the call.

Fees: developers.openai.com/api/docs/pricing, built-in tools.
"""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName
from tests.gateway_core.rules.costs.openai import CACHING, FLEX, GPT, LONG, PRIORITY, SERVED, TIERED, WRITING
from tests.gateway_core.rules.costs.shape import MILLION, D, Json, Shape, responses_stream

OBJECT = "https://developers.openai.com/api/reference/resources/responses (the response object)"
TOOLS = "https://developers.openai.com/api/docs/pricing (built-in tools)"

FEES = {**GPT, "per_call": {"web_search": "0.01", "file_search": "0.0025", "code_interpreter": "0.03"}}


def response(usage: Json, **beside: Any) -> Json:
    message = {"type": "message", "id": "msg_1", "content": [{"type": "output_text", "text": "Hello"}]}
    return {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "error": None,
        "model": "gpt-5-mini-2025-08-07",
        "output": [message],
        "usage": usage,
        **beside,
    }


def usage(given: int, made: int, *, cached: int = 0, written: int = 0, reasoning: int = 0) -> Json:
    return {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written},
        "output_tokens": made,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": given + made,
    }


def _shape(
    name: str, source: str, price: Json, answer: Json, dollars: D, *columns: int, **more: Any
) -> Shape:
    input, cached, written, out, reasoning = columns
    return Shape(
        name, source, "openai", DialectName.OPENAI_RESPONSES, price, answer, dollars,
        (input, cached, written, 0, out, reasoning), stream=responses_stream, **more,
    )  # fmt: skip


def _search(action: str) -> Json:
    return {"type": "web_search_call", "id": "ws", "status": "completed", "action": {"type": action}}


def _written_for_half_a_day() -> Json:
    stated = usage(18_014, 9, cached=3, written=18_000)
    lives = {"ttl_30m_tokens": 0, "ttl_12h_tokens": 18_000}
    stated["input_tokens_details"]["cache_write_tokens_details"] = lives
    return stated


SHAPES = (
    _shape(
        "response plain", OBJECT, GPT, response(usage(37, 11)),
        37 * D("1.25") / MILLION + 11 * D(10) / MILLION, 37, 0, 0, 11, 0,
    ),
    _shape(
        "response cached, reasoning", OBJECT, GPT, response(usage(2006, 1300, cached=1920, reasoning=1024)),
        86 * D("1.25") / MILLION + 1920 * D("0.125") / MILLION + 1300 * D(10) / MILLION,
        86, 1920, 0, 1300, 1024,
    ),
    _shape(
        "response written", CACHING, WRITING, response(usage(18_014, 9, cached=3, written=18_000)),
        11 * D(5) / MILLION + 3 * D("0.5") / MILLION + 18_000 * D("6.25") / MILLION + 9 * D(30) / MILLION,
        11, 3, 18_000, 9, 0,
    ),
    _shape(
        "response written for half a day", CACHING, WRITING, response(_written_for_half_a_day()),
        11 * D(5) / MILLION + 3 * D("0.5") / MILLION + 18_000 * D("6.25") / MILLION + 9 * D(30) / MILLION,
        11, 3, 18_000, 9, 0,
    ),
    _shape(
        "response of a long context", LONG, TIERED, response(usage(300_000, 10, cached=290_000)),
        10_000 * D(5) / MILLION + 290_000 * D("0.5") / MILLION + 10 * D("22.5") / MILLION,
        10_000, 290_000, 0, 10, 0,
    ),
    _shape(
        "response flex", FLEX, SERVED, response(usage(1001, 11), service_tier="flex"),
        (1001 * D("1.25") / MILLION + 11 * D(10) / MILLION) * D("0.5"), 1001, 0, 0, 11, 0,
        asked={"service_tier": "flex"},
    ),
    _shape(
        "response priority asked, default served", PRIORITY, SERVED,
        response(usage(1001, 11), service_tier="default"),
        1001 * D("1.25") / MILLION + 11 * D(10) / MILLION, 1001, 0, 0, 11, 0,
        asked={"service_tier": "priority"},
    ),
    _shape(
        "response that searched", TOOLS, FEES,
        # Opening a page and finding in it are no searches.
        response(
            usage(1001, 11),
            output=[_search("search"), _search("open_page"), _search("find_in_page"), _search("search")],
        ),
        1001 * D("1.25") / MILLION + 11 * D(10) / MILLION + 2 * D("0.01"), 1001, 0, 0, 11, 0,
        asked={"tools": [{"type": "web_search"}]},
    ),
    _shape(
        "response that states its searches", OBJECT, FEES,
        response(
            usage(1001, 11), output=[_search("search")], tool_usage={"web_search": {"num_requests": 3}}
        ),
        1001 * D("1.25") / MILLION + 11 * D(10) / MILLION + 3 * D("0.01"), 1001, 0, 0, 11, 0,
        asked={"tools": [{"type": "web_search"}]},
    ),
    _shape(
        "response that searched files and ran code", TOOLS, FEES,
        response(
            usage(1001, 11), output=[{"type": "file_search_call"}, {"type": "code_interpreter_call"}]
        ),
        1001 * D("1.25") / MILLION + 11 * D(10) / MILLION + D("0.0025") + D("0.03"), 1001, 0, 0, 11, 0,
        asked={"tools": [{"type": "file_search"}, {"type": "code_interpreter"}]},
    ),
    _shape(
        "a service tier multiplies the fees too", TOOLS, {**FEES, "priority": "2"},
        response(usage(1000, 10), output=[_search("search")], service_tier="priority"),
        (1000 * D("1.25") / MILLION + 10 * D(10) / MILLION + D("0.01")) * 2, 1000, 0, 0, 10, 0,
        asked={"tools": [{"type": "web_search"}], "service_tier": "priority"},
    ),
    _shape(
        "response cut at its cap", OBJECT, GPT,
        response(usage(37, 16), status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
        37 * D("1.25") / MILLION + 16 * D(10) / MILLION, 37, 0, 0, 16, 0,
    ),
    _shape(
        "response that failed with usage", OBJECT, GPT,
        response(
            usage(37, 5), status="failed", error={"code": "server_error", "message": "The model failed."}
        ),
        37 * D("1.25") / MILLION + 5 * D(10) / MILLION, 37, 0, 0, 5, 0,
    ),
    _shape(
        "response of nothing", OBJECT, GPT, response(usage(37, 0)), 37 * D("1.25") / MILLION, 37, 0, 0, 0, 0,
    ),
)  # fmt: skip
