"""Revisions: an opaque word for how a thing stands, by which a write says what it was made over."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from gateway_core.store.jsontext import encode_bytes

NOTHING = "nothing"
"""The revision of what is not there."""
Check = Callable[[str], None]
"""Takes the revision that is found in the transaction of a write; raises Refusal 412 where it was made over
another one."""


def revision(thing: object) -> str:
    """16 hex digits; the same ones whenever the thing stands so again, so that undone edits stay undoable.
    None: there is no such thing."""
    return NOTHING if thing is None else blake2b(encode_bytes(thing), digest_size=8).hexdigest()


def whatever(_: object) -> None:
    """The check of a write that says nothing of what it was made over."""
