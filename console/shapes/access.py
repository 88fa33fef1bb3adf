"""Keys of providers, and tokens of clients."""

from __future__ import annotations

from console.shapes.frame import shape


@shape
class Keyring:
    """The place where provider keys are kept; `problem` and `mend` say what is wrong with it, if anything."""

    backend: str
    usable: bool
    problem: str | None = None
    mend: str | None = None


@shape
class KeyState:
    """Where one provider's key comes from; `hint` shows its last four characters at most."""

    provider: str
    title: str
    source: str
    """keyring | env | file | session | none | missing"""
    hint: str | None = None
    base_url: str
    needs_key: bool
    key_env: tuple[str, ...] = ()
    key_url: str = ""
    """Where the provider hands out keys."""
    own: bool = False
    """A provider that the user has added."""
    last_ok_at: str | None = None
    last_ok_ms: float | None = None
    """When it last answered a call well, and in how many milliseconds to the first byte."""


@shape
class Keys:
    keyring: Keyring
    keys: tuple[KeyState, ...]


@shape
class KeyTest:
    ok: bool
    models: int
    """How many models the provider listed."""
    latency_ms: float | None = None
    problem: str | None = None


@shape
class Token:
    name: str
    tags: dict[str, str]
    created_at: str
    revoked_at: str | None = None
    last_used_at: str | None = None


@shape
class NewToken:
    """A client token, its text shown this once."""

    name: str
    token: str
