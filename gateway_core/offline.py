"""The admin plane without a listening gateway, for commands on a data folder that none runs on."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from gateway_core.http.admin_plane import AdminPlane
from gateway_core.service import opened
from gateway_core.settings import Settings


@contextlib.asynccontextmanager
async def offline_admin(settings: Settings) -> AsyncIterator[AdminPlane]:
    """The ASGI application of the admin plane over the parts of a gateway that serves no calls.

    It holds the data folder as a gateway does. Raises StartError and ConfigError with the mend.
    """
    async with opened(settings) as gateway:
        gateway.url = f"http://{settings.host}:{settings.port}"
        yield AdminPlane(gateway, gateway.admin_token)
