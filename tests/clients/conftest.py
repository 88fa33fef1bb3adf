"""A gateway, and the two places that every client test compares."""

from __future__ import annotations

import pytest

from tests.clients.sdks import Place, direct, through
from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


@pytest.fixture
def ours(gateway: RunningGateway) -> Place:
    """The gateway."""
    return through(gateway)


@pytest.fixture
def theirs(simulated: SimulatedProvider) -> Place:
    """The provider itself."""
    return direct(simulated)
