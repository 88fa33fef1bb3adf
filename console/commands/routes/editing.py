"""llmconsole routes list, show, set, rm, move, enable, disable: which models serve which calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.commands.routes.words import route_body, route_options
from console.decision_words import then_words
from console.shapes import Route
from console.trouble import NO, WRONG_USE, Trouble

FIRST = 'llmconsole routes set "small talk" --when mode=vibing --when complexity=simple --use gpt-5-nano'
HEADER = ("#", "on", "name", "when", "then")


@click.command("list")
@common_options
@pass_options
def list_(options: Options) -> None:
    """Every route, in the order in which they are tried."""
    found = ask(options, lambda client: client.routes()).routes
    if options.json:
        echo_json({"routes": found})
    elif not found:
        click.echo(f"no routes: every call keeps its model; set one with: {FIRST}")
    else:
        click.echo("\n".join(table(found)))


@click.command()
@click.argument("name")
@common_options
@pass_options
def show(options: Options, name: str) -> None:
    """One route, with everything that it says."""
    found = named(ask(options, lambda client: client.routes()).routes, name)
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(lines(found)))


@click.command("set")
@click.argument("name")
@route_options
@common_options
@pass_options
def set_(options: Options, /, name: str, **words: Any) -> None:
    """Make a route, or replace the one of that name; without --use, change only what is said."""
    body = route_body(words)
    if "use" in body:
        use, when = body.pop("use"), body.pop("when", {})
        _tell(options, ask(options, lambda client: client.put_route(name, when=when, use=use, **body)))
    elif body:
        _tell(options, ask(options, lambda client: client.change_route(name, **body)))
    else:
        raise Trouble(f"nothing is said of route {name!r}; write for example: {FIRST}", WRONG_USE)


@click.command()
@click.argument("name")
@click.option("--before", metavar="NAME", help="Before that route.")
@click.option("--to", "place", type=click.IntRange(1), metavar="N", help="To that place, 1 is the first.")
@common_options
@pass_options
def move(options: Options, name: str, before: str | None, place: int | None) -> None:
    """Move a route: the first that matches a call wins."""
    if (before is None) == (place is None):
        raise Trouble("say where to: --before NAME or --to N", WRONG_USE)
    to = {"before": before} if place is None else {"position": place - 1}
    _tell(options, ask(options, lambda client: client.change_route(name, **to)))


@click.command()
@click.argument("name")
@common_options
@pass_options
def enable(options: Options, name: str) -> None:
    """Switch a route on."""
    _tell(options, ask(options, lambda client: client.change_route(name, enabled=True)))


@click.command()
@click.argument("name")
@common_options
@pass_options
def disable(options: Options, name: str) -> None:
    """Switch a route off; it keeps its place."""
    _tell(options, ask(options, lambda client: client.change_route(name, enabled=False)))


@click.command("rm")
@click.argument("name")
@common_options
@pass_options
def remove(options: Options, name: str) -> None:
    """Remove a route."""
    ask(options, lambda client: client.delete_route(name))
    if options.json:
        echo_json({"removed": name})
    else:
        click.echo(f"removed route {name}")


def table(routes: Sequence[Route]) -> list[str]:
    """Lines of a table of routes."""
    return aligned(HEADER, [_row(number, each) for number, each in enumerate(routes, 1)])


def lines(route: Route) -> list[str]:
    """A route, a line for each thing that it says."""
    told = [
        present.plain(route.name) + ("" if route.enabled else " (off)"),
        f"  when {present.plain(present.matched(route.when))}",
        f"  then {_then(route)}",
    ]
    if not route.pin:
        told.append("  conversations do not stay where they began")
    return told


def named(routes: Sequence[Route], name: str) -> Route:
    """The route of that name. Raises Trouble where there is none."""
    found = next((each for each in routes if each.name == name), None)
    if found is None:
        names = ", ".join(repr(each.name) for each in routes) or "none"
        raise Trouble(f"no route is named {name!r}; there are {names}", NO)
    return found


def _row(number: int, route: Route) -> tuple[str, ...]:
    when = present.plain(present.matched(route.when))
    return str(number), "●" if route.enabled else "○", present.plain(route.name), when, _then(route)


def _then(route: Route) -> str:
    return then_words(route, *([] if route.escalate is None else [f"escalates from {route.escalate:g}"]))


def _tell(options: Options, route: Route) -> None:
    if options.json:
        echo_json(route)
    else:
        click.echo("\n".join(lines(route)))
