"""What chat completions refuse. Sources: platform.openai.com/docs/api-reference/chat/create, its guides on
function calling, structured outputs and reasoning, and the API's own messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway_core.simulated.models import wants_completion_cap
from gateway_core.simulated.strict import Json, images, objects, ranges, refuse, unknown

_KNOWN = frozenset(
    {
        "model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias",
        "logprobs", "max_completion_tokens", "max_tokens", "metadata", "modalities", "moderation", "n",
        "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier", "seed",
        "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools",
        "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    }
)  # fmt: skip
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
_ASKED_TO_REASON = re.compile(r"gpt-(5\.|[6-9])")
_FIXED = {"temperature": 1, "top_p": 1}
"""Sampling that reasoning models leave at its default."""


def check(body: Json, model: str) -> None:
    """Raises ParamRefusal 400 for a request that OpenAI would refuse."""
    if name := unknown(body, _KNOWN):
        raise refuse(f"Unrecognized request argument supplied: {name}", name)
    ranges.check(body, ranges.CHAT)
    check_sampling(body, model, body.get("reasoning_effort"))
    if isinstance(body.get("stop"), list) and len(body["stop"]) > 4:
        raise refuse("Invalid 'stop': array too long. Expected an array with maximum length 4.", "stop")
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise refuse(
            "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs"
        )
    for at, tool in enumerate(objects(body.get("tools"))):
        check_function(tool.get("function"), f"tools[{at}].function")
    _check_format(body)
    messages = objects(body.get("messages"))
    for part in [part for message in messages for part in objects(message.get("content"))]:
        images.check_openai(part)
    _check_rounds(messages)


def check_sampling(body: Json, model: str, effort: object) -> None:
    """Models that reason sample as they do; from gpt-5.1 on they do not reason unless they are asked to."""
    if not wants_completion_cap(model) or (_ASKED_TO_REASON.match(model) and effort in (None, "none")):
        return
    for name, default in _FIXED.items():
        if body.get(name) not in (None, default):
            raise refuse(
                f"Unsupported value: '{name}' does not support {body[name]} with this model. "
                f"Only the default ({default}) value is supported.",
                name,
                "unsupported_value",
            )


def check_function(function: object, where: str) -> None:
    """A function's name, and its schema where that is strict."""
    if not isinstance(function, dict):
        return
    if not _NAME.match(str(function.get("name"))):
        raise refuse(
            f"Invalid '{where}.name': string does not match pattern. Expected a string that matches the "
            "pattern '^[a-zA-Z0-9_-]+$'.",
            f"{where}.name",
        )
    if function.get("strict") and (fault := strict_fault(function.get("parameters"))):
        raise refuse(f"Invalid schema for function '{function['name']}': {fault}", f"{where}.parameters")


def strict_fault(schema: object, path: str = "()") -> str | None:
    """Why a schema is none for structured outputs: every object closed, every property required."""
    if isinstance(schema, list):
        return next((fault for each in schema if (fault := strict_fault(each, path))), None)
    if not isinstance(schema, dict):
        return None
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties") is not False:
            return f"In context={path}, 'additionalProperties' is required to be supplied and to be false."
        missing = set(schema.get("properties") or {}) - set(schema.get("required") or ())
        if missing:
            return (
                f"In context={path}, 'required' is required to include every key. Missing {min(missing)!r}."
            )
    below = [schema.get("items"), *(schema.get("anyOf") or ()), *(schema.get("properties") or {}).values()]
    below += (schema.get("$defs") or {}).values()
    return next((fault for each in below if (fault := strict_fault(each, path))), None)


def _check_format(body: Json) -> None:
    wanted = body.get("response_format") or {}
    check_output(wanted.get("type"), wanted.get("json_schema") or {}, body.get("messages"), "response_format")


def check_output(kind: object, named: Json, said: object, where: str) -> None:
    """JSON of any kind is asked for in words too; a schema is an object's, and closed where it is strict."""
    if kind == "json_object" and "json" not in str(said).lower():
        raise refuse(
            f"'messages' must contain the word 'json' in some form, to use '{where}' of type 'json_object'.",
            "messages",
        )
    if kind != "json_schema":
        return
    schema = named.get("schema")
    root = schema.get("type") if isinstance(schema, dict) else None
    fault = (
        f"""schema must be a JSON Schema of 'type: "object"', got 'type: "{root}"'."""
        if root != "object"
        else strict_fault(schema)
        if named.get("strict")
        else None
    )
    if fault:
        raise refuse(f"Invalid schema for response_format '{named.get('name')}': {fault}", where)


def _check_rounds(messages: list[Json]) -> None:
    """Every tool call is answered at once, and every answer has its call."""
    open_calls: list[str] = []
    for at, message in enumerate(messages):
        if message.get("role") == "tool":
            id = message.get("tool_call_id")
            if id not in open_calls:
                raise refuse(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
                    "with 'tool_calls'.",
                    f"messages.[{at}].role",
                )
            open_calls.remove(str(id))
            continue
        _all_answered(open_calls, at)
        open_calls = list(_ids(message))
    _all_answered(open_calls, len(messages))


def _ids(message: Json) -> Iterator[str]:
    yield from (str(call.get("id")) for call in objects(message.get("tool_calls")))


def _all_answered(open_calls: list[str], at: int) -> None:
    if open_calls:
        raise refuse(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {open_calls[0]}",
            f"messages.[{at}].role",
        )
