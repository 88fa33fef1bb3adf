"""A damaged ledger is never gone on with and never replaced: the start refuses and says how to rescue it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.support.crowd import all_at_once
from tests.support.gateway import Gateways, RunningGateway, started
from tests.support.wires import CHAT

pytestmark = pytest.mark.anyio

PAGE = 4096
CALLS = 60


def flip(data: bytearray, place: int) -> None:
    data[place] ^= 0x41


def in_the_header(data: bytearray) -> None:
    """The page size and the version of the format stand in the first 24 bytes."""
    for place in (0, 5, 17, 21):
        flip(data, place)


def in_the_schema(data: bytearray) -> None:
    """The root of the schema begins behind the header."""
    for place in range(100, 108):
        flip(data, place)


def in_the_middle(data: bytearray) -> None:
    """A page's own header says where its cells are."""
    for page in range(len(data) // PAGE // 3, 2 * len(data) // PAGE // 3):
        for place in range(page * PAGE, page * PAGE + 16):
            flip(data, place)


def cut_off(data: bytearray) -> None:
    del data[len(data) // 2 :]


DAMAGES = {
    "bits flipped in the header": in_the_header,
    "bits flipped in the schema": in_the_schema,
    "bits flipped in the middle": in_the_middle,
    "its second half lost": cut_off,
}


@pytest.fixture
async def ended(gateways: Gateways) -> RunningGateway:
    """A gateway that has served and ended; its ledger is whole."""
    gateway = gateways.start()
    bodies = [CHAT.ask(f"Call {number}. [[sim output=5 ttft=0]]") for number in range(CALLS)]
    answers = await all_at_once(gateway, CHAT, bodies)
    assert {answer.status_code for answer in answers} == {200}
    gateway.rows(CALLS)
    assert gateway.stop() == 0
    return gateway


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name.startswith("ledger")
    }


async def test_the_start_refuses_and_changes_nothing(ended: RunningGateway) -> None:
    path = ended.data / "ledger.db"
    whole = path.read_bytes()
    for what, damage in DAMAGES.items():
        data = bytearray(whole)
        damage(data)
        path.write_bytes(data)
        before = digests(ended.data)
        done = started(ended)
        assert (what, done.returncode) == (what, 3), done.stderr
        (said,) = done.stderr.strip().splitlines()
        assert str(path) in said and "damaged" in said and ".recover" in said
        assert digests(ended.data) == before


async def test_the_whole_file_brought_back_goes_on(ended: RunningGateway, gateways: Gateways) -> None:
    path = ended.data / "ledger.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert started(ended).returncode == 3
    path.write_bytes(whole)
    again = gateways.again(ended.data, ended.config)
    assert len(again.export()) == CALLS
    assert not again.doctor()
