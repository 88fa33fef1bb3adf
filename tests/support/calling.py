"""Calls through an httpx transport, as the gateway makes them: without httpx's client."""

from __future__ import annotations

import httpx

LIMITS: dict[str, float] = {"connect": 5.0, "pool": 5.0, "read": 5.0}


def request(
    method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None, **limits: float
) -> httpx.Request:
    return httpx.Request(
        method,
        url,
        headers=headers,
        stream=httpx.ByteStream(body),
        extensions={"timeout": {**LIMITS, **limits}},
    )


async def call(
    transport: httpx.AsyncBaseTransport,
    method: str,
    url: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    **limits: float,
) -> tuple[httpx.Response, bytes]:
    """Head and whole body of an answer."""
    response = await transport.handle_async_request(request(method, url, body, headers, **limits))
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return response, b"".join([chunk async for chunk in response.stream])


def stream_of(response: httpx.Response) -> httpx.AsyncByteStream:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return response.stream
