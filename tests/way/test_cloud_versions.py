"""Claude inside clouds is asked for in the version that the client speaks, as Anthropic's SDK does it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.clouds import CLAUDE, bedrock, vertex
from tests.support.gateway import Gateways
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, Wire

Section = Callable[[SimulatedProvider, Path], str]
CLOUDS: dict[str, tuple[Section, str, str]] = {
    "bedrock": (bedrock, CLAUDE, "bedrock-2023-05-31"),
    "vertex": (vertex, "vertex/claude-sonnet-4-5@20250929", "vertex-2023-10-16"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("wire", "version", "own", "warm"),
    [
        (MESSAGES, "2023-06-01", True, 200),
        (MESSAGES, "2026-10-21", False, 400),
        (MESSAGES, "yesterday", True, 200),
        (CHAT, "2026-10-21", True, 200),
    ],
)
def test_the_version_is_the_clients(
    gateways: Gateways,
    simulated: SimulatedProvider,
    tmp_path: Path,
    cloud: str,
    wire: Wire,
    version: str,
    own: bool,
    warm: int,
) -> None:
    """The newest takes no sampling parameters; what is translated is written in the first one."""
    section, model, first = CLOUDS[cloud]
    gateway = gateways.start(section(simulated, tmp_path), base_urls={})
    headers = {**wire.credential(gateway.token), "anthropic-version": version}
    before = simulated.mark()
    body = wire.ask("Which version is this?", model=model)
    assert gateway.http.post(wire.for_model(model), json=body, headers=headers).status_code == 200
    (arrived,) = [each for each in simulated.seen(before, bodies=True) if each["path"] != "/token"]
    assert json.loads(arrived["body"])["anthropic_version"] == (first if own else version)
    assert "anthropic-version" not in arrived["header_names"]
    body["temperature"] = 0.5
    assert gateway.http.post(wire.for_model(model), json=body, headers=headers).status_code == warm
