"""python -m tests.support.forking FD: loads the gateway, then forks one for each that is asked for on FD.

A request is JSON with `arguments`, `environment` and `cwd`, and brings along a socket and the file for the
output. On that socket the pid is told, and the exit status when it has ended. It ends when FD is closed.
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
from typing import Any, NoReturn

# What a gateway loads by itself before it has answered its first calls.
_LOADED = ("gateway_core.__main__", "gateway_core.server", "gateway_core.http.admin.application", "uvloop")


def main() -> None:
    for name in _LOADED:
        importlib.import_module(name)
    # Nothing of this is ever looked at again, so that all forks go on sharing it.
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as door:
        _serve(door)


def _serve(door: socket.socket) -> None:
    running: dict[int, tuple[int, socket.socket]] = {}
    while True:
        ready, _, _ = select.select([door.fileno(), *running], [], [])
        for file in ready:
            if file in running:
                _tell_end(*running.pop(file))
                os.close(file)
                continue
            asked, files, _, _ = socket.recv_fds(door, 2**20, 2)
            if not asked:
                return
            pid, news = _fork(json.loads(asked), *files)
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


def _fork(asked: dict[str, Any], told: int, output: int) -> tuple[int, socket.socket]:
    pid = os.fork()
    if pid == 0:
        _become(asked, output)
    os.close(output)
    news = socket.socket(fileno=told)
    _tell(news, pid)
    return pid, news


def _become(asked: dict[str, Any], output: int) -> NoReturn:
    """The rest of this process is the gateway."""
    for standard in (1, 2):
        os.dup2(output, standard)
    os.closerange(3, 1024)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    status = 1
    try:
        from gateway_core.__main__ import main as gateway

        status = gateway(asked["arguments"])
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
