"""Fixtures that start the real parts; what they start is described in tests/support."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from tests.support.gateway import PROVIDERS, Gateways
from tests.support.keyring_session import KeyringSession
from tests.support.simulated import SimulatedProvider

# Machines are shared and slow at times: how long an example takes says nothing about the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


def pytest_xdist_auto_num_workers() -> int | None:
    """More workers than processors, as most of a test is waiting; the variable of xdist is stronger."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + min(2 * processors, 4)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of this run."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def compiled_prices(shared_folder: Path) -> Path:
    """The price table, compiled once a run: each gateway of the tests gets a copy."""
    # Imported here, so that a run of other tests does not load it.
    from gateway_core.providers.prices import ensure_compiled

    path = shared_folder / "prices.json"
    with FileLock(f"{path}.lock"):
        ensure_compiled(path)
    return path


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedProvider]:
    """The simulated provider, one for each worker. Its record grows over tests: compare its new end."""
    provider = SimulatedProvider(tmp_path_factory.mktemp("provider"), "--speed", "inf")
    yield provider
    provider.close()


@pytest.fixture
def fresh_simulated(tmp_path: Path) -> Iterator[SimulatedProvider]:
    """A simulated provider for this test alone, which may be killed."""
    folder = tmp_path / "provider"
    folder.mkdir()
    provider = SimulatedProvider(folder, "--speed", "inf")
    yield provider
    provider.close()


@pytest.fixture
def gateways(tmp_path: Path, simulated: SimulatedProvider, compiled_prices: Path) -> Iterator[Gateways]:
    """Starts gateways whose providers are all the simulated one."""
    base_urls = {name: simulated.base_url(name) for name in PROVIDERS}
    started = Gateways(tmp_path, base_urls, compiled_prices)
    yield started
    started.close()


@pytest.fixture(scope="module")
def shared_gateways(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedProvider, compiled_prices: Path
) -> Iterator[Gateways]:
    """The same for tests of one file that leave nothing behind which the next one would notice: a start costs
    more than most of what is asked. Hand each test its gateway by `next_test`."""
    base_urls = {name: simulated.base_url(name) for name in PROVIDERS}
    started = Gateways(tmp_path_factory.mktemp("shared"), base_urls, compiled_prices)
    yield started
    started.close()


@pytest.fixture
def keyring_session(tmp_path: Path) -> Iterator[KeyringSession]:
    home = tmp_path / "keyring"
    home.mkdir()
    session = KeyringSession(home)
    yield session
    session.close()
