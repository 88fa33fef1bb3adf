"""One gateway for all tests of a file, and the rows that each of them leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.sdks import Place, through
from tests.clients.translated.asking import Ledger
from tests.support.gateway import Gateways, RunningGateway


@pytest.fixture(scope="module")
def shared(shared_gateways: Gateways) -> RunningGateway:
    return shared_gateways.start()


@pytest.fixture
def rows(shared: RunningGateway) -> Ledger:
    """The rows of this test."""
    return Ledger(shared.next_test())


@pytest.fixture
def ours(rows: Ledger) -> Iterator[Place]:
    """The gateway."""
    with through(rows.gateway) as place:
        yield place
