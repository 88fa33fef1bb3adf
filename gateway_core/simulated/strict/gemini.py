"""What generateContent refuses. Sources: ai.google.dev/api/generate-content, its pages on function calling,
thought signatures and structured output, and the API's own messages."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from gateway_core.simulated.spelling import camel, field
from gateway_core.simulated.strict import Json, first_twice, images, objects, refuse

_KNOWN = frozenset(
    {
        "contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig",
        "cachedContent", "serviceTier", "store", "labels", "model",
    }
)  # fmt: skip
_CONFIG = frozenset(
    {
        "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "_responseJsonSchema",
        "responseModalities", "candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed",
        "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "enableEnhancedCivicAnswers",
        "speechConfig", "thinkingConfig", "imageConfig", "mediaResolution", "audioTimestamp",
        "responseFormat",
    }
)  # fmt: skip
_SCHEMA = frozenset(
    {
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties",
        "required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "example", "anyOf",
        "propertyOrdering", "default", "items", "minimum", "maximum",
    }
)  # fmt: skip
"""Of OpenAPI's schema, where no JSON schema is given."""
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}\Z")
_MOST_STOPS = 5
_ROLES = ("user", "model")


def check(body: Json, model: str) -> None:
    """Raises ParamRefusal 400 for a request that Gemini would refuse."""
    _only(body, _KNOWN, "")
    config = field(body, "generationConfig") or {}
    _only(config, _CONFIG, "generation_config")
    if len(field(config, "stopSequences") or ()) > _MOST_STOPS:
        raise refuse(f"* GenerateContentRequest.generation_config.stop_sequences: at most {_MOST_STOPS}")
    _check_schema(field(config, "responseSchema"), "generation_config.response_schema")
    declarations = [each for tool in objects(body.get("tools")) for each in _declared(tool)]
    if twice := first_twice([str(each.get("name")) for each in declarations]):
        raise refuse(f"Duplicate function declaration found: {twice}")
    for declared in declarations:
        if not _NAME.match(str(declared.get("name"))):
            raise refuse("* GenerateContentRequest.tools[0].function_declarations[0].name: Invalid name")
        _check_schema(declared.get("parameters"), "tools[0].function_declarations[0].parameters")
    _check_turns(objects(body.get("contents")), model)


def _only(body: Json, known: frozenset[str], where: str) -> None:
    for name in body:
        if camel(name) not in known and name not in known:
            at = f" at '{where}'" if where else ""
            raise refuse(
                f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.', name
            )


def _declared(tool: Json) -> list[Json]:
    return objects(field(tool, "functionDeclarations"))


def _check_schema(schema: Any, where: str) -> None:
    if isinstance(schema, list):
        for each in schema:
            _check_schema(each, where)
    if not isinstance(schema, dict):
        return
    for name in schema:
        if camel(name) not in _SCHEMA:
            raise refuse(
                f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}': Cannot find field.",
                name,
            )
    for each in (schema.get("properties") or {}).values():
        _check_schema(each, where)
    _check_schema(schema.get("items"), where)
    _check_schema(schema.get("anyOf"), where)


def _check_turns(contents: list[Json], model: str) -> None:
    calls = 0
    for at, content in enumerate(contents):
        _check_role(content)
        parts = objects(content.get("parts"))
        if not parts:
            raise refuse(f"* GenerateContentRequest.contents[{at}].parts: contents.parts must not be empty.")
        for place, part in enumerate(parts):
            images.check_gemini(field(part, "inlineData"), f"contents[{at}].parts[{place}]")
        responses = sum(field(part, "functionResponse") is not None for part in parts)
        if responses and responses != calls:
            raise refuse(
                "Please ensure that the number of function response parts is equal to the number of function "
                "call parts of the function call turn."
            )
        calls = sum(field(part, "functionCall") is not None for part in parts)
        if calls and at == 0:
            raise refuse(
                "Please ensure that function call turn comes immediately after a user turn or after a "
                "function response turn."
            )
        if calls and model.startswith("gemini-3"):
            _check_signature(parts, at)


def _check_role(content: Json) -> None:
    role = content.get("role", "user")
    if role not in _ROLES:
        raise refuse(
            f"Role '{role}' is not supported. Please use a valid role: {', '.join(_ROLES).upper()}.", "role"
        )


def _check_signature(parts: list[Json], at: int) -> None:
    """The first call of a turn brings the signature of the thought that led to it."""
    first = next(part for part in parts if field(part, "functionCall") is not None)
    signature = field(first, "thoughtSignature")
    name = (field(first, "functionCall") or {}).get("name")
    if signature is None:
        raise refuse(
            f"Function call is missing a thought_signature in functionCall parts. This is required for tools "
            f"to work correctly. function call `{name}`, position {at}."
        )
    try:
        made_here = base64.b64decode(str(signature).replace("-", "+").replace("_", "/") + "==").startswith(
            b"sim:"
        )
    except binascii.Error:
        made_here = False
    if not made_here and signature != SKIPS:
        raise refuse("Thought signature is not valid.")


SKIPS = "skip_thought_signature_validator"
"""Google's own word for calls that no model of theirs has made."""
