"""The console in a browser, on a real gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.browser.serving import Web
from tests.support.gateway import Gateways, RunningGateway


@pytest.fixture
def gateway(shared_gateways: Gateways) -> RunningGateway:
    running = shared_gateways.running
    return (running[0] if running else shared_gateways.start()).next_test()


@pytest.fixture
def web(gateway: RunningGateway, tmp_path: Path) -> Iterator[Web]:
    opened = Web(gateway, tmp_path / "home")
    yield opened
    opened.close()
