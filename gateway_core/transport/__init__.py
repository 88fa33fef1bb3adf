"""The way to providers: an httpx transport on httptools and asyncio, for HTTP/1.1 over TCP and TLS.

It costs a fifteenth of the stock transport's CPU. What it does not do goes through the stock one:
proxies, HTTP/2, and request bodies that are not in memory.

A request is written once. Only GET, HEAD and OPTIONS are sent a second time, on a fresh connection, when
a kept connection closed without a single byte of an answer. A POST may have been received, and be paid
for, although its connection closes without an answer; it fails instead. So that this stays rare, an idle
connection is asked for an unread close right before each use, and leaves before the server said it would.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Mapping

import httpx

from gateway_core.transport.connection import Connection
from gateway_core.transport.dial import dial
from gateway_core.transport.exchange import Exchange, Fields, Sink
from gateway_core.transport.head import completed, request_head
from gateway_core.transport.pool import Idle, Pool
from gateway_core.transport.proxies import proxy_for
from gateway_core.transport.trouble import Kind, Trouble

LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=30.0)
"""For each origin."""

_REPEATABLE = ("GET", "HEAD", "OPTIONS")
_ERRORS: Mapping[Kind, type[httpx.TransportError]] = {
    Kind.CONNECT: httpx.ConnectError,
    Kind.CONNECT_TIMEOUT: httpx.ConnectTimeout,
    Kind.POOL_TIMEOUT: httpx.PoolTimeout,
    Kind.READ: httpx.ReadError,
    Kind.READ_TIMEOUT: httpx.ReadTimeout,
    Kind.REMOTE: httpx.RemoteProtocolError,
    Kind.LOCAL: httpx.LocalProtocolError,
}
_EXTENSIONS = {"http_version": b"HTTP/1.1"}
_NO_TIMEOUTS: Mapping[str, float | None] = {}

Origin = tuple[str, bytes, int]
Timeouts = Mapping[str, float | None]


class Transport(httpx.AsyncBaseTransport):
    """Belongs to the event loop in which it is first used.

    Time limits come with each request as httpx's `timeout` extension, in seconds: `pool`, `connect`,
    `read` until the first piece of the body, and one of our own, `idle`, from piece to piece (else `read`).
    """

    def __init__(
        self,
        *,
        limits: httpx.Limits = LIMITS,
        ssl_context: ssl.SSLContext | None = None,
        http2: bool = False,
    ) -> None:
        self._limits = limits
        self._given_context = ssl_context
        self._made_context: ssl.SSLContext | None = None
        self._http2 = http2
        self._ways: dict[Origin, Pool | httpx.AsyncHTTPTransport] = {}
        self._stock: dict[str | None, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises the errors of httpx; each but ConnectError, ConnectTimeout, PoolTimeout and
        LocalProtocolError means that the request may have reached the server."""
        way = self._way(request.url)
        stream = request.stream
        if not isinstance(way, Pool):
            return await way.handle_async_request(request)
        if not isinstance(stream, httpx.ByteStream):
            return await self._stock_transport(None).handle_async_request(request)
        timeouts: Timeouts = request.extensions.get("timeout", _NO_TIMEOUTS)
        url, body, fields = request.url, b"".join(stream), request.headers.raw
        fields = completed(fields, request.method, url.netloc, len(body))
        try:
            status, found, source = await self.send(way, request.method, url.raw_path, fields, body, timeouts)
        except httpx.TransportError as error:
            error.request = request
            raise
        return httpx.Response(status, headers=found, stream=source, extensions=_EXTENSIONS)

    def pool(self, origin: Origin) -> Pool | None:
        """Our own connections to an origin; None where the stock transport goes there."""
        way = self._ways.get(origin) or self._new_way(*origin)
        self._ways[origin] = way
        return way if isinstance(way, Pool) else None

    async def send(
        self, pool: Pool, method: str, target: bytes, fields: Fields, body: bytes, timeouts: Timeouts
    ) -> tuple[int, Fields, Body]:
        """Status, fields and body of the answer to a request whose fields are complete, as soon as its head
        has come. Raises as `handle_async_request` does."""
        try:
            exchange = await _exchange(pool, method, request_head(method, target, fields), body, timeouts)
        except Trouble as trouble:
            raise _ERRORS[trouble.kind](str(trouble)) from trouble
        return exchange.status, exchange.fields, Body(exchange, timeouts)

    async def aclose(self) -> None:
        """Ends all connections at once, also those in use."""
        for way in self._ways.values():
            if isinstance(way, Pool):
                await way.aclose()
        for stock in self._stock.values():
            await stock.aclose()

    def _way(self, url: httpx.URL) -> Pool | httpx.AsyncHTTPTransport:
        origin = origin_of(url)
        if (way := self._ways.get(origin)) is None:
            way = self._ways[origin] = self._new_way(*origin)
        return way

    def _new_way(self, scheme: str, raw_host: bytes, port: int) -> Pool | httpx.AsyncHTTPTransport:
        host = raw_host.decode("ascii")
        if scheme not in ("http", "https") or not host:
            raise httpx.UnsupportedProtocol(f"no http:// or https:// address: {scheme}://{host}")
        proxy = proxy_for(scheme, host, port)
        if proxy is not None or (self._http2 and scheme == "https"):
            return self._stock_transport(proxy)
        context = self._context() if scheme == "https" else None

        async def connect(idle: Idle, gone: Idle) -> Connection:
            loop = asyncio.get_running_loop()
            sock = await dial(host, port)
            _, connection = await loop.create_connection(
                lambda: Connection(loop, idle, gone),
                sock=sock,
                ssl=context,
                server_hostname=host if context else None,
            )
            return connection

        most = self._limits.max_connections or LIMITS.max_connections or 1000
        most_idle = self._limits.max_keepalive_connections
        return Pool(
            connect,
            most=most,
            most_idle=most if most_idle is None else most_idle,
            keep_seconds=self._limits.keepalive_expiry or 0.0,
        )

    def _stock_transport(self, proxy: str | None) -> httpx.AsyncHTTPTransport:
        if proxy not in self._stock:
            self._stock[proxy] = httpx.AsyncHTTPTransport(
                verify=self._context(), http2=self._http2, limits=self._limits, proxy=proxy
            )
        return self._stock[proxy]

    def _context(self) -> ssl.SSLContext:
        # Made when it is first needed: reading the authorities takes as long as the rest of the start.
        if self._given_context is not None:
            return self._given_context
        if self._made_context is None:
            self._made_context = _default_context()
        return self._made_context


