"""The only door to providers: what a call needs on its way out, and what comes back.

One call is one attempt. Whether another one is made, and where, is decided above.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from functools import lru_cache

import httpx

from gateway_core.model.errors import Refusal
from gateway_core.providers.provider import Provider
from gateway_core.transport import Body, Transport
from gateway_core.upstream.failure import FailureKind, UpstreamFailure
from gateway_core.upstream.headers import Fields, returned_headers, sent_headers
from gateway_core.upstream.listing import discovered_models, listed_models

__all__ = ["Answer", "FailureKind", "Upstream", "UpstreamFailure"]

CONNECT_SECONDS = 5.0
FIRST_BYTE_SECONDS = 600.0
IDLE_SECONDS = 300.0

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PATH = re.compile(r"/[!\"$-\[\]-~]*")
_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?:[/?;]|$)", re.IGNORECASE)
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

# Answers whose stock stream is being closed behind their reader's back; kept so that none is lost.
_closing: set[asyncio.Task[None]] = set()


class Answer:
    """What a provider answered. Its body is read once, by `read` or `chunks`, or thrown away by `abort`."""

    __slots__ = ("_host", "_stream", "headers", "request_id", "status")

    def __init__(self, response: httpx.Response, host: str) -> None:
        assert isinstance(response.stream, httpx.AsyncByteStream)
        self._stream = response.stream
        self._host = host
        self.status = response.status_code
        self.headers: Fields
        """Names in lower case; without what was meant for one connection or for browsers."""
        self.request_id: str | None
        self.headers, self.request_id = returned_headers(response.headers.raw)

    async def read(self, limit: int) -> bytes:
        """The whole body as it came, still in its content-encoding.

        Raises UpstreamFailure where it breaks off or is longer than `limit` bytes.
        """
        pieces: list[bytes] = []
        size = 0
        async for piece in self.chunks():
            size += len(piece)
            if size > limit:
                self.abort()
                raise UpstreamFailure(
                    "broken", f"the answer of {self._host} is longer than {limit} bytes", sent=True
                )
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes of the body as they come, at least one in each piece. Raises UpstreamFailure."""
        try:
            async for piece in self._stream:
                yield piece
        except httpx.TransportError as error:
            raise _failure(error, self._host) from error

    def abort(self) -> None:
        """Ends the connection at once unless the answer has come whole. Does nothing the second time."""
        if isinstance(self._stream, Body):
            self._stream.abort()
            return
        task = asyncio.get_running_loop().create_task(self._stream.aclose())
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    async def aclose(self) -> None:
        """As `abort`, and waits until it is done."""
        await self._stream.aclose()


class Upstream:
    """Sends calls to providers. Limits are seconds: for a connection, until the first piece of a body, and
    between two pieces."""

    def __init__(
        self,
        *,
        connect_timeout: float = CONNECT_SECONDS,
        first_byte_timeout: float = FIRST_BYTE_SECONDS,
        idle_timeout: float = IDLE_SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._transport = transport or Transport()
        self._extensions = {
            "timeout": {
                "connect": connect_timeout,
                "pool": connect_timeout,
                "write": first_byte_timeout,
                "read": first_byte_timeout,
                "idle": idle_timeout,
            }
        }

    async def send(
        self,
        provider: Provider,
        method: str,
        path_and_query: str,
        headers: Iterable[tuple[bytes, bytes]],
        body: bytes,
        key: str | None,
    ) -> Answer:
        """One attempt: the provider's answer, whatever its status, as soon as its head has come.

        path_and_query: what follows the provider's base URL: '/chat/completions', '/v1/messages?beta=true'.
        headers: the client's own; body: not compressed; key: None where none is sent.
        Raises UpstreamFailure, and Refusal 400 for a path that would leave the base URL.
        """
        url, netloc = _address(provider.id, provider.base_url, path_and_query)
        length = len(body) if body or method in _WITH_BODY else None
        request = httpx.Request(
            method,
            url,
            headers=sent_headers(provider, headers, key, netloc, length),
            stream=httpx.ByteStream(body),
            extensions=self._extensions,
        )
        try:
            response = await self._transport.handle_async_request(request)
        except httpx.TransportError as error:
            raise _failure(error, url.host) from error
        answer = Answer(response, url.host)
        if response.status_code in _REDIRECTS:
            answer.abort()
            raise _redirected(provider, url, response)
        return answer

    async def list_models(self, provider: Provider, key: str | None) -> list[str]:
        """The names of the models that the provider offers to that key.

        Raises UpstreamFailure; Refusal 401 where the key is refused, 502 where the list makes no sense.
        """
        return await listed_models(self.send, provider, key)

    async def discover(self, provider: Provider) -> list[str]:
        """The models of a provider that may or may not run on this machine; none where nothing answers."""
        return await discovered_models(self.send, provider)

    async def aclose(self) -> None:
        """Ends all connections at once."""
        await self._transport.aclose()


@lru_cache(maxsize=512)
def _address(provider_id: str, base_url: str, path_and_query: str) -> tuple[httpx.URL, bytes]:
    if not base_url:
        raise UpstreamFailure(
            "connect", f"{provider_id} has no base_url; set it under [providers.{provider_id}]", sent=False
        )
    path, _, _ = path_and_query.partition("?")
    if not _PATH.fullmatch(path_and_query) or _DOTS.search(path):
        raise Refusal(400, "bad_path", "the path holds characters or steps that no provider serves")
    try:
        url = httpx.URL(base_url.rstrip("/") + path_and_query)
    except httpx.InvalidURL as error:
        raise Refusal(400, "bad_path", f"the path cannot be sent on: {error}") from None
    return url, url.netloc


def _failure(error: httpx.TransportError, host: str) -> UpstreamFailure:
    if isinstance(error, _NEVER_SENT):
        return UpstreamFailure("connect", f"no connection to {host}: {error}", sent=False)
    if isinstance(error, httpx.TimeoutException):
        return UpstreamFailure("timeout", f"{host} fell silent: {error}", sent=True)
    sent = not isinstance(error, httpx.LocalProtocolError)
    return UpstreamFailure("broken", f"{host}: {error}", sent=sent)


def _redirected(provider: Provider, url: httpx.URL, response: httpx.Response) -> UpstreamFailure:
    """Whoever follows a redirect takes the key to a place that nobody configured."""
    try:
        to = url.join(response.headers.get("location", ""))
        where = f"{to.scheme}://{to.netloc.decode('ascii')}"
    except httpx.InvalidURL:
        where = "another place"
    mend = f"check base_url of [providers.{provider.id}]"
    message = f"{url.host} redirects to {where}, which is not followed; {mend}"
    return UpstreamFailure("broken", message, sent=True)
