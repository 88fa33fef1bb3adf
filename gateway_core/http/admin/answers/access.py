"""Provider keys and client tokens."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer
from gateway_core.http.admin.answers.overview import KeyringAnswer


class KeyAnswer(Answer):
    provider: str
    title: str
    source: str
    """keyring | env | file | session | client | none | missing"""
    hint: str | None
    """The last four characters."""
    base_url: str
    needs_key: bool
    key_env: list[str]
    """Environment variables that are looked at."""
    key_url: str = ""
    """Where the provider hands out keys."""
    own: bool = False
    """A provider that the user has added."""
    last_ok_at: str | None = None
    """When the latest call started that the provider answered well."""
    last_ok_ms: float | None = None
    """Milliseconds to the first byte of that answer."""


class KeysAnswer(Answer):
    keyring: KeyringAnswer
    keys: list[KeyAnswer]


class KeyTestAnswer(Answer):
    ok: bool
    models: int
    """How many models the provider listed."""
    latency_ms: float | None
    problem: str | None


class TokenAnswer(Answer):
    name: str
    tags: dict[str, str]
    created_at: str
    revoked_at: str | None
    last_used_at: str | None
    """When its latest call started, of the ledger's latest 20 000; None: not among them."""


class TokensAnswer(Answer):
    tokens: list[TokenAnswer]


class NewTokenAnswer(Answer):
    """A client token with its text, which is not kept."""

    name: str
    token: str
