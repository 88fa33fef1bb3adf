"""What messages refuse. Sources: platform.claude.com/docs/en/api/messages, its pages on tool use, extended
thinking, prompt caching and API versioning, and the API's own messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gateway_core.simulated.strict import Json, first_twice, images, objects, refuse, unknown
from gateway_core.simulated.strict.signatures import is_signature, signs

_KNOWN = frozenset(
    {
        "model", "messages", "max_tokens", "cache_control", "container", "context_management",
        "diagnostics", "fallbacks", "inference_geo", "mcp_servers", "metadata", "output_config",
        "output_format", "service_tier", "speed", "stop_sequences", "stream", "system", "temperature",
        "thinking", "thread", "tool_choice", "tools", "top_k", "top_p", "user_profile_id", "workspace_id",
    }
)  # fmt: skip
_MOST_MARKS = 4
_LEAST_BUDGET = 1024
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}\Z")


def check(body: Json) -> None:
    """Raises ParamRefusal 400 for a request that Anthropic would refuse."""
    if name := unknown(body, _KNOWN):
        raise refuse(f"{name}: Extra inputs are not permitted", name)
    _check_ranges(body)
    _check_thinking(body)
    _check_tools(body)
    messages = objects(body.get("messages"))
    _check_blocks(body, messages)
    _check_latest(messages)
    if "thread" not in body:
        _check_rounds(messages)


def _check_ranges(body: Json) -> None:
    """Both go from 0 to 1, says `MessageCreateParams` of the SDK."""
    for name in ("temperature", "top_p"):
        value = body.get(name)
        if isinstance(value, int | float) and not 0 <= value <= 1:
            raise refuse(f"{name}: range: 0..1", name)


def _check_thinking(body: Json) -> None:
    thinking = body.get("thinking") or {}
    if thinking.get("type") not in ("enabled", "adaptive"):
        return
    budget = thinking.get("budget_tokens")
    if isinstance(budget, int) and budget < _LEAST_BUDGET:
        raise refuse(
            f"thinking.enabled.budget_tokens: Input should be greater than or equal to {_LEAST_BUDGET}",
            "thinking",
        )
    if body.get("temperature") not in (None, 1):
        raise refuse("`temperature` may only be set to 1 when thinking is enabled.", "temperature")
    if (body.get("tool_choice") or {}).get("type") in ("any", "tool"):
        raise refuse("Thinking may not be enabled when tool_choice forces tool use.", "tool_choice")


def _check_tools(body: Json) -> None:
    names = [str(tool.get("name")) for tool in objects(body.get("tools")) if tool.get("input_schema")]
    if first_twice(names):
        raise refuse("tools: Tool names must be unique.", "tools")
    for at, name in enumerate(names):
        if not _NAME.match(name):
            raise refuse(
                f"tools.{at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'", "tools"
            )


def _check_blocks(body: Json, messages: list[Json]) -> None:
    marks = sum("cache_control" in tool for tool in objects(body.get("tools")))
    marks += sum("cache_control" in block for block in objects(body.get("system")))
    for at, message in enumerate(messages):
        for place, block in enumerate(objects(message.get("content"))):
            marks += "cache_control" in block
            _check_block(block, f"messages.{at}.content.{place}")
    if marks > _MOST_MARKS:
        raise refuse(f"A maximum of {_MOST_MARKS} blocks with cache_control may be provided. Found {marks}.")


def _check_block(block: Json, where: str) -> None:
    images.check_anthropic(block, where)
    if block.get("type") == "text" and not str(block.get("text") or ""):
        raise refuse("messages: text content blocks must be non-empty", where)
    if block.get("type") != "thinking":
        return
    signature = block.get("signature")
    if signature is None:
        raise refuse(f"{where}.thinking.signature: Field required", where)
    if not is_signature(signature):
        raise refuse(f"{where}: Invalid `signature` in `thinking` block", where)


def _check_latest(messages: list[Json]) -> None:
    """The thinking of the latest answer comes back as it was."""
    last = max((at for at, each in enumerate(messages) if each.get("role") == "assistant"), default=None)
    for place, block in enumerate(objects(messages[last].get("content")) if last is not None else []):
        if block.get("type") == "thinking" and not signs(block["signature"], str(block.get("thinking"))):
            raise refuse(
                f"messages.{last}.content.{place}: `thinking` or `redacted_thinking` blocks in the latest "
                "assistant message cannot be modified. These blocks must remain as they were in the original "
                "response."
            )


def _check_rounds(messages: list[Json]) -> None:
    """Every tool use is answered in the very next message, and every result has its use there."""
    before: list[str] = []
    for at, message in enumerate(messages):
        if message.get("role") == "system":
            continue
        results = list(_ids(message, "tool_result", "tool_use_id"))
        for id in results:
            if id not in before:
                raise refuse(
                    f"messages.{at}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {id}. "
                    "Each `tool_result` block must have a corresponding `tool_use` block in the previous "
                    "message."
                )
        _all_answered(before, results, at)
        before = list(_ids(message, "tool_use", "id"))
    _all_answered(before, [], len(messages))


def _ids(message: Json, kind: str, name: str) -> Iterator[Any]:
    yield from (block.get(name) for block in objects(message.get("content")) if block.get("type") == kind)


def _all_answered(uses: list[str], results: list[str], at: int) -> None:
    if missing := [id for id in uses if id not in results]:
        raise refuse(
            f"messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{missing[0]}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
            "message."
        )
