"""The gateway's admin plane as Python: the console's only way in, local or remote."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from console.client.access import Access
from console.client.alerts import Alerts
from console.client.asking import Where
from console.client.brakes import Brakes
from console.client.calls import Calls
from console.client.engine import Engine
from console.client.kept import Kept
from console.client.ledger import Ledger
from console.client.limits import Limits
from console.client.messages import MessagesKept
from console.client.policy import Policy
from console.client.prices import Prices
from console.client.prompts import Prompts
from console.client.routes import Routes
from console.client.tags import Tags
from console.trouble import ClientError, GatewayGone
from console.wire import Wire

__all__ = ["AdminClient", "ClientError", "GatewayGone", "Where"]


class AdminClient(
    Access,
    Alerts,
    Brakes,
    Calls,
    Engine,
    Kept,
    Ledger,
    Limits,
    MessagesKept,
    Policy,
    Prices,
    Prompts,
    Routes,
    Tags,
):
    """Queries, commands and events of one gateway. Use as an async context manager, or call `aclose`.

    url: the gateway's root ('http://127.0.0.1:4141'); token: its admin token; transport: another way there,
    such as httpx.ASGITransport around the admin application itself.
    Every method raises ClientError when the gateway refuses and GatewayGone when it does not answer.
    """

    def __init__(self, url: str, token: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._wire = Wire(url, token, transport)

    @property
    def url(self) -> str:
        return self._wire.url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._wire.http.aclose()
