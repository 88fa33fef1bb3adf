"""A call copied as a curl command is one that a shell and the gateway take, and shows no token."""

from __future__ import annotations

import os
import subprocess

import pytest

from console.panels.curl import as_curl
from console.shapes import Call
from tests.support.gateway import Gateways
from tests.support.wires import WIRES, Wire


def ended(wire: Wire) -> Call:
    return Call(
        id="c1", started_at="2026-11-23T13:02:13Z", status="settled", outcome="ok", format=wire.name,
        path=wire.path, asked_model=wire.model, model=wire.model, provider=wire.provider, token="laptop",
        stream=False, tags={"user": "o'neil", "project": "web"},
    )  # fmt: skip


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_the_command_makes_the_same_call_again(gateways: Gateways, wire: Wire) -> None:
    gateway = gateways.start()
    line = as_curl(ended(wire), gateway.url)
    assert gateway.token not in line
    done = subprocess.run(
        ["sh", "-c", line.replace("curl ", "curl -sf ", 1)],
        env={**os.environ, "LLMCONSOLE_TOKEN": gateway.token},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    row = max(gateway.export(), key=lambda row: row["started_at"])
    assert (row["format"], row["asked_model"]) == (wire.name, wire.model)
    assert row["tags"]["user"] == "o'neil"
