"""The marks by which the simulation knows its own thinking again, as the real providers know theirs."""

from __future__ import annotations

import hashlib
import re

_SIGNATURE = re.compile(r"EqsimSIG([0-9a-f]{16})([0-9a-f]{16})==\Z")
_SEALED = re.compile(r"gAAAAsim[0-9a-f]{32}\Z")


def signature(thinking: str, nonce: str) -> str:
    """Anthropic's signature of a thinking block. `nonce` is the answer's id."""
    return f"EqsimSIG{nonce[:16]}{_digest(thinking, nonce[:16])}=="


def is_signature(made: object) -> bool:
    """Whether the simulation may have made this, for whatever text."""
    return _SIGNATURE.match(str(made)) is not None


def signs(made: object, thinking: str) -> bool:
    """Whether the simulation made this signature for this very text."""
    found = _SIGNATURE.match(str(made))
    return found is not None and found[2] == _digest(thinking, found[1])


def sealed(nonce: str) -> str:
    """The encrypted content of a reasoning item of Responses. `nonce` is the answer's id."""
    return f"gAAAAsim{nonce}"


def is_sealed(made: object) -> bool:
    """Whether the simulation may have made this encrypted content."""
    return _SEALED.match(str(made)) is not None


def _digest(thinking: str, nonce: str) -> str:
    return hashlib.sha256(f"{nonce}:{thinking}".encode()).hexdigest()[:16]
