"""llmconsole throttles: list, set and remove limits on pace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, dollars, echo_json, pairs, pass_options
from console.trouble import WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.shapes import Throttle

HEADER = ("name", "match", "calls/min", "tokens/min", "$/hour", "at once", "tokens last min")
_POSITIVE = click.IntRange(1)


@click.group()
@common_options
def throttles() -> None:
    """List, set and remove limits on pace."""


@throttles.command("list")
@common_options
@pass_options
def list_(options: Options) -> None:
    """Every throttle and what it counts right now."""
    found = ask(options, lambda client: client.throttles())
    if options.json:
        echo_json({"throttles": found})
    elif not found:
        click.echo("no throttles; set one with: llmconsole throttles set NAME --tokens-per-minute 200000")
    else:
        click.echo("\n".join(table(found)))


@throttles.command("set")
@click.argument("name")
@click.option("--match", "matches", multiple=True, metavar="K=V", help="Which calls; several must all match.")
@click.option("--requests-per-minute", type=_POSITIVE, metavar="N")
@click.option("--tokens-per-minute", type=_POSITIVE, metavar="N")
@click.option("--usd-per-hour", metavar="N", help="Dollars.")
@click.option("--concurrent", type=_POSITIVE, metavar="N", help="Calls at once.")
@common_options
@pass_options
def set_(
    options: Options,
    name: str,
    matches: tuple[str, ...],
    requests_per_minute: int | None,
    tokens_per_minute: int | None,
    usd_per_hour: str | None,
    concurrent: int | None,
) -> None:
    """Make a throttle of one or more limits, or replace the one of that name."""
    if not any((requests_per_minute, tokens_per_minute, usd_per_hour, concurrent)):
        raise Trouble(
            "a throttle needs --requests-per-minute, --tokens-per-minute, --usd-per-hour or --concurrent",
            WRONG_USE,
        )
    match, amount = pairs(matches, "--match"), dollars(usd_per_hour, "--usd-per-hour", "5.00")
    throttle = ask(
        options,
        lambda client: client.put_throttle(
            name,
            match=match,
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
            usd_per_hour=amount,
            concurrent=concurrent,
        ),
    )
    if options.json:
        echo_json(throttle)
    else:
        click.echo("\n".join(table((throttle,))))


@throttles.command("rm")
@click.argument("name")
@common_options
@pass_options
def remove(options: Options, name: str) -> None:
    """Remove a throttle."""
    ask(options, lambda client: client.delete_throttle(name))
    if options.json:
        echo_json({"removed": name})
    else:
        click.echo(f"removed throttle {name}")


def table(throttles: tuple[Throttle, ...]) -> list[str]:
    """Lines of a table of throttles."""
    return aligned(HEADER, [_row(one) for one in throttles], right=5)


def _row(one: Throttle) -> tuple[str, ...]:
    return (
        present.plain(one.name),
        present.plain(present.matched(one.match)),
        _count(one.requests_per_minute),
        _count(one.tokens_per_minute),
        present.NOTHING if one.usd_per_hour is None else present.usd_limit(one.usd_per_hour),
        _count(one.concurrent),
        f"{one.used_tokens_last_minute:,}",
    )


def _count(count: int | None) -> str:
    return present.NOTHING if count is None else f"{count:,}"
