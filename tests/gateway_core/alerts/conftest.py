"""A room of alerts on a real ledger, its channels real too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC

import pytest

from gateway_core.alerts import Alerts
from gateway_core.alerts.channel import Channel
from gateway_core.bus import Bus
from gateway_core.clock import Clock
from gateway_core.store.alerts import AlertStore
from gateway_core.store.ledger import Ledger
from tests.support.receiver import Receiver, receiving

MakeAlerts = Callable[..., Alerts]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def make_alerts(ledger: Ledger) -> MakeAlerts:
    """Alerts over the channels that are given; pauses between tries are hundredths of a second."""

    def make(channels: Sequence[Channel], first_pause: float = 0.01) -> Alerts:
        clock = Clock()
        return Alerts(AlertStore(ledger), Bus(clock), clock, UTC, channels, first_pause)

    return make
