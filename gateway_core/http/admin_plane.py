"""The door of the admin plane: its token, its limits; FastAPI behind it is loaded when first needed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from gateway_core.model.errors import Refusal

if TYPE_CHECKING:
    from gateway_core.http.admin.engine import Engine
    from gateway_core.http.asgi import Receive, Scope, Send

    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX = "/admin/v1"
MAX_BODY = 4 * 1024 * 1024


class AdminPlane:
    """ASGI application of everything below /admin/v1. Only the admin token opens it."""

    def __init__(self, engine: Engine, token: str) -> None:
        self._engine = engine
        self._expected = b"Bearer " + token.encode()
        self._application: Application | None = None
        self._loading = anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._admit(dict(scope["headers"]))
        except Refusal as refusal:
            await _refuse(refusal, send)
            return
        application = self._application or await self._load()
        await application(scope, receive, send)

    def _admit(self, headers: dict[bytes, bytes]) -> None:
        if not secrets.compare_digest(headers.get(b"authorization", b""), self._expected):
            raise Refusal(
                401,
                "invalid_admin_token",
                "this needs Authorization: Bearer and the token in admin.token of the data folder",
            )
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MAX_BODY or b"transfer-encoding" in headers:
            raise Refusal(413, "too_large", f"a body here has a content-length of {MAX_BODY} bytes at most")

    async def _load(self) -> Application:
        async with self._loading:
            if self._application is None:
                # Loading FastAPI takes half a second, in which running calls must go on.
                self._application = await anyio.to_thread.run_sync(_build, self._engine)
            return self._application


def _build(engine: Engine) -> Application:
    from gateway_core.http.admin.application import admin_application

    return admin_application(engine)


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = json.dumps({"error": {"code": refusal.code, "message": refusal.message}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
