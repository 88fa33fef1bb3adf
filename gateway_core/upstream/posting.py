"""A message posted to an address of the user's own: the same door as to providers, without their ways."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from gateway_core.transport import Transport
from gateway_core.upstream.failure import UpstreamFailure

POST_SECONDS = 10.0
"""From the connection to the head of the answer."""


class Poster:
    """Posts to addresses that only the configuration names. Redirects are not followed."""

    def __init__(self, *, seconds: float = POST_SECONDS) -> None:
        self._transport = Transport()
        self._seconds = seconds

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer; what it says is not read. Raises UpstreamFailure, naming the host only:
        path and query of such an address may be a secret."""
        address = httpx.URL(url)
        request = httpx.Request(
            "POST",
            address,
            headers={"user-agent": "llmconsole", **headers, "content-length": str(len(body))},
            stream=httpx.ByteStream(body),
            extensions={"timeout": dict.fromkeys(("connect", "pool", "write", "read"), self._seconds)},
        )
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._transport.handle_async_request(request)
                await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            message = f"{address.host} did not answer within {self._seconds:g} s"
            raise UpstreamFailure("timeout", message, sent=True) from None
        except httpx.TransportError as error:
            message = f"{address.host} could not be reached ({type(error).__name__})"
            raise UpstreamFailure("connect", message, sent=False) from error
        return response.status_code

    async def aclose(self) -> None:
        """Ends all connections."""
        await self._transport.aclose()
