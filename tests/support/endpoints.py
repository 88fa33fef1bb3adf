"""Every endpoint of the data plane that may cost money, or that counts for nothing, ready to be called."""

from __future__ import annotations

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

MODELS = sorted({(endpoint.provider, endpoint.model) for endpoint in ENDPOINTS})
Variant = Callable[[Endpoint, str], Endpoint]
VARIANTS: tuple[Variant, ...] = (
    lambda endpoint, tags: endpoint,
    lambda endpoint, tags: endpoint.prefixed(),
    lambda endpoint, tags: endpoint.tagged(tags),
    lambda endpoint, tags: endpoint.prefixed().tagged(tags),
)
"""Ways to the same endpoint; the last two carry the tags in the path."""
