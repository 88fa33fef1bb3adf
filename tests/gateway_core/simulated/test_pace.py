"""Simulated time: pauses follow a change of speed, those under way too, and scenes are cut off in it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx
import pytest

from gateway_core.simulated.pace import Pace
from tests.support.processes import Child, clean_environment, wait_for
from tests.support.wires import CHAT

pytestmark = pytest.mark.anyio
LONG = 3600.0


async def test_a_pause_is_as_long_as_the_speed_says() -> None:
    pace = Pace(20)
    begun = anyio.current_time()
    await pace.pause(2)
    assert 0.095 <= anyio.current_time() - begun < 2


async def test_a_pause_that_has_begun_follows_the_new_speed() -> None:
    pace = Pace(1)
    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            group.start_soon(pace.pause, LONG)
            group.start_soon(pace.pause, 0.3)
            await anyio.sleep(0.05)
            pace.hasten(LONG * 100)


async def test_a_slower_speed_makes_it_longer() -> None:
    pace, over = Pace(100), anyio.Event()

    async def wait() -> None:
        await pace.pause(20)
        over.set()

    async with anyio.create_task_group() as group:
        group.start_soon(wait)
        await anyio.sleep(0.02)
        pace.hasten(0.01)
        await anyio.sleep(0.4)
        assert not over.is_set()
        group.cancel_scope.cancel()


async def test_a_scene_is_cut_off_in_simulated_time() -> None:
    pace, ended = Pace(50), []

    async def scene() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            ended.append("scene")

    with anyio.fail_after(10):
        await pace.cut(scene, 5)
    assert ended == ["scene"]


async def test_a_scene_may_end_by_itself() -> None:
    async def scene() -> None:
        await anyio.lowlevel.checkpoint()

    with anyio.fail_after(10):
        await Pace(1).cut(scene, LONG)


def test_the_owner_changes_the_speed_of_a_provider(tmp_path: Path) -> None:
    """At its first speed an answer would take hours; what is no speed is passed over."""
    child = Child(
        [sys.executable, "-m", "gateway_core.simulated", "provider", "--speed", "0.00001", "--owner-pipe"],
        log=tmp_path / "provider.log",
        environment=clean_environment(tmp_path),
        stdin=subprocess.PIPE,
    )
    try:
        wait_for(lambda: '{"port"' in child.output, what="the port")
        port = int(child.output.split('{"port": ')[1].split("}")[0])
        assert child.popen.stdin is not None
        child.popen.stdin.write(b"fast\n-1\n100000\n")
        child.popen.stdin.flush()
        begun = time.monotonic()
        answer = None
        while answer is None and time.monotonic() - begun < 30:
            try:
                answer = httpx.post(
                    f"http://127.0.0.1:{port}{CHAT.path}",
                    json=CHAT.ask("Quick?"),
                    headers=CHAT.credential("k"),
                    trust_env=False,
                    timeout=2,
                )
            except httpx.ReadTimeout:
                continue
        assert answer is not None and answer.status_code == 200
    finally:
        child.close()
