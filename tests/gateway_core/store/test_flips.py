"""One bit that flips anywhere in the file: the start refuses, the proof finds it, or no row has changed."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import anyio
import pytest

from gateway_core.model.errors import StartError
from gateway_core.store.files import side_files
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import ending, opening

FLIPS = 60
ROWS = 60


def filled(path: Path) -> bytes:
    """The bytes of a ledger that has ended."""

    async def run() -> None:
        for number in range(ROWS):
            await ledger.open_row(opening(f"{number:03}"))
            ledger.finish(ending(f"{number:03}", cost_nano=1_000 + number))

    ledger = Ledger(path)
    ledger.start()
    anyio.run(run)
    ledger.close()
    return path.read_bytes()


def rows_of(path: Path) -> list[Any]:
    """What a report would show; raises what SQLite, or a reader of its rows, cannot make sense of."""
    ledger = Ledger(path)
    ledger.start()
    queries = Queries(path)
    try:
        bad = [check.name for check in queries.ledger_checks() if not check.ok]
        return bad or queries.calls(1000)
    finally:
        queries.close()
        ledger.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_bit_is_found_or_harmless(path: Path, seed: int) -> None:
    whole = filled(path)
    sound = rows_of(path)
    assert len(sound) == ROWS
    chance = random.Random(seed)
    for _ in range(FLIPS):
        data = bytearray(whole)
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        data[place] ^= bit
        for file in side_files(path):
            file.unlink(missing_ok=True)
        path.write_bytes(data)
        try:
            found = rows_of(path)
        except (StartError, sqlite3.DatabaseError):
            continue
        assert (place, bit, found == sound or isinstance(found[0], str)) == (place, bit, True)
