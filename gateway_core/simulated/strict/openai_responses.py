"""What responses refuse. Source: platform.openai.com/docs/api-reference/responses/create."""

from __future__ import annotations

from gateway_core.simulated.strict import Json, images, objects, ranges, refuse, unknown
from gateway_core.simulated.strict.openai_chat import check_function, check_output, check_sampling
from gateway_core.simulated.strict.signatures import is_sealed

_KNOWN = frozenset(
    {
        "model", "input", "background", "background_options", "client_metadata", "context_management",
        "conversation", "include", "instructions", "max_output_tokens", "max_tool_calls", "metadata",
        "moderation", "parallel_tool_calls", "previous_response_id", "prompt", "prompt_cache_key",
        "prompt_cache_options", "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier",
        "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools", "top_logprobs",
        "top_p", "truncation", "user",
    }
)  # fmt: skip


def check(body: Json, model: str) -> None:
    """Raises ParamRefusal 400 for a request that OpenAI would refuse."""
    if name := unknown(body, _KNOWN):
        raise refuse(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    ranges.check(body, ranges.RESPONSES)
    check_sampling(body, model, (body.get("reasoning") or {}).get("effort"))
    _check_items(objects(body.get("input")))
    for at, tool in enumerate(objects(body.get("tools"))):
        if tool.get("type") == "function":
            check_function(tool, f"tools[{at}]")
    wanted = (body.get("text") or {}).get("format") or {}
    check_output(wanted.get("type"), wanted, [body.get("instructions"), body.get("input")], "text.format")
    if "previous_response_id" not in body and "conversation" not in body:
        _check_rounds(objects(body.get("input")))


def _check_items(items: list[Json]) -> None:
    for item in items:
        for part in objects(item.get("content")) + objects(item.get("output")):
            images.check_openai(part)
        sealed = item.get("encrypted_content") if item.get("type") == "reasoning" else None
        if sealed is not None and not is_sealed(sealed):
            shown = f"{str(sealed)[:4]}...{str(sealed)[-4:]}"
            raise refuse(
                f"The encrypted content {shown} could not be verified.", "", "invalid_encrypted_content"
            )


def _check_rounds(items: list[Json]) -> None:
    """Every call has its output and every output its call, in any order within the input."""
    for kind in ("function_call", "custom_tool_call"):
        words = kind.replace("_", " ")
        calls = [str(item.get("call_id")) for item in items if item.get("type") == kind]
        outputs = [str(item.get("call_id")) for item in items if item.get("type") == f"{kind}_output"]
        for id in outputs:
            if id not in calls:
                raise refuse(f"No tool call found for {words} output with call_id {id}.", "input")
        for id in calls:
            if id not in outputs:
                raise refuse(f"No tool output found for {words} {id}.", "input")
