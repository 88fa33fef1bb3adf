"""The command that writes the weekly report: what it is given, how its failure is told, and that it ends."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process
from typing import Any

import pytest

from gateway_core.rounds import report_command
from gateway_core.rounds.report_command import NotWritten, passed_on, run_report
from tests.gateway_core.store.making import eventually

pytestmark = pytest.mark.anyio


def test_it_gets_what_says_where_things_are_and_no_more() -> None:
    given = {
        "HOME": "/h",
        "PATH": "/bin",
        "LC_ALL": "C",
        "TZ": "UTC",
        "OPENAI_API_KEY": "secret",
        "LLMCONSOLE_TOKEN": "secret",
        "HTTPS_PROXY": "http://user:secret@proxy",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    assert set(passed_on(given)) == {"HOME", "PATH", "LC_ALL", "TZ"}


async def test_it_is_done_when_the_command_is() -> None:
    await run_report(["--help"])


async def test_a_failure_is_the_commands_own_sentence() -> None:
    with pytest.raises(NotWritten, match="'nonsense' is no part; use savings, forgone, budgets"):
        await run_report(["--include=nonsense"])


@pytest.mark.parametrize("word", ["x" * 2**20, "a\0b"], ids=["too long", "no text"])
async def test_a_command_that_cannot_be_started_is_a_failure_like_any(word: str) -> None:
    with pytest.raises(NotWritten, match="the command cannot be started"):
        await run_report([f"--where=project={word}"])


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """The processes that were started, by the real way."""
    found: list[Process] = []
    start = asyncio.create_subprocess_exec

    async def watched(*words: Any, **more: Any) -> Process:
        found.append(await start(*words, **more))
        return found[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    return found


async def test_one_that_takes_too_long_is_ended(
    started: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_command, "PATIENCE", 0.01)
    with pytest.raises(NotWritten, match="it took more than"):
        await run_report(["--help"])
    assert [each.returncode for each in started] == [-signal.SIGKILL]


async def test_it_ends_with_the_gateway(started: list[Process]) -> None:
    running = asyncio.create_task(run_report(["--help"]))  # noqa: TID251 - cancelled below
    await eventually(lambda: bool(started))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [each.returncode for each in started] == [-signal.SIGKILL]
