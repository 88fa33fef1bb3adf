"""Refusals as each client takes them best: its own error shape, a status that it does not misread."""

from __future__ import annotations

from collections.abc import Mapping

from gateway_core.formats import DIALECTS
from gateway_core.model.call import DialectName
from gateway_core.model.errors import NO_KEY, Refusal
from gateway_core.rules.identity import client_kind

HeaderList = list[tuple[bytes, bytes]]


_TRY_AGAIN = {"codex": ("spent", "no_key"), "aider": ("spent",)}
"""Clients that ask again and again after a 402, or after a 401 that no login of theirs can mend, and stop
at a 400, which they show at once."""


def status_for(refusal: Refusal, headers: Mapping[str, str], app: str = "") -> int:
    """The status as the client takes it. app: the program that calls, where it is known; aider names
    itself in no header."""
    why = "no_key" if refusal.code == NO_KEY else "spent" if refusal.status == 402 else ""
    tried = (*_TRY_AGAIN.get(client_kind(headers) or "", ()), *_TRY_AGAIN.get(app, ()))
    return 400 if why in tried else refusal.status


def refusal_answer(
    refusal: Refusal, dialect: DialectName, request_id: str, headers: Mapping[str, str], app: str = ""
) -> tuple[int, HeaderList, bytes]:
    """Status, headers (without a length) and body of a refusal for that client."""
    body = DIALECTS[dialect].refusal(refusal, request_id)
    out: HeaderList = [
        (b"content-type", b"application/json"),
        (b"x-llmconsole-request-id", request_id.encode()),
    ]
    if refusal.code == NO_KEY:
        # Claude Code would try for minutes, and show nothing.
        out.append((b"x-should-retry", b"false"))
    if refusal.retry_after is not None:
        out.append((b"retry-after", str(refusal.retry_after).encode()))
    out += [(name.encode(), value.encode()) for name, value in refusal.headers.items()]
    return status_for(refusal, headers, app), out, body
