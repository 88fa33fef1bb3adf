"""The only door to providers: what a call needs on its way out, and what comes back.

One call is one attempt. Whether another one is made, and where, is decided above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import httpx

from gateway_core.model.errors import Refusal
from gateway_core.providers.provider import Provider
from gateway_core.transport import Origin, Transport, origin_of
from gateway_core.upstream.answer import Answer, failure_of, source_of
from gateway_core.upstream.envelopes import left_out, wrapped
from gateway_core.upstream.failure import FailureKind, UpstreamFailure
from gateway_core.upstream.headers import CREDENTIALS, Fields, is_signed, sent_headers
from gateway_core.upstream.listing import discovered_models, listed_models
from gateway_core.upstream.signing import signature_fields

__all__ = ["CREDENTIALS", "Answer", "FailureKind", "Upstream", "UpstreamFailure", "left_out"]

CONNECT_SECONDS = 5.0
FIRST_BYTE_SECONDS = 600.0
IDLE_SECONDS = 300.0

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PATH = re.compile(r"/[!\"$-\[\]-~]*")
# Also where the strokes around it are encoded: some servers take those for strokes, and walk another path
# than the one that was held for.
_DOTS = re.compile(r"(?:/|%2f|%5c)(?:\.|%2e){1,2}(?:[/?;]|%2f|%5c|%3b|$)", re.IGNORECASE)


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
        if not provider.base_url:
            needed = f"has no {provider.place_key}; set it under [providers.{provider.id}]"
            raise UpstreamFailure("connect", f"{provider.id} {needed}", sent=False)
        letter = wrapped(provider, method, path_and_query, headers, body)
        body = letter.body
        place = _address(provider.base_url, letter.path)
        length = len(body) if body or method in _WITH_BODY else None
        fields = sent_headers(provider, letter.headers, key, place.netloc, length)
        if key is not None and is_signed(provider, key):
            fields += signature_fields(provider, key, method, str(place.url), fields, body)
        try:
            answer = await self._answer(place, method, fields, body)
        except httpx.TransportError as error:
            raise failure_of(error, place.host) from error
        if answer.status in _REDIRECTS:
            answer.abort()
            raise _redirected(provider, place.url, answer)
        letter.unwrap(answer)
        return answer

    async def _answer(self, place: _Address, method: str, fields: Fields, body: bytes) -> Answer:
        """Straight to the connections where these are our own: types of httpx cost more than they do."""
        transport = self._transport
        pool = transport.pool(place.origin) if isinstance(transport, Transport) else None
        if isinstance(transport, Transport) and pool is not None:
            status, found, source = await transport.send(
                pool, method, place.target, fields, body, self._extensions["timeout"]
            )
            return Answer(status, found, source, place.host)
        request = httpx.Request(
            method, place.url, headers=fields, stream=httpx.ByteStream(body), extensions=self._extensions
        )
        response = await transport.handle_async_request(request)
        return Answer(response.status_code, response.headers.raw, source_of(response), place.host)

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


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a call goes, taken apart once."""

    url: httpx.URL
    netloc: bytes
    target: bytes
    origin: Origin
    host: str


@lru_cache(maxsize=512)
def _address(base_url: str, path_and_query: str) -> _Address:
    path, _, _ = path_and_query.partition("?")
    if not _PATH.fullmatch(path_and_query) or _DOTS.search(path):
        raise Refusal(400, "bad_path", "the path holds characters or steps that no provider serves")
    try:
        url = httpx.URL(base_url.rstrip("/") + path_and_query)
    except httpx.InvalidURL as error:
        raise Refusal(400, "bad_path", f"the path cannot be sent on: {error}") from None
    return _Address(url, url.netloc, url.raw_path, origin_of(url), url.host)


def _redirected(provider: Provider, url: httpx.URL, answer: Answer) -> UpstreamFailure:
    """Whoever follows a redirect takes the key to a place that nobody configured."""
    location = next((value for name, value in answer.headers if name == b"location"), b"")
    try:
        to = url.join(location.decode("latin-1"))
        where = f"{to.scheme}://{to.netloc.decode('ascii')}"
    except httpx.InvalidURL:
        where = "another place"
    mend = f"check base_url of [providers.{provider.id}]"
    message = f"{url.host} redirects to {where}, which is not followed; {mend}"
    return UpstreamFailure("broken", message, sent=True)
