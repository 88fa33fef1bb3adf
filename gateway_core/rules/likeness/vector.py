"""An embedding in plain code: words and pieces of words, hashed into a few hundred numbers.

After Weinberger et al., "Feature hashing for large scale multitask learning" (ICML 2009): each feature adds
its sign in one place, so that features which meet by chance cancel out on average.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from gateway_core.rules.likeness.reading import content

SIZE = 256
_PIECE = 3


def embed(text: str) -> array[float]:
    """A unit vector of 32-bit floats; the same for the same words."""
    values = [0.0] * SIZE
    for feature, weight in _features(text):
        place, sign = _place(feature)
        values[place] += sign * weight
    norm = math.sqrt(sum(each * each for each in values)) or 1.0
    return array("f", (each / norm for each in values))


def likeness(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of two unit vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = content(text) or text.lower().split()
    for word in words:
        yield f"w {word}", 1.0
        padded = f"^{word}$"
        pieces = [padded[at : at + _PIECE] for at in range(len(padded) - _PIECE + 1)]
        for piece in pieces:
            yield f"p {piece}", 0.5 / len(pieces)
    for pair in zip(words, words[1:], strict=False):
        yield f"b {pair[0]} {pair[1]}", 0.3


@lru_cache(maxsize=100_000)
def _place(feature: str) -> tuple[int, float]:
    digest = blake2b(feature.encode("utf-8", "replace"), digest_size=5).digest()
    return int.from_bytes(digest[:4], "big") % SIZE, 1.0 if digest[4] & 1 else -1.0
