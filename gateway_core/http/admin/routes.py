"""Routes: which models serve which calls, tried in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.routing import RouteAnswer, RoutesAnswer, RoutesServedAnswer
from gateway_core.http.admin.bodies import RouteBody, RoutesBody
from gateway_core.http.admin.edits import Who, edit, named, put_named, without_named
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.expecting import About, Expected, Over
from gateway_core.http.admin.policy_parts import EMPTY, one, revision_alone, revision_of, whole
from gateway_core.http.admin.queries import instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import ConfigError, Refusal
from gateway_core.model.policy import Policy, Route
from gateway_core.settings.routes import read_route, route_fields
from gateway_core.settings.table import Table

router = subject("routes")


@router.get("/routes")
async def routes(gateway: Gateway) -> RoutesAnswer:
    """Every route in the order in which they are tried."""
    return _all(gateway.policies.current)


@router.put("/routes")
async def put_routes(body: RoutesBody, gateway: Gateway, who: Who, over: Over) -> RoutesAnswer:
    """Puts these routes in place of all there are, in this order."""
    wanted = read_routes(body.routes)
    about = About("the order of routes, or one of them,", whole("routes"), over)
    await edit(gateway, "routes", lambda old: replace(old, routes=wanted), who, about)
    return _all(replace(EMPTY, routes=wanted))


@router.get("/routes/served")
async def routes_served(gateway: Gateway, since: str = "30d") -> RoutesServedAnswer:
    """How many calls since then each route has led."""
    return RoutesServedAnswer(served=await read(gateway.queries.by_route, instant(gateway, since)))


@router.put("/routes/{name:path}")
async def put_route(name: str, body: RouteBody, gateway: Gateway, who: Who, over: Over) -> RouteAnswer:
    """Makes a route, replaces or moves the one of that name."""
    await edit(gateway, "routes", lambda old: with_route(old, name, body), who, _about(name, over))
    return _answer(named(gateway.policies.current.routes, name, "route"))


@router.patch("/routes/{name:path}")
async def change_route(name: str, body: RouteBody, gateway: Gateway, who: Who, over: Over) -> RouteAnswer:
    """Changes what the body says of a route and nothing else: its place, whether it is on."""

    def changed(old: Policy) -> Policy:
        return with_route(old, name, body, named(old.routes, name, "route"))

    await edit(gateway, "routes", changed, who, _about(name, over))
    return _answer(named(gateway.policies.current.routes, name, "route"))


@router.delete("/routes/{name:path}")
async def delete_route(name: str, gateway: Gateway, who: Who, over: Over) -> DoneAnswer:
    """Removes a route."""

    def without(old: Policy) -> Policy:
        return replace(old, routes=without_named(old.routes, name, "route"))

    await edit(gateway, "routes", without, who, _about(name, over))
    return DoneAnswer()


def _about(name: str, over: Expected) -> About:
    return About(f"route {name!r}", one("routes", name), over)


def read_routes(tables: Sequence[Mapping[str, Any]]) -> tuple[Route, ...]:
    """All routes in the fields of config.toml. Raises ConfigError."""
    read = (read_route(Table(dict(each), f"route {at}"), at) for at, each in enumerate(tables, 1))
    routes = tuple(read)
    names = [each.name for each in routes]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ConfigError(f"two routes are named {doubled.pop()!r}; names must differ")
    return routes


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


def _all(policy: Policy) -> RoutesAnswer:
    revision = revision_of(whole("routes"), policy)
    return RoutesAnswer(routes=[_answer(each) for each in policy.routes], revision=revision)


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
        escalate_streams=route.escalate_streams,
        revision=revision_alone("routes", route),
    )
