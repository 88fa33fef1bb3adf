"""A copy of a ledger that is being written: whole, private, sound, and never over another file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio.to_thread
import pytest

from gateway_core.model.errors import Refusal
from gateway_core.store.backup import back_up
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending, opening

pytestmark = pytest.mark.anyio


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_copy_made_amid_writing_is_sound(ledger: Ledger, tmp_path: Path) -> None:
    async def write(name: int) -> None:
        for number in range(200):
            await ledger.open_row(opening(f"{name}-{number}"))
            ledger.finish(ending(f"{name}-{number}"))

    writing = [asyncio.ensure_future(write(name)) for name in range(5)]  # noqa: TID251 - ended below
    copies = []
    for number in range(5):
        await asyncio.sleep(0.02)
        copies.append(await anyio.to_thread.run_sync(back_up, ledger.path, tmp_path / f"copy-{number}.db"))
    await asyncio.gather(*writing)
    counts = []
    for copy in copies:
        assert copy.file.stat().st_mode & 0o777 == 0o600
        assert copy.file.stat().st_size == copy.bytes
        queries = Queries(copy.file)
        running = queries.open_calls()
        assert [check for check in queries.ledger_checks(running) if not check.ok] == []
        counts.append(queries.totals(at(-60)).all.calls + len(running))
        queries.close()
    assert counts == sorted(counts) == [copy.calls for copy in copies]
    assert 0 < counts[0] < counts[-1] <= 1000
    others = names(tmp_path) - {copy.file.name for copy in copies}
    assert all(name.startswith("ledger.db") for name in others)


async def test_a_copy_serves_as_a_ledger(ledger: Ledger, tmp_path: Path) -> None:
    ledger.finish(ending("a", cost_nano=5))
    await ledger.open_row(opening("b", held_nano=7))
    folder = tmp_path / "other"
    folder.mkdir()
    back_up(ledger.path, folder / "ledger.db")
    again = Ledger(folder / "ledger.db")
    assert again.start() == 1
    assert await again.spent({}, at()) == (12, 150)
    again.close()


@pytest.mark.parametrize("there", ["file", "folder"])
async def test_what_is_there_is_left_alone(ledger: Ledger, tmp_path: Path, there: str) -> None:
    target = tmp_path / "copy.db"
    if there == "file":
        target.write_text("mine", encoding="utf-8")
    else:
        target.mkdir()
    with pytest.raises(Refusal) as raised:
        back_up(ledger.path, target)
    assert raised.value.status == 409
    assert target.is_dir() or target.read_text(encoding="utf-8") == "mine"


async def test_a_place_that_cannot_be_written_is_one_sentence(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="No such file or directory; name another file"):
        back_up(ledger.path, tmp_path / "no" / "copy.db")
