"""What can go wrong between us and a provider's socket."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """Named as httpx names its own errors."""

    CONNECT = "connect"
    CONNECT_TIMEOUT = "connect timeout"
    POOL_TIMEOUT = "pool timeout"
    READ = "read"
    """The connection broke: reset, aborted, unreachable."""
    READ_TIMEOUT = "read timeout"
    REMOTE = "remote"
    """The other side broke the rules of HTTP, or left before its answer was whole."""
    LOCAL = "local"
    """We were about to break them."""


class Trouble(Exception):
    """A request that did not get its whole answer."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
