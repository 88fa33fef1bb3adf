"""Gemini embedContent and batchEmbedContents. https://ai.google.dev/api/embeddings."""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import Operation
from gateway_core.simulated import tokens
from gateway_core.simulated.faults import spoiled
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.options import Options
from gateway_core.simulated.spelling import field
from gateway_core.simulated.strict import embeddings as embeddings_rules
from gateway_core.simulated.vectors import vector
from gateway_core.simulated.wire.base import Call, encode, must_be, text_of
from gateway_core.simulated.wire.gemini_face import refuse_unknown_model

_DIMENSIONS = 3072


def requests(call: Call) -> list[dict[str, Any]]:
    """The single embed requests. Raises Refusal 400 where there are none."""
    if call.verb == "embedContent":
        return [call.json]
    return [request for request in must_be(call.json, "requests", list) if isinstance(request, dict)]


def text_in(request: dict[str, Any]) -> str:
    content = request.get("content")
    return text_of(content.get("parts")) if isinstance(content, dict) else ""


def embeddings(call: Call, asked: list[dict[str, Any]], knobs: Knobs, options: Options) -> tuple[bytes, int]:
    """The answer's body and the tokens it counts. Raises Refusal for an unknown model."""
    refuse_unknown_model(Operation.EMBED, call.model, options)
    embeddings_rules.check_gemini(call.json, asked, call.model, call.verb)
    values = [
        {"values": vector(text_in(one), field(one, "outputDimensionality") or _DIMENSIONS)} for one in asked
    ]
    used = sum(tokens.of_text(text_in(one)) for one in asked) if knobs.input is None else knobs.input
    single = call.verb == "embedContent"
    answer: dict[str, Any] = {"embedding": values[0]} if single else {"embeddings": values}
    if knobs.usage != "none":
        counted = {"promptTokenCount": used, "totalTokenCount": used}
        answer["usageMetadata"] = spoiled(counted, knobs.usage)
    return encode(answer), used
