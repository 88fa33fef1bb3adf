"""Who may open the console in a browser: a ticket good once, the session it becomes, Host and Origin."""

from __future__ import annotations

import secrets
import socket
from hmac import compare_digest
from ipaddress import ip_address

LOOPBACK = "127.0.0.1"
_LOOPBACK = frozenset({"localhost", LOOPBACK, "[::1]"})
_EVERYWHERE = frozenset({"0.0.0.0", "::"})
_BYTES = 32


class Door:
    """host, port: where it listens. room: the folder of the page's address. A browser hands a whole host's
    cookie to every port of it; one for a folder that nobody can guess stays ours."""

    def __init__(self, host: str, port: int) -> None:
        self.room = f"/{secrets.token_urlsafe(12)}/"
        self.cookie = "llmconsole"
        self._port = port
        self._everywhere = host in _EVERYWHERE
        self._name = socket.gethostname().lower() if self._everywhere else bracketed(host)
        self._ticket = ""
        self._sessions: list[str] = []

    def invite(self) -> str:
        """A new address that opens the console once; an earlier one that nobody has used ends."""
        self._ticket = secrets.token_urlsafe(_BYTES)
        return f"http://{self._name}:{self._port}/?token={self._ticket}"

    def admit(self, ticket: str) -> str | None:
        """A session for the ticket, which is used up by that; None for any other word."""
        if not self._ticket or not _same(ticket, self._ticket):
            return None
        self._ticket = ""
        self._sessions.append(secrets.token_urlsafe(_BYTES))
        return self._sessions[-1]

    def knows(self, session: str) -> bool:
        """Whether a ticket became this session."""
        return any(_same(session, each) for each in self._sessions)

    def is_ours(self, host: str) -> bool:
        """Whether a Host header names this server: a foreign one is how DNS rebinding looks."""
        name, colon, port = host.lower().rpartition(":")
        if not colon or host.endswith("]"):
            name, port = host.lower(), "80"
        if port != str(self._port):
            return False
        return name in _LOOPBACK or name == self._name or (self._everywhere and _is_address(name))

    def is_own_page(self, origin: str, host: str) -> bool:
        """Whether an Origin header is that of our own page. Any page may open a websocket to us: Origin
        alone tells them apart."""
        return self.is_ours(host) and origin.lower() == f"http://{host.lower()}"


def bracketed(host: str) -> str:
    """The host as it stands in an address."""
    return f"[{host}]" if ":" in host else host.lower()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    return bracketed(host) in _LOOPBACK or (_is_address(host) and ip_address(host).is_loopback)


def _same(one: str, other: str) -> bool:
    # What comes in a header may hold bytes that are no text.
    return compare_digest(one.encode(errors="replace"), other.encode())


def _is_address(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
