"""A call on its way into a cloud, and what is done to the answer that comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gateway_core.formats.json_object import JsonObject, read_body
from gateway_core.formats.splice import encoded, splice, without
from gateway_core.providers.cloud import Cloud
from gateway_core.providers.provider import Provider
from gateway_core.upstream.answer import Answer, Source
from gateway_core.upstream.failure import UpstreamFailure

ERROR_LIMIT = 2**20
_DATE = re.compile(rb"\d{4}-\d\d-\d\d\Z")
_FIRST = b"2023-06-01"
"""The version of Anthropic's API that the clouds have names of their own for."""


def _as_it_is(answer: Answer) -> None:
    """An answer that nothing is wrapped around."""


@dataclass(frozen=True, slots=True)
class Letter:
    """path: with its query, below the base URL; unwrap: changes the answer into the one that is expected."""

    path: str
    headers: Iterable[tuple[bytes, bytes]]
    body: bytes
    unwrap: Callable[[Answer], None] = _as_it_is


Wrap = Callable[[Provider, Letter], Letter]


class Changed(Source):
    """A short body that is read whole and handed on changed."""

    def __init__(self, source: Source, change: Callable[[bytes], bytes]) -> None:
        self._source = source
        self._change = change
        self._done = False

    async def read(self) -> bytes:
        if self._done:
            return b""
        self._done = True
        pieces: list[bytes] = []
        size = 0
        while piece := await self._source.read():
            size += len(piece)
            if size > ERROR_LIMIT:
                self.abort()
                raise UpstreamFailure("broken", f"an error is longer than {ERROR_LIMIT} bytes", sent=True)
            pieces.append(piece)
        return self._change(b"".join(pieces))

    def abort(self) -> None:
        self._source.abort()

    async def aclose(self) -> None:
        await self._source.aclose()


def message_body(letter: Letter, own_version: str, *, gone: tuple[str, ...]) -> tuple[JsonObject, bytes]:
    """A request in Anthropic's format as it came, and for a cloud: with a version, without some keys.

    The version is the one in the body, else a client's own from after the first, as Anthropic's SDK for
    the clouds sends it too, else the cloud's own name for the first.
    """
    found = read_body(letter.body)
    left = found
    for key in gone:
        if key in left.values:
            left = read_body(without(left, key))
    if "anthropic_version" in left.values:
        return found, left.text
    named = next((value for name, value in letter.headers if name == b"anthropic-version"), b"")
    later = _DATE.match(named) and named > _FIRST
    version = named.decode() if later else own_version
    return found, splice(left, {"anthropic_version": encoded(version)})


def betas_of(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """The betas that a client names."""
    named = [value.decode("latin-1").split(",") for name, value in headers if name == b"anthropic-beta"]
    return list(dict.fromkeys(beta.strip() for each in named for beta in each if beta.strip()))


def known_betas(cloud: Cloud, headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """Those that the cloud knows: it would refuse the call for any other."""
    return [beta for beta in betas_of(headers) if cloud.knows_beta(beta)]
