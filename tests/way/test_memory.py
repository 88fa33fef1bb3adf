"""What a call took in memory is given back with its end, however large its prompt was."""

from __future__ import annotations

import sys

import pytest

from benchmarks.processes import resident_mb
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT, MESSAGES, Wire

LARGE = "The tide comes in and goes out again. " * 13_000
"""Half a megabyte."""
WARM, CALLS = 60, 200
ROUTED = """
[[routes]]
name = "hard ones"
when = { complexity = "hard" }
use = ["gpt-4.1"]
"""
USES_CACHE = '[cache]\nexact = { ttl = "1h" }\n'
LEFT_OUT = '[cache]\nexact = { when = { project = "elsewhere" } }\n'


def ask(gateway: RunningGateway, wire: Wire, number: int, stream: bool) -> None:
    body = wire.ask(f"[[sim output=5]] {number} {LARGE}", stream=stream, cap=20)
    path = wire.stream_path if stream else wire.path
    answer = gateway.http.post(path, json=body, headers=wire.credential(gateway.token))
    assert answer.status_code == 200, answer.text


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("policy", [ROUTED, USES_CACHE, LEFT_OUT], ids=["routed", "uses cache", "left out"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", [CHAT, MESSAGES], ids=lambda wire: wire.name)
def test_ended_calls_leave_no_prompt_behind(
    gateways: Gateways, wire: Wire, stream: bool, policy: str
) -> None:
    gateway = gateways.start(policy)
    for number in range(WARM):
        ask(gateway, wire, number, stream)
    before = resident_mb([gateway.child.pid])
    for number in range(WARM, WARM + CALLS):
        ask(gateway, wire, number, stream)
    # All of their prompts together are six times as much.
    assert resident_mb([gateway.child.pid]) - before < CALLS * len(LARGE) / 1e6 / 6
