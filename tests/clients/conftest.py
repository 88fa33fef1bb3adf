"""A gateway, and the two places that every client test compares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.sdks import Place, direct, through
from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider


@pytest.fixture(scope="module")
def shared(shared_gateways: Gateways) -> RunningGateway:
    return shared_gateways.start()


@pytest.fixture
def gateway(shared: RunningGateway) -> RunningGateway:
    return shared.next_test()


@pytest.fixture
def ours(gateway: RunningGateway) -> Iterator[Place]:
    """The gateway."""
    with through(gateway) as place:
        yield place


@pytest.fixture
def theirs(simulated: SimulatedProvider) -> Iterator[Place]:
    """The provider itself."""
    with direct(simulated) as place:
        yield place
