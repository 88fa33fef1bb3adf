"""What arrived: the requests as the provider saw them, for tests to compare with a ledger."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_RING = 2_000
_MAX_BODY = 16_384
_SHOWN = (
    "user-agent", "content-type", "accept", "accept-encoding", "anthropic-version", "anthropic-beta",
    "openai-beta", "x-goog-api-client", "x-request-id", "originator", "session-id",
    "x-claude-code-session-id",
)  # fmt: skip


@dataclass(slots=True)
class Arrival:
    """One request. Changes while it is answered."""

    seq: int
    method: str
    path: str
    query: str
    headers: dict[str, str]
    """Selected headers and every x-sim-… one."""
    header_names: list[str]
    body_bytes: int
    body: str | None = None
    """The body as text, if it is no longer than 16 KiB."""
    key: str = ""
    """The last four characters of the provider key."""
    model: str = ""
    stream: bool = False
    id: str | None = None
    """The mark of the knob `id`."""
    status: int = 0
    chunks: int = 0
    """Content chunks that were handed over."""
    usage: dict[str, int] = field(default_factory=dict)
    """What the answer truly used, whatever it was made to report."""
    finished: bool = False
    """The answer went out whole."""
    client_left: bool = False


class Seen:
    """The last 2,000 arrivals, and totals since the start or the last reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._ring: deque[Arrival] = deque(maxlen=_RING)
        self._next = 1
        self._plain: Counter[str] = Counter()

    def arrive(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Arrival:
        """Note a request as it comes in; the answer's side is filled in later."""
        shown = {name: headers[name] for name in headers if name in _SHOWN or name.startswith("x-sim-")}
        arrival = Arrival(
            seq=self._next,
            method=method,
            path=path,
            query=query,
            headers=shown,
            header_names=sorted(headers),
            body_bytes=len(body),
            body=body.decode(errors="replace") if len(body) <= _MAX_BODY else None,
        )
        self._next += 1
        self._ring.append(arrival)
        return arrival

    def count_plain(self, path: str) -> None:
        """A request of the plain mode: counted, not kept."""
        self._plain[path] += 1

    def report(self, *, since: int = 0, bodies: bool = False) -> dict[str, Any]:
        """{requests: [Arrival…] with `seq` above `since`, total, plain}; bodies only if asked for."""
        requests = [asdict(arrival) for arrival in self._ring if arrival.seq > since]
        if not bodies:
            for request in requests:
                del request["body"]
        return {
            "total": self._next - 1 + self._plain.total(),
            "plain": dict(self._plain),
            "requests": requests,
        }
