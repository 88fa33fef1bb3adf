"""The latest prompts of each conversation, as hashes: bounded by bytes, the longest unused let go first."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence

from gateway_core.model.call import Target
from gateway_core.rules.prompt_cache.blocks import Block, BlockKind
from gateway_core.rules.prompt_cache.verdict import Traced

MOST_BYTES = 8 * 2**20
KEPT = 4
"""Calls of one conversation: clients run several threads under one session."""
OPENERS = 4
"""Beginnings of conversations that are kept for each model and number of leading blocks."""
MOST_OPENERS = 256
_AROUND_BLOCK = 200
"""Bytes that a block takes beside its pieces."""
_REFERENCE = 8


class Traces:
    """Traces by conversation. Belongs to one thread at a time."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, deque[tuple[int, Traced]]] = OrderedDict()
        self._openers: OrderedDict[tuple[Target, int], deque[Traced]] = OrderedDict()
        self.bytes = 0

    def __contains__(self, conversation: str) -> bool:
        return conversation in self._kept

    def of(self, conversation: str) -> list[Traced]:
        """The calls of a conversation that are remembered, the oldest first."""
        return [trace for _, trace in self._kept.get(conversation, ())]

    def known_blocks(self, conversation: str) -> dict[bytes, Block]:
        """Blocks by hash, so that what comes again need not be taken apart again."""
        return {block.hash: block for trace in self.of(conversation) for block in trace.blocks}

    def keep(self, conversation: str, trace: Traced) -> None:
        """A call of the conversation has ended."""
        kept = self._kept.setdefault(conversation, deque())
        known = {block.hash for _, each in kept for block in each.blocks}
        new = (block for block in trace.blocks if block.hash not in known)
        size = _REFERENCE * len(trace.blocks) + sum(
            _AROUND_BLOCK + len(block.pieces) + len(block.tail) for block in new
        )
        kept.append((size, trace))
        self.bytes += size
        if len(kept) > KEPT:
            self.bytes -= kept.popleft()[0]
        self._kept.move_to_end(conversation)
        while self.bytes > self._most and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= sum(each for each, _ in gone)

    # How conversations begin

    def openers(self, trace: Traced) -> Sequence[Traced]:
        """How others at the same model began whose tools and system prompt differ in one block at the
        most."""
        leading = _leading(trace.blocks)
        found = self._openers.get((trace.target, len(leading)), ())
        return [each for each in found if _differing(each.blocks, leading) <= 1]

    def keep_opener(self, trace: Traced) -> None:
        """A conversation has begun."""
        key = trace.target, len(_leading(trace.blocks))
        kept = self._openers.setdefault(key, deque(maxlen=OPENERS))
        kept.append(trace)
        self._openers.move_to_end(key)
        while len(self._openers) > MOST_OPENERS:
            self._openers.popitem(last=False)


def _leading(blocks: Sequence[Block]) -> Sequence[Block]:
    """Tools and what else stands before the first message."""
    count = next((at for at, block in enumerate(blocks) if block.kind is BlockKind.MESSAGE), len(blocks))
    return blocks[:count]


def _differing(blocks: Sequence[Block], leading: Sequence[Block]) -> int:
    return sum(old.hash != new.hash for old, new in zip(blocks, leading, strict=False))
