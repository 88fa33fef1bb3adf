"""How much output a stream holds: a first slice, and the next one before it could be needed.

A tokenizer that works on bytes never makes more tokens than bytes: what was seen of a stream, and what may
be thought unseen, bound what has been used. The hold stays ahead of that by `AHEAD` tokens, which cover what
is on its way; a cap bounds it in the end. Amounts are output tokens of one candidate.
"""

from __future__ import annotations

FIRST = 2048
"""Held at the start: most answers are shorter."""
AHEAD = 1024
"""Kept between what is held and what may have been used."""
AMPLE = 4
"""Calls that must fit side by side before each holds its whole cap: then nothing has to be extended, and no
provider, however fast it writes, is ahead of its hold."""
MOST_AT_ONCE = 16_384
"""The largest step; steps double up to it, so that a long answer takes few of them."""


def first_slice(cap: int, hidden: int | None) -> int:
    """What to hold at the start. hidden: tokens that may be used unseen, None where nothing is seen."""
    return cap if hidden is None else min(cap, hidden + FIRST)


def may_hold_all(amount: int, free: int) -> bool:
    """Whether the whole cap is held at once, because there is room for several such calls."""
    return amount * AMPLE <= free


def due(held: int, cap: int, hidden: int, seen: int) -> bool:
    """Whether a stream needs its next slice. seen: bytes of content, of all candidates together over
    their number."""
    return held < cap and hidden + seen + AHEAD > held


def next_slices(held: int, cap: int, hidden: int, seen: int) -> tuple[int, int]:
    """What to hold next, the wish and the least that will do."""
    least = min(cap, hidden + seen + AHEAD)
    return max(least, min(cap, held + min(held, MOST_AT_ONCE))), least
