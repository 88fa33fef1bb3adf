"""Routes: which models serve which calls, tried in order."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter

from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.policy import RouteAnswer, RoutesAnswer
from gateway_core.http.admin.bodies import RouteBody
from gateway_core.http.admin.edits import Who, edit, put_named, without_named
from gateway_core.http.admin.engine import Gateway
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Route
from gateway_core.settings.routes import read_route
from gateway_core.settings.table import Table

router = APIRouter(tags=["routes"])


@router.get("/routes")
async def routes(gateway: Gateway) -> RoutesAnswer:
    """Every route in the order in which they are tried."""
    return RoutesAnswer(routes=[_answer(each) for each in gateway.policies.current.routes])


@router.put("/routes/{name:path}")
async def put_route(name: str, body: RouteBody, gateway: Gateway, who: Who) -> RouteAnswer:
    """Makes a route, replaces or moves the one of that name."""
    if body.position is not None and body.position < 0:
        raise Refusal(400, "invalid_position", "position counts from 0, the first place")
    fields = {"name": name, "when": body.when, "use": body.use, "enabled": body.enabled}
    route = read_route(Table(fields, f"route {name!r}"))
    await edit(
        gateway, "routes", lambda old: replace(old, routes=put_named(old.routes, route, body.position)), who
    )
    return _answer(route)


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


def _answer(route: Route) -> RouteAnswer:
    return RouteAnswer(name=route.name, when=dict(route.when), use=list(route.use), enabled=route.enabled)
