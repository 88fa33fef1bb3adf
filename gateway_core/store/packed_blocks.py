"""The blocks of a prompt as one column: kind, place, size, hash and the hashes of the pieces of each."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from gateway_core.rules.prompt_cache.blocks import HASH, Block, BlockKind

_HEAD = struct.Struct(f"<BIIHH{HASH}s")
_KINDS = tuple(BlockKind)


def packed(blocks: Iterable[Block]) -> bytes:
    """The blocks as bytes."""
    parts: list[bytes] = []
    for block in blocks:
        kind = _KINDS.index(block.kind)
        sizes = (block.size, len(block.pieces), len(block.tail))
        parts += (_HEAD.pack(kind, block.at, *sizes, block.hash), block.pieces, block.tail)
    return b"".join(parts)


def unpacked(data: bytes) -> tuple[Block, ...]:
    """The blocks again."""
    blocks, at = [], 0
    while at < len(data):
        kind, place, size, pieces, tail, hash = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        behind = at + pieces
        blocks.append(Block(_KINDS[kind], place, size, hash, data[at:behind], data[behind : behind + tail]))
        at = behind + tail
    return tuple(blocks)
