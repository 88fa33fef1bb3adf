"""HTTP to the admin plane: requests out, shapes or errors back."""

from __future__ import annotations

import getpass
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from console.straight import Straight
from console.trouble import ClientError, GatewayGone

PREFIX = "/admin/v1"
TIMEOUT = httpx.Timeout(15.0, connect=5.0)

NOTHING = "nothing"
"""The revision of what is not there."""

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What JSON may raise that is cut, of another shape, no UTF-8, or nested without an end."""

Param = tuple[str, str | int | float | bool | None]
Shape = TypeVar("Shape")


def _who() -> str:
    """Who edits, for the policy's history: the person at this machine."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
    return name.encode("ascii", "replace").decode("ascii")


class Wire:
    """One admin plane over httpx. All its methods raise ClientError and GatewayGone."""

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None) -> None:
        self.url = url.rstrip("/")
        self.http = httpx.AsyncClient(
            base_url=self.url + PREFIX,
            headers={"authorization": f"Bearer {token}", "x-llmconsole-who": _who()},
            transport=transport or transport_to(self.url),
            timeout=TIMEOUT,
            trust_env=False,
        )

    async def get(
        self,
        path: str,
        shape: type[Shape],
        params: list[Param] | None = None,
        *,
        timeout: float | None = None,
    ) -> Shape:
        return decoded(await self.send("GET", path, params=params, timeout=timeout), shape)

    async def put(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], *, over: str | None = None
    ) -> Shape:
        return decoded(await self.send("PUT", path, body, over=over), shape)

    async def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        params: list[Param] | None = None,
        timeout: float | None = None,
        over: str | None = None,
    ) -> httpx.Response:
        """over: the revision that a write is made over; ClientError 412 where it is another one by now."""
        patience = TIMEOUT if timeout is None else httpx.Timeout(timeout)
        expected = None if over is None else _expecting(over)
        try:
            answer = await self.http.request(
                method, path, json=body, params=params, timeout=patience, headers=expected
            )
        except httpx.RequestError as error:
            raise self._gone() from error
        raise_for(answer)
        return answer

    async def stream(self, path: str, params: list[Param]) -> AsyncGenerator[bytes]:
        """The body of a GET, piece by piece, however long it takes."""
        patience = httpx.Timeout(None, connect=5.0)
        try:
            async with self.http.stream("GET", path, params=params, timeout=patience) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise_for(answer)
                async for piece in answer.aiter_bytes():
                    yield piece
        except httpx.RequestError as error:
            raise self._gone() from error

    async def work(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], told: Callable[[float], None]
    ) -> Shape:
        """The result of a POST that tells how far it is, however long that takes. told: takes shares of 1."""
        patience = httpx.Timeout(None, connect=5.0)
        try:
            async with self.http.stream(
                "POST", path, json=body, params={"progress": "true"}, timeout=patience
            ) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise_for(answer)
                async for line in answer.aiter_lines():
                    step = _step(line)
                    if step.result is not None:
                        return msgspec.convert(step.result, shape, strict=False)
                    told(step.done)
        except httpx.RequestError as error:
            raise self._gone() from error
        except msgspec.ValidationError as error:
            raise _another_shape(error) from error
        raise ClientError("unexpected", "the gateway ended its answer before the result", 502)

    def _gone(self) -> GatewayGone:
        return GatewayGone(f"no gateway answers at {self.url}; start one with: llmconsole serve")


def _expecting(over: str) -> dict[str, str]:
    return {"if-none-match": "*"} if over == NOTHING else {"if-match": f'"{over}"'}


def part(name: str) -> str:
    """A name as one part of a path; one of dots alone would else lead to another path."""
    return quote(name, safe="") if name.strip(".") else name.replace(".", "%2E")


def raise_for(answer: httpx.Response) -> None:
    """ClientError for an answer (read to its end) that is a refusal."""
    if not answer.is_error:
        return
    try:
        told = msgspec.json.decode(answer.content, type=dict[str, dict[str, Any]])["error"]
        code, message = str(told["code"]), str(told["message"])
    except (*_UNREADABLE, KeyError):
        code, message = "unexpected", f"the gateway answered {answer.status_code}"
    raise ClientError(code, message, answer.status_code)


class _Step(msgspec.Struct):
    """A line of an answer that tells how far it is. done: a share of 1."""

    done: float = 0.0
    result: Any = None
    error: dict[str, Any] | None = None


def _step(line: str) -> _Step:
    """Raises ClientError for a line that says what went wrong, or that nobody can read."""
    try:
        step = msgspec.json.decode(line, type=_Step)
        if step.error is not None:
            raise ClientError(str(step.error["code"]), str(step.error["message"]), 400)
    except (*_UNREADABLE, KeyError) as error:
        raise _another_shape(error) from error
    return step


def decoded(answer: httpx.Response, shape: type[Shape]) -> Shape:
    """An answer's JSON in its shape. Raises ClientError where it has another."""
    try:
        return msgspec.json.decode(answer.content, type=shape)
    except _UNREADABLE as error:
        raise _another_shape(error) from error


def _another_shape(error: Exception) -> ClientError:
    return ClientError("unexpected", f"the gateway answered in another shape: {error}", 502)


def transport_to(url: str) -> httpx.AsyncBaseTransport:
    """What sends to a gateway at that address; over TLS it trusts whom this system trusts."""
    if url.startswith("https:"):
        return httpx.AsyncHTTPTransport(verify=ssl.create_default_context())
    return Straight()
