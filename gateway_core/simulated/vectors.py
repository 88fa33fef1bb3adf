"""Embeddings that are near each other when their texts share words."""

from __future__ import annotations

import math
import re
from array import array
from hashlib import blake2b

_WORD = re.compile(r"\w+")
_PLACES_A_WORD = 8


def vector(text: str, size: int) -> list[float]:
    """A unit vector of `size` numbers, each exact as a 32-bit float; the same for the same words."""
    values = [0.0] * size
    for word in _WORD.findall(text.lower()) or [text]:
        digest = blake2b(word.encode(), digest_size=4 * _PLACES_A_WORD).digest()
        for at in range(0, len(digest), 4):
            place = int.from_bytes(digest[at : at + 3], "big") % size
            values[place] += 1.0 if digest[at + 3] & 1 else -1.0
    norm = math.sqrt(sum(value * value for value in values)) or 1.0
    return array("f", (value / norm for value in values)).tolist()
