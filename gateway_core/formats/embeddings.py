"""Embeddings between OpenAI's format and Gemini's: requests, and answers whose vectors may be base64."""

from __future__ import annotations

import base64
import struct
from typing import Any

import msgspec

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.values import without_none
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply


def asked_of_gemini(body: bytes, model: str, notes: Notes) -> bytes:
    """OpenAI's request as a batch of Gemini's. Raises Refusal 400 for texts that are tokens already."""
    found = Fields(msgspec.json.decode(body), "")
    for key in ("model", "encoding_format"):
        found.take(key)
    given = found.take("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise invalid(
            "'input' must be a text or a list of texts: tokens are one provider's own", code="untranslatable"
        )
    size = found.whole("dimensions")
    notes.own(found.rest(), same=False)
    requests = [
        without_none(
            {
                "model": f"models/{model}",
                "content": {"parts": [{"text": text}]},
                "outputDimensionality": size,
            }
        )
        for text in texts
    ]
    return encoded({"requests": requests})


def answered_as_openai(body: bytes, model: str, reply: Reply) -> bytes:
    """Gemini's batch as OpenAI's list, in the encoding that the client asked for. Raises ValueError."""
    asked = msgspec.json.decode(reply.body)
    packed = asked.get("encoding_format") == "base64"
    vectors = [each["values"] for each in msgspec.json.decode(body, type=_Embeddings).embeddings]
    data = [
        {"object": "embedding", "index": at, "embedding": _packed(vector) if packed else vector}
        for at, vector in enumerate(vectors)
    ]
    out: dict[str, Any] = {"object": "list", "data": data, "model": model}
    if reply.usage is not None:
        out["usage"] = {"prompt_tokens": reply.usage.total_input, "total_tokens": reply.usage.total_input}
    return encoded(out)


def asked_of_openai(body: bytes, model: str, notes: Notes) -> bytes:
    """One of Gemini's requests, or a batch, as OpenAI's. Raises Refusal 400 for other content than text."""
    found = Fields(msgspec.json.decode(body), "", camel=True)
    requests = found.each("requests") if "requests" in found else [found]
    texts = [_text(request) for request in requests]
    sizes = {request.whole("outputDimensionality") for request in requests}
    for request in requests:
        request.take("model")
        notes.own(request.rest(), same=False)
    if len(sizes) > 1:
        raise invalid("one batch cannot ask for vectors of several sizes here", code="untranslatable")
    size = sizes.pop() if sizes else None
    return encoded(without_none({"model": model, "input": texts, "dimensions": size}))


def _text(request: Fields) -> str:
    content = request.inner("content")
    parts = content.each("parts") if content else []
    texts = [part.text("text") for part in parts]
    if not texts or None in texts:
        raise invalid(f"{request.where or 'the body'}: only text can be embedded here", code="untranslatable")
    return "\n".join(text for text in texts if text is not None)


def answered_as_gemini(body: bytes, reply: Reply) -> bytes:
    """OpenAI's list as Gemini's batch, or as its one embedding. Raises ValueError."""
    batch = "requests" in msgspec.json.decode(reply.body)
    data = sorted(msgspec.json.decode(body, type=_List).data, key=lambda each: each.index)
    values = [{"values": _unpacked(each.embedding)} for each in data]
    if not batch and not values:
        raise ValueError("no embedding")
    out: dict[str, Any] = {"embeddings": values} if batch else {"embedding": values[0]}
    if reply.usage is not None:
        counted = reply.usage.total_input
        out["usageMetadata"] = {"promptTokenCount": counted, "totalTokenCount": counted}
    return encoded(out)


class _Embeddings(msgspec.Struct):
    embeddings: list[dict[str, list[float]]]


class _Embedding(msgspec.Struct):
    embedding: list[float] | str
    index: int = 0


class _List(msgspec.Struct):
    data: list[_Embedding]


def _packed(vector: list[float]) -> str:
    """Little-endian 32-bit floats, as OpenAI packs them."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _unpacked(vector: list[float] | str) -> list[float]:
    if isinstance(vector, str):
        data = base64.b64decode(vector)
        return list(struct.unpack(f"<{len(data) // 4}f", data))
    return vector
