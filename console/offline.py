"""The admin plane without a running gateway: the same application in this process, over no socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from console.client import AdminClient
from console.gateway import Place, read_token
from console.trouble import NOTHING_THERE, WRONG_USE, Trouble
from gateway_core import ConfigError, Fault, load_settings, offline_admin


@asynccontextmanager
async def offline(place: Place) -> AsyncIterator[AdminClient]:
    """A client of the data folder's own parts. Raises Trouble where they cannot be put together."""
    try:
        settings = load_settings(data=place.data, config=place.config, host=place.host, port=place.port)
        async with offline_admin(settings) as application:
            token = read_token(place.data / "admin.token")
            # The address is never looked up; its host is one that the gateway takes for its own.
            url = f"http://127.0.0.1:{settings.port}"
            async with AdminClient(url, token, transport=httpx.ASGITransport(application)) as client:
                yield client
    except ConfigError as error:
        raise Trouble(error.message, WRONG_USE) from error
    except Fault as error:
        raise Trouble(error.message, NOTHING_THERE) from error
