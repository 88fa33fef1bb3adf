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


class TokensAnswer(Answer):
    tokens: list[TokenAnswer]


class NewTokenAnswer(Answer):
    """A client token with its text, which is not kept."""

    name: str
    token: str
