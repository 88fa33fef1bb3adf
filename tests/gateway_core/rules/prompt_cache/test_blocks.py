"""The first place in which two prompts differ, found from hashes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.prompt_cache.blocks import (
    MOST_PIECES,
    PIECE,
    BlockKind,
    Change,
    first_break,
    piece_size,
)
from tests.gateway_core.rules.prompt_cache.making import block, prompt

LONG = "".join(f"Line {number} of the rules. " for number in range(400))


def test_the_beginning_of_another_is_no_break() -> None:
    short = prompt(LONG, "one", "two")
    assert first_break(short, prompt(LONG, "one", "two", "three")) is None
    assert first_break(prompt(LONG, "one", "two", "three"), short) is None


@pytest.mark.parametrize("at", [0, 1, 63, 64, 700, 5000])
def test_a_change_is_found_to_the_piece(at: int) -> None:
    changed = f"{LONG[:at]}\N{BULLET}{LONG[at + 1 :]}"
    found = first_break(prompt(LONG, "one"), prompt(changed, "one"))
    assert found is not None
    assert (found.block.name, found.change) == ("system 0", Change.CHANGED)
    assert found.byte is not None and found.byte <= at < found.byte + PIECE
    # All but a few pieces stand there again, though everything moved by two bytes.
    size = found.block.size + len("one")
    assert size - 5 * PIECE <= found.same + found.again <= size


@given(st.integers(0, len(LONG)), st.text("0123456789", min_size=1, max_size=9))
def test_a_word_put_in_moves_what_is_behind_it(at: int, word: str) -> None:
    found = first_break(prompt(LONG), prompt(LONG[:at] + word + LONG[at:]))
    assert found is not None
    if piece_size(found.block.size) == piece_size(len(LONG)):
        assert found.byte is not None and found.byte <= at
        assert found.same + found.again <= found.block.size
        assert found.same + found.again >= found.block.size - len(word) - 4 * PIECE


def test_a_tool_that_came_or_went_is_told_as_such() -> None:
    three, two = ("a", "b", "c"), ("a", "c")
    added = first_break(prompt(LONG, tools=two), prompt(LONG, tools=three))
    removed = first_break(prompt(LONG, tools=three), prompt(LONG, tools=two))
    assert added is not None and removed is not None
    assert (added.block.name, added.change) == ("tool 1", Change.ADDED)
    assert (removed.block.name, removed.change) == ("tool 1", Change.REMOVED)
    assert added.again == len("c") + len(LONG), "all behind it has to be read anew"


def test_the_pieces_of_large_blocks_are_larger() -> None:
    huge = block(BlockKind.SYSTEM, 0, "x" * 1_000_000)
    assert piece_size(huge.size) * MOST_PIECES >= huge.size
    assert len(huge.pieces) <= 4 * MOST_PIECES


def test_hashes_say_nothing_without_the_key() -> None:
    from gateway_core.rules.prompt_cache.blocks import block_hash

    assert block_hash(b"same", b"one") != block_hash(b"same", b"other")
