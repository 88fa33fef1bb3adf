"""Alerts and the guard over the console's client, against a real gateway."""

from __future__ import annotations

import pytest

from console.client import AdminClient
from tests.support.gateway import Gateways

pytestmark = pytest.mark.anyio


async def test_alerts_and_the_guard_have_their_shapes(gateways: Gateways) -> None:
    gateway = gateways.start()
    async with AdminClient(gateway.url, gateway.admin_token) as client:
        assert (await client.alerts()).alerts == ()
        tried = await client.test_alerts()
        assert [one.id for one in (await client.alerts()).alerts] in ([], [tried.id])
        assert (await client.guard()).stops == ()
        assert await client.lift_guard() == 0
