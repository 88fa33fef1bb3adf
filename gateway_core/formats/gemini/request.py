"""A request for content, a count or embeddings, read. The path names the model and wishes for a stream."""

from __future__ import annotations

import re

from gateway_core.formats.content import Content, Media, content_of
from gateway_core.formats.fields import beyond_text, candidates, cap, checked_model, length, text, whole
from gateway_core.formats.gemini.usage import tier_name
from gateway_core.formats.json_object import JsonObject, invalid, read_body, read_object
from gateway_core.formats.other import read_other
from gateway_core.model.call import ANY_THINKING, Ask, DialectName, Operation

CONFIG = ("generationConfig", "generation_config")
CAP = ("maxOutputTokens", "max_output_tokens")
_COUNT = ("candidateCount", "candidate_count")
_MODALITIES = ("responseModalities", "response_modalities")
_THINKING = ("thinkingConfig", "thinking_config")
_BUDGET = ("thinkingBudget", "thinking_budget")
_SYSTEM = ("systemInstruction", "system_instruction")
_CACHED = ("cachedContent", "cached_content")
_TIER = ("serviceTier", "service_tier")

_BESIDE = frozenset({"model", "safetySettings", "safety_settings", *_CACHED, *_TIER, "labels", "store"})
_MARKS = (b'"inlineData"', b'"inline_data"', b'"fileData"', b'"file_data"')
_FUNCTIONS = ("functionDeclarations", "function_declarations", "computerUse", "computer_use")
_SEARCHES = ("google_search", "google_search_retrieval", "enterprise_web_search")
_UPPER = re.compile(r"(?<=[a-z])([A-Z])")


def read_request(operation: Operation, body: bytes, model: str | None, stream: bool) -> Ask:
    """What the body and the path ask for. Raises Refusal 400."""
    if operation in (Operation.MODELS, Operation.OTHER):
        return read_other(DialectName.GEMINI, operation, body, model)
    if not model:
        raise invalid("the path names no model")
    found = read_body(body)
    content = content_of(found, beside=_BESIDE, marks=_MARKS, media_of=_media_of)
    if operation is Operation.GENERATE:
        return _generate(found, checked_model(model), content, stream)
    return Ask(
        DialectName.GEMINI,
        operation,
        checked_model(model),
        input_bytes=content.bytes,
        media_items=content.media,
        files=content.media - content.images,
        messages=max(1, length(found, "contents"), length(found, "requests")),
        has_images=content.images > 0,
        by_reference=content.by_reference,
    )


def spelled(found: JsonObject, keys: tuple[str, str]) -> str:
    """The key as the client spells it, else in camelCase. Raises Refusal 400 where both stand there."""
    present = [key for key in keys if key in found.values]
    if len(present) > 1:
        raise invalid(f"{keys[0]!r} stands twice, once as {keys[1]!r}; it can mean one thing only")
    return present[0] if present else keys[0]


def config_of(found: JsonObject) -> JsonObject:
    """The generation config, empty where there is none. Raises Refusal 400."""
    key = spelled(found, CONFIG)
    return read_object(found.raw(key) or b"{}", repr(key))


def _generate(found: JsonObject, model: str, content: Content, stream: bool) -> Ask:
    config = config_of(found)
    functions, server_tools = _tools(found)
    return Ask(
        DialectName.GEMINI,
        Operation.GENERATE,
        model,
        stream=stream,
        output_cap=cap(config, spelled(config, CAP)),
        candidates=candidates(config, spelled(config, _COUNT)),
        input_bytes=content.bytes,
        media_items=content.media,
        files=content.media - content.images,
        messages=length(found, "contents") + length(found, spelled(found, _SYSTEM)),
        has_tools=functions or bool(server_tools),
        has_images=content.images > 0,
        server_tools=server_tools,
        thinking=_thinking(config),
        other_output=beyond_text(config, spelled(config, _MODALITIES)),
        by_reference=content.by_reference or bool(found.raw(spelled(found, _CACHED))),
        service_tier=tier_name(text(found, spelled(found, _TIER))),
    )


def _thinking(config: JsonObject) -> int | None:
    key = spelled(config, _THINKING)
    raw = config.raw(key)
    if not raw:
        return None
    thinking = read_object(raw, repr(key))
    budget = whole(thinking, spelled(thinking, _BUDGET))
    return ANY_THINKING if budget is None or budget < 0 else budget


def _tools(found: JsonObject) -> tuple[bool, tuple[str, ...]]:
    """Whether the client offers functions of its own, and the tools that the provider would run."""
    tools = found.decoded("tools")
    listed = tools if isinstance(tools, list) else [tools]
    keys = [key for tool in listed if isinstance(tool, dict) for key in tool]
    names = [_tool_name(key) for key in keys if key not in _FUNCTIONS]
    return any(key in _FUNCTIONS for key in keys), tuple(dict.fromkeys(names))


def _tool_name(key: str) -> str:
    name = _UPPER.sub(r"_\1", key).lower()
    return "web_search" if name in _SEARCHES else name


def _media_of(part: dict[str, object]) -> Media | None:
    inline = part.get("inlineData") or part.get("inline_data")
    if isinstance(inline, dict):
        kind = str(inline.get("mimeType") or inline.get("mime_type"))
        data = inline.get("data")
        # Text is content, in whatever coat it comes.
        bounded = not isinstance(data, str) or kind.startswith("text/")
        return Media("" if bounded else str(data), image=kind.startswith("image/"))
    elsewhere = part.get("fileData") or part.get("file_data")
    if isinstance(elsewhere, dict):
        kind = str(elsewhere.get("mimeType") or elsewhere.get("mime_type"))
        return Media(image=kind.startswith("image/"), by_reference=True)
    return None
