"""Clients of the simulation: what each asks and when, how fast it reads, and whether it stays to the end."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from typing import Any, cast

from gateway_core.http.client import HttpClient
from gateway_core.http.cycle import Cycle
from gateway_core.http.paths import find_door
from gateway_core.model.policy import ClientToken
from gateway_core.pipeline.exchange import HeaderList, Inbound
from tests.faults.simulation.provider import CALL_HEADER
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, Wire

MODELS: dict[str, tuple[str, ...]] = {
    "openai": ("lab/lab-open", "lab/lab-closed", "spare/spare-open"),
    "responses": ("lab/lab-open", "lab/lab-closed", "spare/spare-open"),
    "anthropic": ("claudia/claudia-open", "claudia/claudia-closed"),
    "gemini": ("gemma/gemma-open", "gemma/gemma-closed"),
}
_PROJECTS = ("web", "app", "routed")
TOKEN = ClientToken("default", b"", {}, "2026-01-01T00:00:00.000000Z")


@dataclass
class Visit:
    """One call: planned by the seed, and what its client got."""

    id: str
    at: float
    """Seconds after the beginning."""
    wire: Wire
    model: str
    stream: bool
    cap: int | None
    prompt: str
    tags: str
    leaves: float | None
    """Seconds after which the client leaves, None where it stays."""
    slow: float
    """Seconds that it takes to read a piece."""
    begun: bool = False
    ended: bool = False
    left: bool = False
    status: int | None = None
    got: bytearray = field(default_factory=bytearray)
    finished: bool = False

    @classmethod
    def drawn(cls, number: int, chance: random.Random, span: float) -> Visit:
        wire = chance.choice((CHAT, RESPONSES, MESSAGES, GEMINI))
        cap = chance.choice([40, 400, 2500, 6000, 6000])
        may_be_missing = wire is not MESSAGES
        return cls(
            id=f"c{number:02}",
            at=round(chance.random() * span, 2),
            wire=wire,
            model=chance.choice(MODELS[wire.name]),
            stream=chance.random() < 0.65,
            cap=None if may_be_missing and chance.random() < 0.15 else cap,
            prompt="word " * chance.choice([4, 40, 200]),
            tags=f"project={chance.choice(_PROJECTS if wire in (CHAT, RESPONSES) else _PROJECTS[:2])}",
            leaves=chance.choice([0.0, 0.001, 0.002, 0.02, 0.1, 0.5, 2.0]) if chance.random() < 0.3 else None,
            slow=chance.choice([0.0, 0.0, 0.0, 0.003, 0.5]),
        )

    def inbound(self, began: float) -> Inbound:
        """The request as the data plane would hand it on."""
        path, _, query = self._path().partition("?")
        headers = {
            "content-type": "application/json",
            "anthropic-version": "2023-06-01",
            CALL_HEADER: self.id,
            "x-llmconsole-tags": self.tags,
        }
        door = find_door("POST", path, query, headers)
        return Inbound(
            id=self.id,
            began=began,
            dialect=door.dialect,
            operation=door.operation,
            path=door.path,
            upstream_path=door.upstream_path,
            query=query,
            prefix=door.prefix,
            path_tags=door.tags,
            path_model=door.model,
            path_stream=door.stream,
            headers=headers,
            raw_headers=[(name.encode(), value.encode()) for name, value in headers.items()],
            token=TOKEN,
            body=json.dumps(self._body()).encode(),
        )

    def _path(self) -> str:
        path = self.wire.at(self.stream)
        return path.replace(self.wire.model, self.model.replace("/", "%2F")) if self.wire is GEMINI else path

    def _body(self) -> dict[str, Any]:
        body = self.wire.body(self.model, self.prompt, self.cap or 0, self.stream)
        if self.cap is None:
            body = {key: value for key, value in body.items() if "max" not in key}
            body.pop("generationConfig", None)
        return body


class Line:
    """The connection of a visit, as the gateway's own HTTP client writes to it: read at the visit's pace."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @property
    def response_started(self) -> bool:
        return self._visit.status is not None

    def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        self.start(status, headers)
        self._visit.got += body
        self.finish()

    def start(self, status: int, headers: HeaderList) -> None:
        self._visit.status = status

    async def write(self, data: bytes) -> None:
        self._visit.got += data
        if self._visit.slow:
            await asyncio.sleep(self._visit.slow)

    def put(self, data: bytes) -> bool:
        self._visit.got += data
        return not self._visit.slow

    def finish(self, data: bytes = b"") -> None:
        self._visit.got += data
        self._visit.finished = True


def client_of(visit: Visit, request: Inbound) -> HttpClient:
    """The client of the data plane, on a line of the simulation."""
    return HttpClient(cast("Cycle", Line(visit)), request.dialect, request.id, request.headers)
