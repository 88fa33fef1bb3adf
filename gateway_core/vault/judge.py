"""Which keyring backends are fit to keep a key, and what to do where none is."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

_NAMES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.chainer": "several keyrings",
}
_NO_KEEPERS = ("keyring.backends.fail", "keyring.backends.null")
_UNSAFE = "keyrings."
"""The namespace of the add-ons that write files: plain, weakly encrypted, or asking on the terminal."""

_MENDS = {
    "linux": "install and start a Secret Service (gnome-keyring, KWallet or KeePassXC)",
    "darwin": "run the gateway in your own login session, where the Keychain can be reached",
    "win32": "run the gateway as your own user, whose Credential Manager it needs",
}


@dataclass(frozen=True, slots=True)
class VaultState:
    """Where keys are kept: `backend` for people. Where it is not `usable`: the problem and the mend."""

    backend: str
    usable: bool
    problem: str | None = None
    mend: str | None = None


def is_safe(backend: Any) -> bool:
    """Whether keyring may choose this backend by itself."""
    module = type(backend).__module__
    return not module.startswith((_UNSAFE, *_NO_KEEPERS))


def judge(backend: Any) -> VaultState:
    """What is to be thought of the backend that keyring has chosen."""
    module = type(backend).__module__
    name = _NAMES.get(".".join(module.split(".")[:3]), f"{module}.{type(backend).__name__}")
    if module.startswith(_NO_KEEPERS):
        return no_keyring()
    if module.startswith(_UNSAFE):
        return _plain(name)
    members = getattr(backend, "backends", None)
    if module == "keyring.backends.chainer" and isinstance(members, list):
        if not members:
            return no_keyring()
        if unsafe := [each for each in members if not is_safe(each)]:
            return _plain(type(unsafe[0]).__module__)
    return VaultState(name, usable=True)


def no_keyring() -> VaultState:
    mend = _MENDS.get(sys.platform, _MENDS["linux"])
    return VaultState("none", usable=False, problem="no keyring service answers on this machine", mend=mend)


def unopened(message: str) -> VaultState:
    """keyring itself could not be loaded or asked for a backend."""
    return VaultState(
        "none",
        usable=False,
        problem=f"no keyring can be opened: {' '.join(message.split())[:200]}",
        mend=no_keyring().mend,
    )


def silent(state: VaultState, seconds: float) -> VaultState:
    """The keyring does not come back."""
    return VaultState(
        state.backend,
        usable=False,
        problem=f"the keyring has not answered for {seconds:g} s; it may be asking for its password",
        mend="look for its dialogue and unlock it",
    )


def failing(state: VaultState, error: str, message: str) -> VaultState:
    """The keyring answers with an error: the name of its type, and its words."""
    if error == "KeyringLocked":
        return VaultState(state.backend, False, "the keyring is locked", "unlock it and try again")
    return VaultState(
        state.backend,
        usable=False,
        problem=f"the keyring fails: {' '.join(message.split())[:200] or error}",
        mend="restart the keyring service, or log in again",
    )


def _plain(name: str) -> VaultState:
    return VaultState(
        name,
        usable=False,
        problem=f"the keyring backend {name} keeps keys in a file, which is not safe",
        mend="uninstall it, or name another one in PYTHON_KEYRING_BACKEND",
    )
