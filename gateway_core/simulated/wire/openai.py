"""What OpenAI's endpoints share: keys, errors, headers, tools, the list of models."""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.simulated import models
from gateway_core.simulated.answer import Answer
from gateway_core.simulated.options import Options
from gateway_core.simulated.prompt import Prompt, Thinking, Tool
from gateway_core.simulated.wire.base import Call, Headers, ParamRefusal, encode, refuse_bad_key

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_EFFORTS = {"none": 0.0, "minimal": 0.1, "low": 0.4, "medium": 1.0, "high": 3.0, "xhigh": 5.0}
_TIERS = {"flex": "flex", "priority": "priority", "fast": "priority"}


class OpenAIFace:
    """Errors as https://platform.openai.com/docs/guides/error-codes describes them."""

    def refusal(self, refusal: Refusal) -> tuple[bytes, Headers]:
        return encode({"error": error_object(refusal)}), [(b"x-request-id", b"req_simulated")]


def error_object(refusal: Refusal) -> dict[str, Any]:
    kind = _TYPES.get(refusal.status, "server_error" if refusal.status >= 500 else "invalid_request_error")
    param = refusal.param if isinstance(refusal, ParamRefusal) else None
    return {"message": refusal.message, "type": kind, "param": param, "code": refusal.code}


def openai_key(call: Call) -> str:
    key = call.bearer or call.headers.get("api-key", "")
    refuse_bad_key(key)
    return key


def refuse_unknown_model(dialect: DialectName, operation: Operation, model: str, options: Options) -> None:
    if not models.exists(dialect, operation, model, options.models):
        raise Refusal(
            404, "model_not_found", f"The model `{model}` does not exist or you do not have access to it."
        )


def openai_headers(answer: Answer) -> Headers:
    return [
        (b"x-request-id", b"req_" + answer.id.encode()),
        (b"openai-version", b"2020-10-01"),
        (b"x-ratelimit-limit-requests", b"10000"),
        (b"x-ratelimit-remaining-requests", b"9999"),
    ]


def thinking_of(model: str, effort: object) -> tuple[Thinking, float]:
    """Whether the model reasons, and how much for each visible token; None is a medium effort."""
    if not models.thinks(model):
        return Thinking.OFF, 0.0
    weight = _EFFORTS.get(str(effort), 1.0)
    return (Thinking.HIDDEN if weight else Thinking.OFF), weight


def tier_of(asked: object) -> str | None:
    return _TIERS.get(str(asked)) if asked is not None else None


def function_tools(tools: Any) -> tuple[Tool, ...]:
    """The function tools of chat (nested in `function`) and of Responses (flat)."""
    found = []
    for tool in tools or ():
        inner = tool.get("function", tool) if isinstance(tool, dict) else {}
        if inner.get("name") and (tool.get("type") or "function") == "function":
            found.append(Tool(str(inner["name"]), inner.get("parameters") or {}))
    return tuple(found)


def tool_choice_of(choice: Any) -> str:
    if isinstance(choice, dict):
        inner = choice.get("function", choice)
        return str(inner.get("name", "required"))
    return str(choice or "auto")


def cached_details(prompt: Prompt, answer: Answer) -> dict[str, int]:
    """The cache counts of both formats; writes only where the model charges for them."""
    details = {"cached_tokens": answer.usage.cached_input}
    if models.charges_cache_writes(prompt.model) or answer.usage.cache_write:
        details["cache_write_tokens"] = answer.usage.cache_write
    return details


def model_list(options: Options) -> bytes:
    data = [_model(name, options) for name in models.OPENAI]
    return encode({"object": "list", "data": data})


def model_card(name: str, options: Options) -> bytes:
    """One model. Raises Refusal 404 if no endpoint of this format knows it."""
    if not models.exists(DialectName.OPENAI_CHAT, Operation.EMBED, name, options.models):
        refuse_unknown_model(DialectName.OPENAI_CHAT, Operation.GENERATE, name, options)
    return encode(_model(name, options))


def _model(name: str, options: Options) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": options.created, "owned_by": "system"}
