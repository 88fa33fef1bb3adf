"""An embedding of a text, asked for as a call of its own: held for, booked and tagged `purpose=embedding`."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Awaitable, Callable

import msgspec

from gateway_core.bodies import decode_body
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.ids import request_id
from gateway_core.pipeline.exchange import Client, HeaderList, Inbound
from gateway_core.pipeline.parts import Parts
from gateway_core.rules.caching import CACHE_HEADER

Serve = Callable[[Parts, Inbound, Client], Awaitable[None]]
"""The way of a request."""
PURPOSE = {"purpose": "embedding"}
_LIMIT = 16 * 2**20


class _Item(msgspec.Struct):
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Item]


class _Waiting:
    """The client of such a call: it takes what comes."""

    def __init__(self) -> None:
        self.started = False
        self.status = 0
        self.body = b""
        self.encoding = ""

    async def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        self.started, self.status, self.body = True, status, body
        found = (value for name, value in headers if name.lower() == b"content-encoding")
        self.encoding = next(found, b"").decode("latin-1")

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
        self.started, self.status = True, refusal.status


async def embedded(
    parts: Parts, serve: Serve, model: str, text: str, asking: Inbound, tags: dict[str, str]
) -> array[float] | None:
    """The unit vector of a text, on the account of the call that asks; None where there is none to be had.

    The same text is not paid for again while the exact cache keeps its answer.
    """
    waiting = _Waiting()
    await serve(parts, _request(parts, model, text, asking, tags), waiting)
    if waiting.status != 200:
        return None
    try:
        body = decode_body(waiting.body, waiting.encoding, _LIMIT) if waiting.encoding else waiting.body
        return unit(msgspec.json.decode(body, type=_Answer).data[0].embedding)
    except (Refusal, msgspec.MsgspecError, IndexError, OverflowError):
        return None


def unit(values: list[float]) -> array[float] | None:
    """The vector at length one; None for one that has no direction."""
    norm = math.sqrt(sum(value * value for value in values))
    return array("f", (value / norm for value in values)) if norm and math.isfinite(norm) else None


def _request(parts: Parts, model: str, text: str, asking: Inbound, tags: dict[str, str]) -> Inbound:
    now = parts.clock.now()
    return Inbound(
        id=request_id(int(now.timestamp() * 1000), random.getrandbits(80)),
        began=parts.clock.monotonic(),
        dialect=DialectName.OPENAI_CHAT,
        operation=Operation.EMBED,
        path="/v1/embeddings",
        upstream_path="/embeddings",
        query="",
        prefix=None,
        path_tags={**tags, **PURPOSE},
        path_model=None,
        path_stream=False,
        headers={CACHE_HEADER: "on"},
        raw_headers=[(b"content-type", b"application/json")],
        token=asking.token,
        body=msgspec.json.encode({"model": model, "input": text, "encoding_format": "float"}),
    )
