"""One gateway for all tests of a file that only look, or clean up what they change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gateway import PROVIDERS, Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider


@pytest.fixture(scope="module")
def module_gateways(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedProvider, compiled_prices: Path
) -> Iterator[Gateways]:
    """Starts gateways that stay for the tests of one file."""
    base_urls = {name: simulated.base_url(name) for name in PROVIDERS}
    started = Gateways(tmp_path_factory.mktemp("gateways"), base_urls, compiled_prices)
    yield started
    started.close()


@pytest.fixture(scope="module")
def shared_gateway(module_gateways: Gateways) -> RunningGateway:
    """A gateway that nobody may change."""
    return module_gateways.start()
