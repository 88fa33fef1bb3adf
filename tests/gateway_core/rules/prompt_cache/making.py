"""Prompts for the tests of the prompt cache's rules, out of plain texts."""

from __future__ import annotations

from gateway_core.model.call import Target
from gateway_core.rules.prompt_cache.blocks import Block, BlockKind, block_hash, make_block
from gateway_core.rules.prompt_cache.verdict import Traced

KEY = b"k" * 32
SONNET = Target("anthropic", "claude-sonnet-4-5")


def block(kind: BlockKind, at: int, text: str) -> Block:
    data = text.encode()
    return make_block(kind, at, data, block_hash(data, KEY), KEY)


def prompt(system: str, *messages: str, tools: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """Tools, a system prompt, and messages."""
    return (
        *(block(BlockKind.TOOL, at, text) for at, text in enumerate(tools)),
        block(BlockKind.SYSTEM, 0, system),
        *(block(BlockKind.MESSAGE, at, text) for at, text in enumerate(messages)),
    )


def traced(
    blocks: tuple[Block, ...], *, at: float = 0.0, warm: int = 0, target: Target = SONNET,
    place: str | None = "key", call: str = "before", life: float = 300.0,
) -> Traced:  # fmt: skip
    return Traced(call, at, target, place, blocks, warm, life)
