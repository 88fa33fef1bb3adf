"""The only door to botocore: AWS's usual credentials, its signatures (SigV4) and the framing of its streams.

Credentials are one text, ACCESS:SECRET or ACCESS:SECRET:SESSION; one of Bedrock's own keys has no colon.
botocore takes 0.3 s to load: `load` does that in a thread, before anybody waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

from gateway_core.clouds.credential import Credential

FRESH_SECONDS = 60.0
USABLE_SECONDS = 300.0
"""botocore renews what expires 10 minutes before it does, whenever it is asked."""

Fields = list[tuple[bytes, bytes]]


class BadFrame(Exception):
    """A stream whose frames or checksums are wrong."""


@cache
def load() -> Any:
    """The parts of botocore that are used here."""
    from botocore import auth, awsrequest, credentials, eventstream, session

    # At level debug it writes what it signs, session tokens among it.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    parts: dict[str, ModuleType] = {
        "auth": auth,
        "request": awsrequest,
        "credentials": credentials,
        "stream": eventstream,
        "session": session,
    }
    return SimpleNamespace(**parts)


@cache
def _session() -> Any:
    return load().session.get_session()


def usual_credential() -> Credential | None:
    """Those of the environment, the profile, a login or the machine, as every AWS tool finds them.

    Blocks: it may read files, ask servers and run programs. Raises botocore's errors.
    """
    found = _session().get_credentials()
    if found is None:
        return None
    frozen = found.get_frozen_credentials()
    text = ":".join(each for each in (frozen.access_key, frozen.secret_key, frozen.token) if each)
    return Credential(text, FRESH_SECONDS, USABLE_SECONDS)


def is_signing_pair(key: str) -> bool:
    """Whether a key is one that signs; any other is sent as it is."""
    return ":" in key


def signature(
    key: str, service: str, region: str, method: str, url: str, headers: Mapping[bytes, bytes], body: bytes
) -> Fields:
    """The header fields that sign a request. headers: host, content-type and all that begin with x-amz."""
    parts = load()
    access, secret, token = (*key.split(":", 2), None)[:3]
    plain = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
    request = parts.request.AWSRequest(method=method, url=url, headers=plain, data=body)
    parts.auth.SigV4Auth(parts.credentials.Credentials(access, secret, token), service, region).add_auth(
        request
    )
    added = (name for name in request.headers.keys() if name.lower().encode() not in headers)
    return [(name.lower().encode(), str(request.headers[name]).encode("latin-1")) for name in added]


class Frames:
    """The messages of an event stream out of bytes that may be split anywhere."""

    def __init__(self) -> None:
        self._stream = load().stream
        self._buffer = self._stream.EventStreamBuffer()

    def feed(self, data: bytes) -> Iterable[tuple[Mapping[str, Any], bytes]]:
        """Headers and payload of each message that is whole by now. Raises BadFrame."""
        self._buffer.add_data(data)
        return self._whole()

    def _whole(self) -> Iterator[tuple[Mapping[str, Any], bytes]]:
        try:
            for message in self._buffer:
                yield message.headers, message.payload
        except (self._stream.ParserError, ValueError) as error:
            raise BadFrame(str(error)) from None
