"""Refusals as each client takes them best: its own error shape, a status that it does not misread."""

from __future__ import annotations

from collections.abc import Mapping

from gateway_core.formats import DIALECTS
from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal
from gateway_core.rules.identity import client_kind

HeaderList = list[tuple[bytes, bytes]]


_TRY_AGAIN = ("codex", "aider")
"""Clients that ask again for a minute after a 402, and stop at a 400, which they show at once."""


def status_for(refusal: Refusal, headers: Mapping[str, str], app: str = "") -> int:
    """The status as the client takes it. app: the program that calls, where it is known; aider names
    itself in no header."""
    if refusal.status == 402 and (client_kind(headers) in _TRY_AGAIN or app in _TRY_AGAIN):
        return 400
    return refusal.status


def refusal_answer(
    refusal: Refusal, dialect: DialectName, request_id: str, headers: Mapping[str, str], app: str = ""
) -> tuple[int, HeaderList, bytes]:
    """Status, headers (without a length) and body of a refusal for that client."""
    body = DIALECTS[dialect].refusal(refusal, request_id)
    out: HeaderList = [
        (b"content-type", b"application/json"),
        (b"x-llmconsole-request-id", request_id.encode()),
    ]
    if refusal.retry_after is not None:
        out.append((b"retry-after", str(refusal.retry_after).encode()))
    out += [(name.encode(), value.encode()) for name, value in refusal.headers.items()]
    return status_for(refusal, headers, app), out, body
