"""No route goes around the meter: every endpoint spends from every kind of budget, and is refused by it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count

import httpx
import pytest

from tests.support.endpoints import ENDPOINTS, MODELS, VARIANTS, Endpoint
from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider

PRICES = "".join(
    f'[prices."{provider}/{model}"]\ninput = "100"\noutput = "1000"\n' for provider, model in MODELS
)
LEAST = Decimal("0.000000001")
NUMBERS = count()
"""No two calls are alike: nothing here may be answered from a cache."""


@dataclass(frozen=True)
class Scope:
    """A kind of budget: what it matches, and who is inside and outside of it."""

    name: str
    match: dict[str, str]
    outside: str | None = None
    """Tags of a call that is none of its business."""
    by_token: bool = False

    def matching(self, endpoint: Endpoint) -> dict[str, str]:
        found = {"model": endpoint.model, "provider": endpoint.provider}
        return {key: found.get(key, value) for key, value in self.match.items()}


INSIDE = "project=web,user=ann"
SCOPES = (
    Scope("everything", {}),
    Scope("project", {"project": "web"}, outside="project=other,user=ann"),
    Scope("user", {"user": "ann"}, outside="project=web,user=bob"),
    Scope("model", {"model": ""}),
    Scope("provider", {"provider": ""}),
    Scope("token", {"token": "ci"}, outside=INSIDE, by_token=True),
    Scope("two keys at once", {"project": "web", "model": ""}, outside="project=other"),
)


class Meter:
    """One gateway with one budget, whose limit is moved from call to call."""

    def __init__(self, gateway: RunningGateway, scope: Scope) -> None:
        self.gateway = gateway
        self.scope = scope
        self.calls = 0
        ci = gateway.admin("POST", "tokens", json={"name": "ci", "tags": {}})
        self.token = str(ci["token"]) if scope.by_token else gateway.token

    def call(self, endpoint: Endpoint, *, tags: str = INSIDE, token: str | None = None) -> httpx.Response:
        self.calls += 1
        headers = endpoint.wire.credential(token or self.token)
        headers["x-call"] = str(next(NUMBERS))
        if not endpoint.path.startswith("/@"):
            headers["x-llmconsole-tags"] = tags
        return self.gateway.http.post(endpoint.path, json=endpoint.body, headers=headers)

    def limit(self, endpoint: Endpoint, limit: Decimal, name: str = "the budget") -> None:
        fields = {"match": self.scope.matching(endpoint), "limit_usd": f"{limit:f}", "window": "total"}
        self.gateway.admin("PUT", f"budgets/{name}", json=fields)

    def spent(self, name: str = "the budget") -> Decimal:
        budgets = self.gateway.admin("GET", "budgets")["budgets"]
        (budget,) = (each for each in budgets if each["name"] == name)
        assert Decimal(budget["held_usd"]) == 0
        return Decimal(budget["spent_usd"])

    def wait_until_spent(self, before: Decimal, endpoint: Endpoint) -> None:
        wait_for(lambda: self.spent() > before, what=f"{endpoint.name} to spend")


def variants(place: int) -> list[Endpoint]:
    """Each endpoint by one of the ways to it; over the scopes, each by every way."""
    return [VARIANTS[(place + number) % 4](endpoint, INSIDE) for number, endpoint in enumerate(ENDPOINTS)]


def assert_refused(endpoint: Endpoint, response: httpx.Response) -> None:
    assert (endpoint.name, response.status_code) == (endpoint.name, 402), response.text
    _, message = endpoint.wire.error_of(response.json())
    assert "the budget" in message
    assert response.headers["x-should-retry"] == "false"


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)
def test_every_endpoint_is_on_the_meter_of(
    gateways: Gateways, simulated: SimulatedProvider, scope: Scope
) -> None:
    meter = Meter(gateways.start(PRICES), scope)
    mark, served = simulated.mark(), 0
    for plain, endpoint in zip(ENDPOINTS, variants(SCOPES.index(scope)), strict=True):
        meter.limit(endpoint, Decimal(1000))
        before = meter.spent()
        response = meter.call(endpoint)
        assert (endpoint.name, response.status_code) == (endpoint.name, 200), response.text
        if not endpoint.free:
            meter.wait_until_spent(before, endpoint)
        meter.limit(endpoint, max(LEAST, meter.spent()))
        again = meter.call(endpoint)
        served += 1
        if endpoint.free:
            assert again.status_code == 200
            served += 1
        else:
            assert_refused(endpoint, again)
        if scope.outside:
            other = meter.call(plain, tags=scope.outside, token=meter.gateway.token)
            assert (endpoint.name, other.status_code) == (endpoint.name, 200), other.text
            served += 1
    assert len(simulated.seen(mark)) == served
    rows = meter.gateway.rows(meter.calls)
    assert len([row for row in rows if row["outcome"] == "ok"]) == served
    assert all(row["outcome"] in ("ok", "refused") for row in rows)
    assert all(Decimal(row["cost_usd"]) == 0 for row in rows if row["outcome"] == "refused")
    assert not meter.gateway.doctor()
