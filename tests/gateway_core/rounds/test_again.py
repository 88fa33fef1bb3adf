"""A chore goes on after a round that failed, and says so in one line."""

from __future__ import annotations

import asyncio

import pytest

from gateway_core.rounds.again import again_and_again

pytestmark = pytest.mark.anyio


async def test_a_failed_round_does_not_end_the_rounds(caplog: pytest.LogCaptureFixture) -> None:
    rounds = 0

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise OSError("disk full")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await again_and_again("the look ahead", 0.01, work)
    assert rounds > 2
    assert [record.getMessage() for record in caplog.records] == [
        "the look ahead failed with OSError: disk full; it goes on"
    ]
