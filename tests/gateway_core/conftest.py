"""A ledger on a real file and its queries, and a data folder for the parts of a gateway."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.start()
    yield ledger
    ledger.close()


@pytest.fixture
def queries(ledger: Ledger) -> Iterator[Queries]:
    queries = Queries(ledger.path)
    yield queries
    queries.close()


@pytest.fixture
def data(tmp_path: Path, compiled_prices: Path) -> Path:
    """The data folder of a gateway, with its price table."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(compiled_prices, folder / "prices.json")
    return folder
