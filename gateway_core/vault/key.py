"""A provider's key: what it may look like, and where it is found besides the keyring."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gateway_core.clock import Clock
from gateway_core.model.errors import Refusal

KeySource = Literal["keyring", "env", "file", "session", "login"]
"""login: what the cloud of a provider finds on this machine by itself."""

MAX_KEY = 8192
_KEY = re.compile(r"[!-~]+")
_SHOWN = 4
_SHORTEST_SHOWN = 12
"""Of a shorter key the last characters would give away too much."""
_SECRET_FIELDS = ("private_key", "private_key_id", "refresh_token", "client_secret")
_SHORTEST_PART = 16
_TICK = 1.0
"""Seconds that a file has to be old: two changes within one tick of the file system's clock look alike."""

Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """`hint`: its last four characters, or nothing where it is too short to show any."""

    text: str = field(repr=False)
    source: KeySource
    hint: str

    @property
    def is_json(self) -> bool:
        """Whether it is a file of Google's: a service account's key, or a login."""
        return self.text.startswith("{")


def make_key(text: str, source: KeySource, *, where: str) -> Key:
    """The key that `text` holds, white space around it taken off: one word, or a JSON file of Google's.

    Raises Refusal 400 naming `where` it stands, never what stands there.
    """
    text = text.strip()
    if not text:
        raise Refusal(400, "bad_key", f"{where} is empty")
    if text.startswith("{") and len(text) <= MAX_KEY:
        return _json_key(text, source, where)
    if len(text) > MAX_KEY or not _KEY.fullmatch(text):
        raise Refusal(
            400,
            "bad_key",
            f"{where} is no key: a key is one word of letters, digits and signs; copy it once more",
        )
    return Key(text, source, _hint(text))


def secrets_in(text: str) -> tuple[str, ...]:
    """The secret parts of a key that may show up alone: of AWS's ACCESS:SECRET:SESSION, of Google's JSON."""
    if text.startswith("{"):
        fields = json.loads(text)
        found = [str(fields[name]) for name in _SECRET_FIELDS if fields.get(name)]
        return (*found, *(json.dumps(each)[1:-1] for each in found))
    return tuple(part for part in text.split(":")[1:] if len(part) >= _SHORTEST_PART)


def _json_key(text: str, source: KeySource, where: str) -> Key:
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or not isinstance(fields.get("type"), str):
        raise Refusal(400, "bad_key", f"{where} is no key: it begins like a JSON file of Google's only")
    hint = str(fields.get("private_key_id", ""))[-_SHOWN:]
    return Key(json.dumps(fields, separators=(",", ":")), source, hint)


def _hint(text: str) -> str:
    """Of a pair of AWS's the end of its public half."""
    shown = text.partition(":")[0] if text.startswith(("AKIA", "ASIA")) else text
    return shown[-_SHOWN:] if len(shown) >= _SHORTEST_SHOWN else ""


def key_from_environment(names: tuple[str, ...]) -> Key | None:
    """The key in the first of the variables that is set and not empty."""
    for name in names:
        if text := os.environ.get(name, "").strip():
            return make_key(text, "env", where=f"the environment variable {name}")
    return None


class KeyFiles:
    """Keys that are the whole text of a file; one that has not changed since is not read again."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Path, Stamp, Key]] = {}

    def key(self, name: str) -> Key:
        """The key in the file of that name. Raises Refusal 401 where others may read the file too."""
        if (known := self._read.get(name)) is not None:
            path, stamp, key = known
            if stamp == _stamp_of(path):
                return key
            del self._read[name]
        path = Path(name).expanduser()
        key, status = _read(path)
        if Clock().now().timestamp() - max(status.st_ctime, status.st_mtime) > _TICK:
            self._read[name] = path, _stamp(status), key
        return key


def _stamp(status: os.stat_result) -> Stamp:
    """What is another when the file, or who may read it, has changed."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_mode,
        status.st_uid,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def _stamp_of(path: Path) -> Stamp | None:
    try:
        return _stamp(os.stat(path))
    except OSError:
        return None


def _read(path: Path) -> tuple[Key, os.stat_result]:
    try:
        # Opened first and then asked about itself, so that nobody can swap it in between.
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if os.name == "posix":
                _check_private(path, status)
            data = file.read(MAX_KEY + 2)
    except OSError as error:
        raise Refusal(
            401, "no_provider_key", f"{path}: the key file cannot be read: {error.strerror}"
        ) from None
    return make_key(data.decode("utf-8", "replace"), "file", where=f"the key file {path}"), status


def _check_private(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        raise _unusable(path, "the key file belongs to somebody else; make one of your own")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise _unusable(path, f"others may read the key file; run: chmod 600 {path}")


def _unusable(path: Path, why: str) -> Refusal:
    return Refusal(401, "no_provider_key", f"{path}: {why}")
