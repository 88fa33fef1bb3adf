"""python -m tests.support.forking KIND FD: loads a program, then forks it for each that is asked for on FD.

A request is JSON with `arguments`, `environment` and `cwd`, and brings along a socket and the three standard
files. On that socket the pid is told, and the exit status when it has ended. It ends when FD is closed.
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import select
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

_ENTRIES = {"gateway": ("gateway_core.__main__", "main"), "console": ("console.cli", "run")}
"""The function that takes the arguments and gives the exit status."""
_LOADED = {
    "gateway": ("gateway_core.server", "gateway_core.http.admin.application", "keyring", "uvloop"),
    "console": (
        "console.client",
        "console.commands.budgets",
        "console.offline",
        "console.reports",
        "gateway_core.http.admin.application",
        "gateway_core.offline",
        "keyring",
        "platformdirs",
    ),
}
"""What most runs load by themselves."""

Program = Callable[[list[str]], int]


def main() -> None:
    kind, file = sys.argv[1:]
    module, name = _ENTRIES[kind]
    program: Program = getattr(importlib.import_module(module), name)
    for each in _LOADED[kind]:
        importlib.import_module(each)
    # Nothing of this is ever looked at again, so that all forks go on sharing it.
    gc.freeze()
    with socket.socket(fileno=int(file)) as door:
        _serve(door, program)


def _serve(door: socket.socket, program: Program) -> None:
    running: dict[int, tuple[int, socket.socket]] = {}
    while True:
        ready, _, _ = select.select([door.fileno(), *running], [], [])
        for file in ready:
            if file in running:
                _tell_end(*running.pop(file))
                os.close(file)
                continue
            asked, files, _, _ = socket.recv_fds(door, 2**20, 4)
            if not asked:
                return
            pid, news = _fork(program, json.loads(asked), *files)
            running[os.pidfd_open(pid)] = pid, news


def _tell_end(pid: int, news: socket.socket) -> None:
    _, status = os.waitpid(pid, 0)
    with news:
        _tell(news, os.waitstatus_to_exitcode(status))


def _tell(news: socket.socket, number: int) -> None:
    try:
        news.send(str(number).encode())
    except OSError:
        # Whoever asked for it does not want to know any more.
        return


def _fork(program: Program, asked: dict[str, Any], told: int, *files: int) -> tuple[int, socket.socket]:
    pid = os.fork()
    if pid == 0:
        _become(program, asked, files)
    for file in files:
        os.close(file)
    news = socket.socket(fileno=told)
    _tell(news, pid)
    return pid, news


def _become(program: Program, asked: dict[str, Any], files: Sequence[int]) -> NoReturn:
    """The rest of this process is the program."""
    for standard, file in enumerate(files):
        os.dup2(file, standard)
    os.closerange(3, 1024)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    status = 1
    try:
        status = program(asked["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
