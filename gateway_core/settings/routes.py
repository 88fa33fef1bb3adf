"""Routes, what holds for all of them, and switches thrown in a hurry: read from TOML and written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.model.policy import Panic, Pick, Restraint, Route, Routing
from gateway_core.rules.routing.conditions import conditions_of
from gateway_core.settings.fields import dollars_of, duration_of, match_of, share_of
from gateway_core.settings.table import Table

_PICKS = tuple(str(each) for each in Pick)
_SAID = {True: "yes", False: "no"}


def read_route(table: Table, number: int = 1) -> Route:
    """One [[routes]] entry; without a name it is called by its place. Raises ConfigError."""
    use = table.get("use", list, [])
    if not use or not all(isinstance(model, str) and model for model in use):
        table.wrong("use", "use must list at least one model name")
    route = Route(
        name=table.get("name", str, f"route {number}"),
        when=when_of(table),
        use=tuple(use),
        enabled=table.get("enabled", bool, True),
        pick=Pick(table.choice("pick", _PICKS, str(Pick.ORDER))),
        weights=_weights(table, len(use)),
        escalate=share_of(table, "escalate"),
        escalate_streams=table.get("escalate_streams", bool, False),
        shadow=table.get("shadow", bool, False),
        pin=table.get("pin", bool, True),
    )
    table.done()
    if route.weights and route.pick is not Pick.WEIGHTED:
        table.wrong("weights", 'weights count only with pick = "weighted"')
    if route.escalate is not None and len(use) < 2:
        table.wrong("escalate", "escalate needs a second model in use, which is asked then")
    if route.escalate_streams and route.escalate is None:
        table.wrong("escalate_streams", "escalate_streams needs escalate, the distrust that counts")
    return route


def when_of(table: Table) -> Mapping[str, str]:
    """The conditions, checked. `true`, `false` and lists are taken for the words that they mean."""
    given = table.get("when", dict, {})
    when = {key: _word(value) for key, value in given.items()}
    for key, value in when.items():
        if not isinstance(value, str) or not value:
            table.wrong("when", f"when: the value of {key!r} must be text, not {given[key]!r}")
    try:
        conditions_of(when)
    except ValueError as error:
        table.wrong("when", f"when: {error}")
    return when


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return _SAID[value]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    return value


def _weights(table: Table, targets: int) -> tuple[int, ...]:
    weights = table.get("weights", list, [])
    if weights and (
        len(weights) != targets
        or not all(type(each) is int and 0 <= each <= 1_000_000 for each in weights)
        or not any(weights)
    ):
        table.wrong("weights", f"weights must be {targets} whole numbers, one for each model in use")
    return tuple(weights)


def read_routing(table: Table) -> Routing:
    """The [routing] section. Raises ConfigError."""
    base = Routing()
    medium, hard, margin = (share_of(table, key) for key in ("medium", "hard", "margin"))
    loss = dollars_of(table, "most_loss_usd", table.maybe("most_loss_usd", str))
    routing = Routing(
        medium=base.medium if medium is None else medium,
        hard=base.hard if hard is None else hard,
        margin=base.margin if margin is None else margin,
        always_score=table.get("always_score", bool, False),
        learn=table.get("learn", bool, False),
        pin_seconds=duration_of(table, "pin", f"{base.pin_seconds}s"),
        most_loss_nano=base.most_loss_nano if loss is None else loss,
    )
    table.done()
    if routing.medium > routing.hard:
        table.wrong("medium", f"medium = {routing.medium} is above hard = {routing.hard}; turn them round")
    return routing


def read_panic(table: Table) -> Panic:
    """One [[panics]] entry. Raises ConfigError."""
    panic = Panic(
        restraint=Restraint(table.choice("restraint", tuple(map(str, Restraint)), str(Restraint.STOP))),
        match=match_of(table, "match"),
        since=table.get("since", str, ""),
        who=table.get("who", str, ""),
    )
    table.done()
    return panic


def route_fields(route: Route) -> dict[str, Any]:
    """A route in the words of the configuration file; what is as usual is not said."""
    usual = Route(route.name, route.when, route.use)
    fields: dict[str, Any] = {
        "name": route.name,
        "when": dict(route.when),
        "use": list(route.use),
        "enabled": route.enabled,
    }
    more = {
        "pick": str(route.pick),
        "weights": list(route.weights),
        "escalate": route.escalate,
        "escalate_streams": route.escalate_streams,
        "shadow": route.shadow,
        "pin": route.pin,
    }
    return fields | {key: value for key, value in more.items() if getattr(route, key) != getattr(usual, key)}


def routing_fields(routing: Routing) -> dict[str, Any]:
    """What holds for all routes, where it is not as usual."""
    usual = routing_words(Routing())
    return {key: value for key, value in routing_words(routing).items() if value != usual[key]}


def routing_words(routing: Routing) -> dict[str, Any]:
    """All that holds for all routes, in the words of the configuration file."""
    return {
        "medium": routing.medium,
        "hard": routing.hard,
        "margin": routing.margin,
        "always_score": routing.always_score,
        "learn": routing.learn,
        "pin": f"{routing.pin_seconds}s",
        "most_loss_usd": usd_string(routing.most_loss_nano),
    }


def panic_fields(panic: Panic) -> dict[str, Any]:
    """A thrown switch in the words of the configuration file."""
    return {
        "restraint": str(panic.restraint),
        "match": dict(panic.match),
        "since": panic.since,
        "who": panic.who,
    }
