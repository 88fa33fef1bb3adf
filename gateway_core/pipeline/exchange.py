"""A request as it came in, and the client who waits for the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol
from urllib.parse import quote

from gateway_core.model.call import DialectName, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.money import Nano, nano_from_usd
from gateway_core.model.policy import ClientToken, Purpose
from gateway_core.model.tags import Tags
from gateway_core.model.value import value
from gateway_core.pipeline.query import readable

HeaderList = list[tuple[bytes, bytes]]


@value
class Aside:
    """A call of the gateway's own, for which no client waits."""

    purpose: Purpose
    target: Target
    reason: str
    """Why it is made, for its row."""
    most_output: int
    """Output tokens at the most."""


@value
class Inbound:
    """A request that passed the guard. The body is whole and no longer compressed."""

    id: str
    began: float
    """Monotonic seconds when its head had been read."""
    dialect: DialectName
    operation: Operation
    path: str
    """As the ledger shows it: without tags and provider prefix."""
    upstream_path: str
    query: str
    prefix: str | None
    path_tags: Tags
    path_model: str | None
    path_stream: bool
    headers: Mapping[str, str]
    """Names in lower case; the last of a repeated one."""
    raw_headers: Sequence[tuple[bytes, bytes]]
    """All of them in their order, but for the one that held the client token."""
    token: ClientToken
    body: bytes
    method: str = "POST"
    peer_tags: Tags = field(default_factory=dict)
    """What the calling program's process and folder say."""
    aside: Aside | None = None
    """None for a client's own call."""
    own_tags: Tags = field(default_factory=dict)
    """What the gateway says of a call of its own, and no client can."""


class Client(Protocol):
    """Who waits for the answer. Writing may be cancelled when the client leaves."""

    @property
    def started(self) -> bool:
        """Whether the head of an answer has been sent."""

    async def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        """A whole answer at once."""

    async def start(self, status: int, headers: HeaderList) -> None:
        """The head of a stream."""

    def keep_alive(self, headers: HeaderList) -> None:
        """A sign of life in a stream whose answer is not there yet. From the first one on, a refusal is the
        last event of the stream."""

    async def write(self, data: bytes) -> None:
        """A piece of a stream; waits while the client takes nothing."""

    def put(self, data: bytes) -> bool:
        """A piece of a stream, written at once; False where `write` has to wait before the next one."""

    async def finish(self, data: bytes = b"") -> None:
        """The end of a stream, and its last piece."""

    async def refuse(self, refusal: Refusal) -> None:
        """A refusal in the client's own format: an answer, or the final event of a running stream."""


def own_limit(headers: Mapping[str, str]) -> Nano | None:
    """The caller's limit for this one call (x-llmconsole-max-cost, dollars). Raises Refusal 400."""
    text = headers.get("x-llmconsole-max-cost")
    if text is None:
        return None
    try:
        return nano_from_usd(text.strip().lstrip("$"))
    except ValueError as error:
        raise Refusal(400, "invalid_max_cost", f"x-llmconsole-max-cost: {error}") from None


def target_path(request: Inbound, target: Target) -> str:
    """Path and query for the provider; Gemini's path names the model."""
    path, query = request.upstream_path, request.query
    if request.path_model is not None and request.operation is not Operation.OTHER:
        head, _, verb = path.rpartition(":")
        path = f"{head[: head.index('/models/')]}/models/{quote(target.model, safe='')}:{verb}"
        query = readable(query) if query else query
    return f"{path}?{query}" if query else path
