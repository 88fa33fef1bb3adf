"""The gateway as the console finds, starts and lets go of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from console.client import AdminClient
from console.gateway import GatewayHandle, Place, answers, attach, find, lives, start
from console.trouble import NOTHING_THERE, WRONG_USE, GatewayFailed
from tests.support.gateway import Gateways
from tests.support.processes import clean_environment, wait_for


@pytest.fixture
def place(tmp_path: Path, compiled_prices: Path) -> Place:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copy(compiled_prices, data / "prices.json")
    config = tmp_path / "config.toml"
    config.write_text('timezone = "UTC"\n', encoding="utf-8")
    return Place(data, config, port=0)


@pytest.fixture
def started(place: Place) -> Iterator[GatewayHandle]:
    gateway = start(place)
    yield gateway
    end(gateway)


def end(gateway: GatewayHandle) -> None:
    """Makes sure that nothing of it is left."""
    assert gateway.process is not None
    gateway.process.kill()
    gateway.process.wait()
    if gateway.process.stdin:
        gateway.process.stdin.close()


def test_what_was_started_is_found_and_ends_when_it_is_let_go(started: GatewayHandle, place: Place) -> None:
    found = find(place.data)
    assert found is not None and started.process is not None
    assert (found.url, found.token, found.pid) == (started.url, started.token, started.process.pid)
    assert started.owned and not found.owned
    assert started.token not in repr(started)
    assert (place.data / "gateway.log").stat().st_mode & 0o777 == 0o600
    started.close()
    assert started.process.returncode == 0
    assert find(place.data) is None


@pytest.mark.anyio
async def test_one_that_is_kept_goes_on(started: GatewayHandle, place: Place) -> None:
    async with started.client() as client:
        await client.keep(True)
    started.kept = True
    started.close()
    assert started.process is not None
    with pytest.raises(subprocess.TimeoutExpired):
        started.process.wait(1.5)
    assert find(place.data) is not None


@pytest.mark.anyio
async def test_one_that_another_console_watches_goes_on_and_is_not_waited_for(
    started: GatewayHandle, place: Place
) -> None:
    found = find(place.data)
    assert found is not None
    async with found.client() as client, anyio.create_task_group() as tasks:

        async def watch() -> None:
            async for _ in client.events():
                pass

        tasks.start_soon(watch)
        await until(client, watchers=1)
        began = time.monotonic()
        await anyio.to_thread.run_sync(started.close)
        assert time.monotonic() - began < 10
        assert answers(started.url, "/health/ready")
        tasks.cancel_scope.cancel()


async def until(client: AdminClient, *, watchers: int) -> None:
    for _ in range(1000):
        if (await client.status()).watchers == watchers:
            return
        await anyio.sleep(0.02)
    raise AssertionError("the watcher never came")


def test_a_gateway_that_runs_already_is_taken_by_who_comes_second(
    started: GatewayHandle, place: Place
) -> None:
    second = start(place)
    assert (second.url, second.owned) == (started.url, False)


def test_after_a_crash_nothing_is_found_although_the_note_stays(started: GatewayHandle, place: Place) -> None:
    end(started)
    assert (place.data / "gateway.json").exists()
    assert find(place.data) is None
    again = start(place)
    try:
        assert again.owned
    finally:
        end(again)


def test_a_note_of_a_stranger_is_not_believed(place: Place) -> None:
    """Its process lives and its port answers, but not as a gateway does."""
    (place.data / "admin.token").write_text("lc-x\n", encoding="ascii")
    with socket.create_server(("127.0.0.1", 0)) as server:
        note = {"url": f"http://127.0.0.1:{server.getsockname()[1]}", "pid": os.getpid()}
        (place.data / "gateway.json").write_text(json.dumps(note), encoding="utf-8")
        assert find(place.data) is None
    for broken in ("", "[]", '{"url": 5}', "{"):
        (place.data / "gateway.json").write_text(broken, encoding="utf-8")
        assert find(place.data) is None


def test_why_it_could_not_start_is_told_in_its_own_words(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(GatewayFailed, match=f"port {port} on 127.0.0.1 is taken") as failed:
            start(Place(place.data, place.config, port=port))
    assert failed.value.exit_status == NOTHING_THERE
    assert "\n" not in failed.value.message
    assert place.config is not None
    place.config.write_text("prot = 5\n", encoding="utf-8")
    with pytest.raises(GatewayFailed, match="unknown key 'prot'; did you mean 'port'") as failed:
        start(place)
    assert failed.value.exit_status == WRONG_USE


def test_it_dies_with_a_console_that_is_killed(place: Place, tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom console.gateway import Place, start\n"
        "print(start(Place(Path(sys.argv[1]), Path(sys.argv[2]), port=0)).pid, flush=True)\ntime.sleep(60)"
    )
    console = subprocess.Popen(
        [sys.executable, "-c", script, str(place.data), str(place.config)],
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(tmp_path),
    )
    assert console.stdout is not None
    pid = int(console.stdout.readline())
    console.kill()
    console.wait()
    console.stdout.close()
    wait_for(lambda: not lives(pid), what="the end of the gateway")
    assert not (place.data / "gateway.json").exists()


def test_two_that_start_at_once_share_one(place: Place) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(start, [place, place])
    try:
        assert first.url == second.url
        assert first.owned != second.owned
    finally:
        end(first if first.owned else second)


def test_attaching_asks_whether_anybody_is_there(gateways: Gateways) -> None:
    running = gateways.start()
    attached = attach(running.url + "/", running.admin_token)
    assert (attached.url, attached.owned) == (running.url, False)
    with pytest.raises(GatewayFailed, match="no gateway answers at http://127.0.0.1:9"):
        attach("http://127.0.0.1:9", "x")
    odd_ones = (
        "127.0.0.1:4141",
        "ftp://x",
        "",
        "http://127.0.0.1:abc",
        "http://[::1",
        f"http://{'a' * 70}.test",
    )
    for odd in odd_ones:
        with pytest.raises(GatewayFailed, match="is no address of a gateway") as failed:
            attach(odd, "x")
        assert failed.value.exit_status == WRONG_USE


def test_something_else_is_done_while_a_gateway_starts(tmp_path: Path) -> None:
    """The console loads its screen in that time: a second start takes as long as the slower of the two."""
    place = Place(tmp_path / "data", port=0)
    seen: list[bool] = []
    handle = start(place, meanwhile=lambda: seen.append(find(place.data) is None))
    try:
        assert seen == [True], "once, and before the gateway was ready"
        assert find(place.data) is not None
    finally:
        handle.close()
