"""OpenAI embeddings. Shapes: https://platform.openai.com/docs/api-reference/embeddings."""

from __future__ import annotations

import base64
from array import array
from typing import Any

from gateway_core.model.call import DialectName, Operation
from gateway_core.simulated import tokens
from gateway_core.simulated.faults import spoiled
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.options import Options
from gateway_core.simulated.strict import embeddings as embeddings_rules
from gateway_core.simulated.vectors import vector
from gateway_core.simulated.wire.base import Call, ParamRefusal, encode, must_be
from gateway_core.simulated.wire.openai import refuse_unknown_model

_DIMENSIONS = {"text-embedding-3-large": 3072}
_DEFAULT_DIMENSIONS = 1536


def inputs(call: Call) -> list[str | list[int]]:
    """The texts or token lists to embed. Raises Refusal 400 for anything else."""
    given: Any = must_be(call.json, "input", (str, list))
    if isinstance(given, str):
        return [given]
    if given and all(isinstance(number, int) for number in given):
        return [given]
    if given and all(isinstance(item, str | list) for item in given):
        return list(given)
    raise ParamRefusal("invalid_request", "'$.input' is invalid.", "input")


def count(item: str | list[int]) -> int:
    """Tokens of one input: a list of numbers is already tokens."""
    return tokens.of_text(item) if isinstance(item, str) else len(item)


def embeddings(call: Call, items: list[str | list[int]], knobs: Knobs, options: Options) -> tuple[bytes, int]:
    """The answer's body and the tokens it counts. Raises Refusal for an unknown model."""
    body = call.json
    model = must_be(body, "model", str)
    refuse_unknown_model(DialectName.OPENAI_CHAT, Operation.EMBED, model, options)
    embeddings_rules.check_openai(body, model, items, [count(item) for item in items])
    size = must_be(body, "dimensions", int, needed=False) or _DIMENSIONS.get(model, _DEFAULT_DIMENSIONS)
    packed = body.get("encoding_format") == "base64"
    data = []
    for at, item in enumerate(items):
        values = vector(item if isinstance(item, str) else " ".join(map(str, item)), size)
        data.append({"object": "embedding", "index": at, "embedding": _packed(values) if packed else values})
    used = sum(count(item) for item in items) if knobs.input is None else knobs.input
    answer: dict[str, Any] = {"object": "list", "data": data, "model": knobs.model or model}
    if knobs.usage != "none":
        answer["usage"] = spoiled({"prompt_tokens": used, "total_tokens": used}, knobs.usage)
    return encode(answer), used


def _packed(values: list[float]) -> str:
    """Little-endian 32-bit floats in base64, as both official SDKs ask for."""
    return base64.b64encode(array("f", values).tobytes()).decode()
