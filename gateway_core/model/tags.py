"""Tags: who and what a call belongs to, as short text pairs such as project=web."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

Tags = Mapping[str, str]
"""Keys to values. Treat as immutable."""

KNOWN_KEYS = ("user", "team", "project", "app", "mode", "branch", "session", "client")
MAX_TAGS = 32
MAX_KEY = 64
MAX_VALUE = 256

_KEY = re.compile(r"[A-Za-z0-9_.\-]{1,64}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def parse_tags(text: str) -> dict[str, str]:
    """Tags of `project=web,mode:vibing`; `=` and `:` both separate a key from its value.

    Raises ValueError saying which part is wrong.
    """
    tags: dict[str, str] = {}
    for part in text.split(","):
        part = part.strip()
        if not part:
            continue
        at = min((i for i in (part.find("="), part.find(":")) if i > 0), default=-1)
        if at < 0:
            raise ValueError(f"tag {part[:40]!r} has no value; write key=value")
        tags[part[:at].strip()] = part[at + 1 :].strip()
    return checked(tags)


def checked(tags: Tags) -> dict[str, str]:
    """The same tags with empty values dropped. Raises ValueError for a key, value or number of tags
    beyond the limits of this module."""
    kept = {key: value for key, value in tags.items() if value}
    if len(kept) > MAX_TAGS:
        raise ValueError(f"{len(kept)} tags are too many; {MAX_TAGS} at most")
    for key, value in kept.items():
        if fault := _fault(key[: MAX_KEY + 1], value[: MAX_VALUE + 1]):
            raise ValueError(fault)
    return kept


@lru_cache(maxsize=4096)
def _fault(key: str, value: str) -> str | None:
    """What is wrong with a tag; the same ones come with every call."""
    if not _KEY.match(key):
        return f"tag key {key[:40]!r} may hold letters, digits, '_', '-' and '.' only"
    if len(value) > MAX_VALUE or _CONTROL.search(value):
        return f"the value of tag {key!r} is too long or holds control characters"
    return None


def merge(layers: Iterable[Tags]) -> dict[str, str]:
    """One set out of several, the strongest first: a key keeps the value of the first layer that has it."""
    merged: dict[str, str] = {}
    for layer in layers:
        if not merged:
            merged.update(layer)
        elif layer:
            for key, value in layer.items():
                merged.setdefault(key, value)
    return merged


def format_tags(tags: Tags) -> str:
    """`mode=vibing,project=web`, keys in order; the form that `parse_tags` reads."""
    return ",".join(f"{key}={tags[key]}" for key in sorted(tags))
