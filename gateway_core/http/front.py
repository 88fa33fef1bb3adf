"""One port, three doors: the admin plane, health and metrics, and what clients call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gateway_core.http.asgi import Receive, Scope, Send
from gateway_core.http.client import HttpClient
from gateway_core.http.cycle import cycle_of
from gateway_core.http.data_plane import DataPlane
from gateway_core.http.guard import check_host
from gateway_core.http.ops import PATHS, Ops
from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Front:
    """The ASGI application of the whole gateway."""

    def __init__(self, data: DataPlane, ops: Ops, admin: Application) -> None:
        self._data = data
        self._ops = ops
        self._admin = admin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        path = scope["path"]
        if path.startswith("/admin/"):
            if await self._guarded(scope):
                await self._admin(scope, receive, send)
        elif path in PATHS and scope["method"] in ("GET", "HEAD"):
            if await self._guarded(scope):
                await self._ops(scope, send)
        else:
            await self._data(scope)

    async def _guarded(self, scope: Scope) -> bool:
        """Whether Host and Origin are this machine's own; a request from elsewhere is refused here."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            check_host(headers, self._data.listening, scope["server"][1])
        except Refusal as refusal:
            await HttpClient(cycle_of(scope), DialectName.OPENAI_CHAT, "-", headers).refuse(refusal)
            return False
        return True
