"""One gateway for all tests of a file, and the rows that each of them leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.sdks import Place, through
from tests.clients.translated.asking import Ledger
from tests.support.gateway import PROVIDERS, Gateways
from tests.support.simulated import SimulatedProvider


@pytest.fixture(scope="module")
def ledger(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedProvider, compiled_prices: Path
) -> Iterator[Ledger]:
    base_urls = {name: simulated.base_url(name) for name in PROVIDERS}
    started = Gateways(tmp_path_factory.mktemp("translated"), base_urls, compiled_prices)
    yield Ledger(started.start())
    started.close()


@pytest.fixture
def rows(ledger: Ledger) -> Ledger:
    """The rows of this test."""
    ledger.begin()
    return ledger


@pytest.fixture
def ours(rows: Ledger) -> Iterator[Place]:
    """The gateway."""
    with through(rows.gateway) as place:
        yield place
