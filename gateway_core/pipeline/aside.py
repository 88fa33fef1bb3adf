"""Calls of the gateway's own: what is sent as one, and the client that takes its answer."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field, replace

from gateway_core.bodies import decode_body
from gateway_core.clock import Clock
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.ids import request_id
from gateway_core.model.policy import OPINION_TAG, PURPOSE_TAG, ClientToken
from gateway_core.model.tags import Tags
from gateway_core.model.value import value
from gateway_core.pipeline.exchange import Aside, Client, HeaderList, Inbound
from gateway_core.pipeline.parts import Parts
from gateway_core.rules.caching import CACHE_HEADER

Serve = Callable[[Parts, Inbound, Client], Awaitable[None]]
"""The way of a request."""
_LIMIT = 16 * 2**20
_PASSED = (b"content-type", b"accept", b"anthropic-version", b"anthropic-beta", b"openai-beta")
"""Headers that belong to a body; all others say who asked."""


class Waiting:
    """The client of such a call: it takes what comes."""

    def __init__(self) -> None:
        self.started = False
        self.status = 0
        self.body = b""
        self.refused = ""
        """Why, where it was."""
        self._headers: Mapping[bytes, bytes] = {}

    @property
    def kind(self) -> str:
        """The content type of the answer."""
        return self._headers.get(b"content-type", b"").decode("latin-1")

    def plain(self) -> bytes:
        """The body without its compression. Raises Refusal for one that cannot be unpacked."""
        encoding = self._headers.get(b"content-encoding", b"").decode("latin-1")
        return decode_body(self.body, encoding, _LIMIT) if encoding else self.body

    async def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        self.started, self.status, self.body = True, status, body
        self._headers = {name.lower(): text for name, text in headers}

    async def start(self, status: int, headers: HeaderList) -> None:
        await self.answer(status, headers, b"")

    async def write(self, data: bytes) -> None:
        self.put(data)

    def put(self, data: bytes) -> bool:
        self.body += data
        return True

    def keep_alive(self, headers: HeaderList) -> None:
        return

    async def finish(self, data: bytes = b"") -> None:
        self.put(data)

    async def refuse(self, refusal: Refusal) -> None:
        self.started, self.status, self.refused = True, refusal.status, refusal.message


@value
class Payer:
    """On whose account such a call is made."""

    token: ClientToken
    tags: Tags = field(default_factory=dict)


def posted(
    clock: Clock, payer: Payer, operation: Operation, path: str, body: bytes, *, cache: str = "off"
) -> Inbound:
    """A call in OpenAI's format to /v1 and that path. cache: as in x-llmconsole-cache."""
    return Inbound(
        id=_new_id(clock),
        began=clock.monotonic(),
        dialect=DialectName.OPENAI_CHAT,
        operation=operation,
        path=f"/v1{path}",
        upstream_path=path,
        query="",
        prefix=None,
        path_tags=payer.tags,
        path_model=None,
        path_stream=False,
        headers={CACHE_HEADER: cache},
        raw_headers=[(b"content-type", b"application/json")],
        token=payer.token,
        body=body,
    )


def again(clock: Clock, request: Inbound, tags: Tags) -> Inbound:
    """A client's call once more, as one of the gateway's own. tags: those of the client's call."""
    return replace(
        request,
        id=_new_id(clock),
        began=clock.monotonic(),
        prefix=None,
        path_tags=tags,
        headers={CACHE_HEADER: "off"},
        raw_headers=[pair for pair in request.raw_headers if pair[0].lower() in _PASSED],
        peer_tags={},
    )


def for_opinion(request: Inbound, aside: Aside, opinion: str) -> Inbound:
    """The same, tagged by what it is for: by that the call is held against its own budget."""
    own_tags = {PURPOSE_TAG: str(aside.purpose), OPINION_TAG: opinion}
    return replace(request, aside=aside, own_tags=own_tags)


def _new_id(clock: Clock) -> str:
    return request_id(int(clock.now().timestamp() * 1000), random.getrandbits(80))
