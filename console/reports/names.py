"""What groups are called that have no name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console import present

UNTAGGED = "(untagged)"
NOBODY = {"model": "(no model)", "provider": "(no provider)"}
"""What calls are filed under that reached nobody: these keys are no tags."""


def keys_of(by: Sequence[str], keys: Mapping[str, str]) -> tuple[str, ...]:
    """A group's values in the order of its keys, as they are shown."""
    return tuple(present.plain(keys.get(key) or NOBODY.get(key, UNTAGGED)) for key in by)
