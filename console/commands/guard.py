"""llmconsole guard: what the runaway guard looks for, what it has stopped, and how to lift that."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.trouble import NO, Trouble


@click.group()
@common_options
def guard() -> None:
    """What the runaway guard watches and has stopped, and how to lift that."""


@guard.command("show")
@common_options
@pass_options
def show(options: Options) -> None:
    """The rules, and the kinds of calls that are refused just now."""
    found = ask(options, lambda client: client.guard())
    if options.json:
        echo_json(found)
        return
    rows = [(each.rule, each.action if found.on else "off", each.words) for each in found.rules]
    click.echo("\n".join(aligned(("rule", "action", "what it sees"), rows)))
    now = datetime.now(UTC)
    for stop in found.stops:
        left = present.until(stop.until, now)
        click.echo(f"stop {stop.number}, {left} left, {stop.refused} refused: {present.plain(stop.what)}")


@guard.command("lift")
@click.argument("number", type=click.IntRange(1), required=False)
@common_options
@pass_options
def lift(options: Options, number: int | None) -> None:
    """Let calls through again: those of one stop, or all."""
    lifted = ask(options, lambda client: client.lift_guard(number))
    if options.json:
        echo_json({"lifted": lifted})
    elif lifted:
        click.echo(f"lifted {present.counted(lifted, 'stop')}")
    if not lifted:
        raise Trouble(f"there is no stop{f' {number}' if number else ''}; see: llmconsole guard show", NO)
