"""Routes: which models serve which calls, tried in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter

from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.policy import RouteAnswer, RoutesAnswer
from gateway_core.http.admin.bodies import RouteBody
from gateway_core.http.admin.edits import Who, edit, named, put_named, without_named
from gateway_core.http.admin.engine import Gateway
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Policy, Route
from gateway_core.settings.routes import read_route, route_fields
from gateway_core.settings.table import Table

router = APIRouter(tags=["routes"])


@router.get("/routes")
async def routes(gateway: Gateway) -> RoutesAnswer:
    """Every route in the order in which they are tried."""
    return RoutesAnswer(routes=[_answer(each) for each in gateway.policies.current.routes])


@router.put("/routes/{name:path}")
async def put_route(name: str, body: RouteBody, gateway: Gateway, who: Who) -> RouteAnswer:
    """Makes a route, replaces or moves the one of that name."""
    await edit(gateway, "routes", lambda old: with_route(old, name, body), who)
    return _answer(named(gateway.policies.current.routes, name, "route"))


@router.patch("/routes/{name:path}")
async def change_route(name: str, body: RouteBody, gateway: Gateway, who: Who) -> RouteAnswer:
    """Changes what the body says of a route and nothing else: its place, whether it is on."""

    def changed(old: Policy) -> Policy:
        return with_route(old, name, body, named(old.routes, name, "route"))

    await edit(gateway, "routes", changed, who)
    return _answer(named(gateway.policies.current.routes, name, "route"))


@router.delete("/routes/{name:path}")
async def delete_route(name: str, gateway: Gateway, who: Who) -> DoneAnswer:
    """Removes a route."""
    await edit(
        gateway,
        "routes",
        lambda old: replace(old, routes=without_named(old.routes, name, "route")),
        who,
    )
    return DoneAnswer()


def with_route(policy: Policy, name: str, body: RouteBody, base: Route | None = None) -> Policy:
    """The policy with a route made, replaced or moved. base: what holds where the body says nothing.

    Raises ConfigError for a route that makes no sense, Refusal 400 and 404 for a place that is none.
    """
    given = body.model_dump(exclude_none=True, exclude={"position", "before"})
    fields: dict[str, Any] = {**(route_fields(base) if base else {}), **given, "name": name}
    route = read_route(Table(fields, f"route {name!r}"))
    return replace(policy, routes=put_named(policy.routes, route, _place(policy.routes, name, body)))


def _place(routes: Sequence[Route], name: str, body: RouteBody) -> int | None:
    """The place in the order that a body names; None where it names none."""
    if body.before is not None:
        others = [each for each in routes if each.name != name]
        return others.index(named(others, body.before, "route"))
    if body.position is not None and body.position < 0:
        raise Refusal(400, "invalid_position", "position counts from 0, the first place")
    return body.position


def _answer(route: Route) -> RouteAnswer:
    return RouteAnswer(
        name=route.name,
        when=dict(route.when),
        use=list(route.use),
        enabled=route.enabled,
        pick=str(route.pick),
        weights=list(route.weights),
        escalate=route.escalate,
        shadow=route.shadow,
        pin=route.pin,
    )
