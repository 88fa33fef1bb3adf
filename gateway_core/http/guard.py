"""Who may speak to the gateway at all: Host, Origin, and the client's token."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ClientToken

TOKEN_HEADERS = ("x-llmconsole-token", "authorization", "x-api-key", "x-goog-api-key")
TOKEN_PREFIX = "lc-"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_EVERYWHERE = frozenset({"0.0.0.0", "::"})


def new_token() -> str:
    """A client or admin token of 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def check_host(headers: Mapping[str, str], listening: frozenset[str], port: int) -> None:
    """Refuses requests that a web page may have caused. `listening`: host names beyond loopback; `port`: our
    own.

    A foreign Host is how DNS rebinding looks, an Origin how a browser looks. Raises Refusal 403.
    """
    host = headers.get("host", "")
    name, stated = _parted(host)
    if stated != str(port) or not _is_ours(name.lower(), listening):
        raise Refusal(
            403,
            "foreign_host",
            f"Host {host[:80]!r} is not this gateway; use http://127.0.0.1:{port} or where it listens",
        )
    if origin := headers.get("origin"):
        raise Refusal(403, "foreign_origin", f"calls from web pages ({origin[:80]}) are not served")


def _parted(host: str) -> tuple[str, str]:
    """Name and port of a Host; a port that is not stated is 80."""
    name, colon, port = host.rpartition(":")
    return (name, port) if colon and not host.endswith("]") else (host, "80")


def _is_ours(name: str, listening: frozenset[str]) -> bool:
    """Whoever listens everywhere is reached at any address; only a name can be made to point here."""
    if name in _LOOPBACK or name in listening:
        return True
    return bool(listening & _EVERYWHERE) and _is_address(name.strip("[]"))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Tokens:
    """The client tokens by their keyed hash."""

    def __init__(self, hash_key: bytes, tokens: Iterable[ClientToken], required: bool) -> None:
        self._keyed = hmac.new(hash_key, digestmod="sha256")
        self._required = required
        self.replace(tokens)

    def replace(self, tokens: Iterable[ClientToken]) -> None:
        """Takes over the tokens as they now are."""
        self._tokens = {token.digest: token for token in tokens if token.revoked_at is None}

    def digest(self, text: str) -> bytes:
        """The keyed hash under which a token is kept. A fast one will do: a token is random, no password.

        A copy of what is keyed already does not let go of the interpreter meanwhile.
        """
        keyed = self._keyed.copy()
        keyed.update(text.encode())
        return keyed.digest()

    def find(self, headers: Mapping[str, str]) -> tuple[ClientToken, frozenset[str]]:
        """The token that a request carries, and every header that holds one of ours: no provider sees them.

        Looked up by its keyed hash: how long that takes tells nothing about the tokens. Raises Refusal 401.
        """
        found, ours = None, []
        for name in TOKEN_HEADERS:
            if value := headers.get(name):
                token = self._tokens.get(self.digest(_bare(name, value)))
                if token is not None:
                    ours.append(name)
                    found = found or token
        if found is not None:
            return found, frozenset(ours)
        if not self._required:
            return _ANYBODY, frozenset()
        raise Refusal(
            401,
            "invalid_token",
            "no client token, or one that is not known here; run `llmconsole env` for the lines that set it",
        )


_ANYBODY = ClientToken(name="-", digest=b"", tags={}, created_at="")


def _bare(header: str, value: str) -> str:
    if header == "authorization":
        scheme, _, rest = value.partition(" ")
        return rest.strip() if scheme.lower() == "bearer" else value
    return value.strip()
