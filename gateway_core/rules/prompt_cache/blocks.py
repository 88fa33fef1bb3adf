"""A prompt as hashes of its blocks, and the first place in which two prompts differ.

The hashes are keyed with a secret of the data folder; no word of a prompt can be read from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import takewhile

from gateway_core.model.value import value

HASH = 8
"""Bytes of a block's hash."""
PIECE = 64
"""Bytes of a piece, whose hash tells where in its block a change begins."""
PIECE_HASH = 4
LEADING_MESSAGES = 2
MOST_PIECES = 512
"""Of one block; those of larger blocks are larger."""


class BlockKind(StrEnum):
    TOOL = "tool"
    SYSTEM = "system"
    OPTIONS = "options"
    """What is no text and yet part of what is kept: how tools are chosen, thinking, the answer's schema."""
    MESSAGE = "message"


@value
class Block:
    """at: its place among those of its kind, from 0; for a message that in the list of messages."""

    kind: BlockKind
    at: int
    size: int
    """Bytes."""
    hash: bytes
    pieces: bytes = b""
    """The hashes of its pieces."""
    tail: bytes = b""
    """Those of its pieces as they lie from its end on, of what stands at the beginning of a prompt: a word
    that grows longer moves all behind it."""

    @property
    def name(self) -> str:
        """As a person would look for it: 'tool 3', 'system 0', 'message 12'."""
        return str(self.kind) if self.kind is BlockKind.OPTIONS else f"{self.kind} {self.at}"


class Change(StrEnum):
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@value
class Break:
    """The first place in which a prompt differs from an earlier one."""

    block: Block
    change: Change
    byte: int | None
    """Bytes of the block that are as before, to the piece; None where nobody can say."""
    same: int
    """Bytes of the prompt up to there."""
    again: int
    """Bytes after it that stood in the earlier prompt too."""


def block_hash(data: bytes, key: bytes) -> bytes:
    """The hash of a whole block."""
    return blake2b(data, digest_size=HASH, key=key).digest()


def piece_size(size: int) -> int:
    """Bytes of each piece of a block: a power of two."""
    piece = PIECE
    while piece * MOST_PIECES < size:
        piece *= 2
    return piece


def make_block(kind: BlockKind, at: int, data: bytes, hash: bytes, key: bytes) -> Block:
    """A block with the hashes of its pieces."""
    size = len(data)
    whole = size % piece_size(size) == 0
    leading = kind is not BlockKind.MESSAGE or at < LEADING_MESSAGES
    tail = _piece_hashes(data, size % piece_size(size), key) if leading and not whole else b""
    return Block(kind, at, size, hash, _piece_hashes(data, 0, key), tail)


def _piece_hashes(data: bytes, start: int, key: bytes) -> bytes:
    piece = piece_size(len(data))
    parts = (data[at : at + piece] for at in range(start, len(data), piece))
    return b"".join(blake2b(part, digest_size=PIECE_HASH, key=key).digest() for part in parts)


def shared(before: Iterable[Block], now: Iterable[Block]) -> int:
    """Bytes of blocks that stand in both, wherever."""
    there = {block.hash for block in before}
    return sum(block.size for block in now if block.hash in there)


def first_break(before: Sequence[Block], now: Sequence[Block]) -> Break | None:
    """Where `now` leaves what `before` was; None where one is the beginning of the other."""
    same = 0
    for at, (old, new) in enumerate(zip(before, now, strict=False)):
        if old.hash != new.hash:
            return _break(before[at:], now[at:], same)
        same += new.size
    return None


def _break(before: Sequence[Block], now: Sequence[Block], same: int) -> Break:
    old, new = before[0], now[0]
    rest = Counter(block.hash for block in before)
    again = 0
    for block in now:
        if rest[block.hash] > 0:
            rest[block.hash] -= 1
            again += block.size
    if old.hash in {block.hash for block in now[1:]}:
        return Break(new, Change.ADDED, 0, same, again)
    if new.hash in {block.hash for block in before[1:]}:
        return Break(old, Change.REMOVED, 0, same, again)
    byte, within = _differ(old, new)
    return Break(new, Change.CHANGED, byte, same + (byte or 0), again + within)


def _differ(old: Block, new: Block) -> tuple[int | None, int]:
    """Where two blocks begin to differ, and the bytes behind that which are the same again."""
    piece = piece_size(new.size)
    if not (old.pieces and new.pieces) or piece != piece_size(old.size):
        return None, 0
    olds, news = _hashes(old.pieces), _hashes(new.pieces)
    equal = [one == other for one, other in zip(olds, news, strict=False)]
    first = next((at for at, same in enumerate(equal) if not same), len(equal))
    # What is the same again lies as it did, or moved as a whole.
    moved = zip(reversed(_from_end(old)), reversed(_from_end(new)), strict=False)
    run = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], moved))
    return first * piece, min(max(sum(equal[first:]), run) * piece, new.size - first * piece)


def _from_end(block: Block) -> list[bytes]:
    return _hashes(block.tail or block.pieces)


def _hashes(joined: bytes) -> list[bytes]:
    return [joined[at : at + PIECE_HASH] for at in range(0, len(joined), PIECE_HASH)]