class Body(httpx.AsyncByteStream):
    """The body of an answer as it comes. To close it before its end closes the connection."""

    def __init__(self, exchange: Exchange, timeouts: Timeouts) -> None:
        self._exchange = exchange
        self._seconds = timeouts.get("read")
        self._idle = timeouts.get("idle", self._seconds)

    async def read(self) -> bytes:
        """What has come since the last call, at least one byte; b'' at the end. Raises httpx's errors."""
        try:
            chunk = await self._exchange.read(self._seconds)
        except Trouble as trouble:
            raise _ERRORS[trouble.kind](str(trouble)) from trouble
        self._seconds = self._idle
        return chunk

    async def pour(self, sink: Sink) -> bool:
        """Hands each piece to `sink` in the moment in which it comes: True at the end, False as soon as the
        sink takes no more for now. Raises httpx's errors, and what the sink raises."""
        try:
            return await self._exchange.pour(sink, self._seconds, self._idle)
        except Trouble as trouble:
            raise _ERRORS[trouble.kind](str(trouble)) from trouble
        finally:
            self._seconds = self._idle

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while chunk := await self.read():
            yield chunk

    def abort(self) -> None:
        """Ends the connection at once unless the answer has come whole."""
        self._exchange.abandon()

    async def aclose(self) -> None:
        self.abort()


def origin_of(url: httpx.URL) -> Origin:
    """Scheme, host and port of a URL."""
    scheme = url.scheme
    return scheme, url.raw_host, url.port or (443 if scheme == "https" else 80)


async def _exchange(pool: Pool, method: str, head: bytes, body: bytes, timeouts: Timeouts) -> Exchange:
    """An exchange whose head has come."""
    connect, wait, read = timeouts.get("connect"), timeouts.get("pool"), timeouts.get("read")
    connection = await pool.acquire(connect_seconds=connect, pool_seconds=wait)
    kept = connection.served > 0
    exchange = connection.begin(method, head, body)
    try:
        await exchange.head(read)
    except Trouble as trouble:
        closed_unanswered = kept and not exchange.answered and trouble.kind in (Kind.READ, Kind.REMOTE)
        if not closed_unanswered or method not in _REPEATABLE:
            raise
        connection = await pool.acquire(connect_seconds=connect, pool_seconds=wait, fresh=True)
        exchange = connection.begin(method, head, body)
        await exchange.head(read)
    return exchange


def _default_context() -> ssl.SSLContext:
    """Certificates as httpx checks them (SSL_CERT_FILE, SSL_CERT_DIR, else certifi's authorities), and those
    that the owner of this machine trusts besides."""
    context = httpx.create_ssl_context()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context
