"""Every endpoint of the data plane that may cost money, or that counts for nothing, ready to be called."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, Json, Wire

WORK = "Say it. [[sim input=40 output=20 ttft=0 reasoning=0]]"
"""What the simulated provider is asked for: so many tokens in and out."""


@dataclass(frozen=True)
class Endpoint:
    """One path in one format, and a body for it."""

    name: str
    wire: Wire
    path: str
    model: str
    body: Json
    free: bool = False

    @property
    def provider(self) -> str:
        return self.wire.provider

    def prefixed(self) -> Endpoint:
        """The same under the provider's own prefix."""
        return replace(self, name=f"{self.name}, prefixed", path=f"/{self.provider}{self.path}")

    def tagged(self, tags: str) -> Endpoint:
        """The same with tags in its path."""
        return replace(self, name=f"{self.name}, tagged", path=f"/@{tags}{self.path}")


def _generation(wire: Wire, stream: bool) -> Endpoint:
    name = f"{wire.name}{' stream' if stream else ''}"
    return Endpoint(name, wire, wire.at(stream), wire.model, wire.ask(WORK, cap=40, stream=stream))


def _gemini(version: str) -> Iterator[Endpoint]:
    part: dict[str, Any] = {"parts": [{"text": "To be embedded."}]}
    embedding = "gemini-embedding-001"
    asked = GEMINI.ask(WORK, cap=40)
    one = {"model": f"models/{embedding}", "content": part}
    calls: tuple[tuple[str, str, Json, bool], ...] = (
        ("generateContent", GEMINI.model, asked, False),
        ("streamGenerateContent?alt=sse", GEMINI.model, asked, False),
        ("streamGenerateContent", GEMINI.model, asked, False),
        ("countTokens", GEMINI.model, {"contents": asked["contents"]}, True),
        ("embedContent", embedding, {"content": part}, False),
        ("batchEmbedContents", embedding, {"requests": [one, one]}, False),
    )
    for verb, model, body, free in calls:
        yield Endpoint(f"{version} {verb}", GEMINI, f"/{version}/models/{model}:{verb}", model, body, free)


ENDPOINTS: tuple[Endpoint, ...] = (
    *(_generation(wire, stream) for wire in (CHAT, RESPONSES, MESSAGES) for stream in (False, True)),
    Endpoint(
        "embeddings",
        CHAT,
        "/v1/embeddings",
        "text-embedding-3-small",
        {"model": "text-embedding-3-small", "input": ["To be embedded.", "This too."]},
    ),
    Endpoint(
        "count_tokens",
        MESSAGES,
        "/v1/messages/count_tokens",
        MESSAGES.model,
        {"model": MESSAGES.model, "messages": [{"role": "user", "content": "How many?"}]},
        free=True,
    ),
    *_gemini("v1beta"),
    *_gemini("v1"),
)

FORM = (
    b'--edge\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n'
    b"content-type: audio/wav\r\n\r\nRIFF\x00\xff\r\n"
    b'--edge\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--edge--\r\n'
)
FORM_KIND = "multipart/form-data; boundary=edge"


@dataclass(frozen=True)
class Passing:
    """A call on a path that passes through: `free` ones cost nothing, of the others nobody knows."""

    method: str
    path: str
    """With its provider in front, or as an SDK calls it."""
    wire: Wire
    upstream: str
    """The path that the provider sees."""
    free: bool = False
    body: bytes = b""
    kind: str = "application/json"
    model: str = ""


def _json(**fields: Any) -> bytes:
    # Spaces that no encoder would make: what arrives has to be these very bytes.
    return json.dumps(fields).encode().replace(b": ", b" :  ")


PASSING: tuple[Passing, ...] = (
    Passing("POST", "/v1/completions", CHAT, "/v1/completions", body=_json(model="gpt-x"), model="gpt-x"),
    Passing("POST", "/v1/images/generations", CHAT, "/v1/images/generations", body=_json(prompt="a cat")),
    Passing("POST", "/v1/audio/speech", CHAT, "/v1/audio/speech", body=_json(model="tts-1"), model="tts-1"),
    Passing(
        "POST", "/openai/v1/audio/transcriptions", CHAT, "/v1/audio/transcriptions",
        body=FORM, kind=FORM_KIND, model="whisper-1",
    ),
    Passing("POST", "/v1/batches", CHAT, "/v1/batches", body=_json(input_file_id="file-1")),
    Passing("POST", "/v1/responses/compact", RESPONSES, "/v1/responses/compact", body=_json(input="x")),
    Passing(
        "POST", "/openai/v1/fine_tuning/jobs", CHAT, "/v1/fine_tuning/jobs",
        body=_json(model="m"), model="m",
    ),
    Passing("POST", "/openai/v1/rerank", CHAT, "/v1/rerank", body=_json(query="q")),
    Passing(
        "POST", "/v1/vector_stores/vs%201/search", CHAT, "/v1/vector_stores/vs%201/search",
        body=_json(q=1),
    ),
    Passing(
        "PUT", "/openai/v1/anything/new", CHAT, "/v1/anything/new",
        body=b"\x00\xff", kind="application/x",
    ),
    Passing("POST", "/v1/messages/batches", MESSAGES, "/v1/messages/batches", body=_json(requests=[])),
    Passing(
        "POST", "/v1beta/cachedContents", GEMINI, "/v1beta/cachedContents",
        body=_json(model="models/g"), model="models/g",
    ),
    Passing(
        "POST", "/v1beta/models/g:batchGenerateContent", GEMINI, "/v1beta/models/g:batchGenerateContent",
        body=_json(batch={}), model="g",
    ),
    Passing(
        "PATCH", "/gemini/v1beta/cachedContents/c1", GEMINI, "/v1beta/cachedContents/c1",
        body=_json(ttl="1s"),
    ),
    Passing("POST", "/v1/moderations", CHAT, "/v1/moderations", True, _json(input="x")),
    Passing("POST", "/v1/files", CHAT, "/v1/files", True, FORM, FORM_KIND, "whisper-1"),
    Passing("POST", "/anthropic/v1/files", MESSAGES, "/v1/files", True, FORM, FORM_KIND, "whisper-1"),
    Passing("POST", "/upload/v1beta/files", GEMINI, "/upload/v1beta/files", True, b"\x89PNG", "image/png"),
    Passing("GET", "/v1/files/file-1/content", CHAT, "/v1/files/file-1/content", True),
    Passing("DELETE", "/v1/files/file-1", CHAT, "/v1/files/file-1", True),
    Passing("GET", "/v1/responses/resp_1", RESPONSES, "/v1/responses/resp_1", True),
    Passing("POST", "/v1/responses/resp_1/cancel", RESPONSES, "/v1/responses/resp_1/cancel", True),
    Passing("GET", "/v1/messages/batches/b1", MESSAGES, "/v1/messages/batches/b1", True),
    Passing("POST", "/v1/messages/batches/b1/cancel", MESSAGES, "/v1/messages/batches/b1/cancel", True),
    Passing("GET", "/gemini/v1beta/operations/o1", GEMINI, "/v1beta/operations/o1", True),
)  # fmt: skip

MODELS = sorted({(endpoint.provider, endpoint.model) for endpoint in ENDPOINTS})
Variant = Callable[[Endpoint, str], Endpoint]
VARIANTS: tuple[Variant, ...] = (
    lambda endpoint, tags: endpoint,
    lambda endpoint, tags: endpoint.prefixed(),
    lambda endpoint, tags: endpoint.tagged(tags),
    lambda endpoint, tags: endpoint.prefixed().tagged(tags),
)
"""Ways to the same endpoint; the last two carry the tags in the path."""
