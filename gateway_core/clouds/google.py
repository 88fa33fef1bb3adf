"""The only door to google-auth: access tokens for a service account, a login, or what the machine has.

Everything here blocks, and is called in a thread.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from gateway_core.clouds.credential import Credential

_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
_RENEWED_BEFORE = 300.0
_DROPPED_BEFORE = 20.0
"""Seconds before its end at which a token is renewed, and no longer used."""


class Issuer:
    """Tokens of one identity: of the JSON of a service account or login, or the application default ones."""

    def __init__(self, given: str | None) -> None:
        self._given = given
        self._credentials: Any = None

    def token(self) -> Credential:
        """A new token. Raises google-auth's errors, and ValueError for JSON that is neither of the two."""
        from google.auth.transport.requests import Request

        logging.getLogger("google.auth").setLevel(logging.WARNING)
        if self._credentials is None:
            self._credentials = _given(self._given) if self._given else _default()
        self._credentials.refresh(Request())
        return Credential(self._credentials.token, *_times(self._credentials.expiry))


def _given(text: str) -> Any:
    from google.oauth2 import credentials, service_account

    # Of the other types some name a program to run, or an address to send secrets to.
    readers: dict[str, Callable[..., Any]] = {
        "service_account": service_account.Credentials.from_service_account_info,
        "authorized_user": credentials.Credentials.from_authorized_user_info,
    }
    info = json.loads(text)
    if (read := readers.get(info.get("type"))) is not None:
        return read(info, scopes=_SCOPES)
    raise ValueError("its JSON is neither a service account's key nor a login's; use those, or the default")


def _default() -> Any:
    import google.auth

    found, _ = google.auth.default(scopes=_SCOPES)
    return found


def _times(expiry: datetime | None) -> tuple[float, float]:
    """From when on to renew and until when to use, in seconds from now. google-auth's times bear no zone."""
    if expiry is None:
        return _RENEWED_BEFORE, _RENEWED_BEFORE
    left = (expiry.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, left - _RENEWED_BEFORE), max(0.0, left - _DROPPED_BEFORE)
