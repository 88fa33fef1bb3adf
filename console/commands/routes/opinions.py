"""llmconsole routes opinions: second opinions, what they cost and what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import present
from console.aligned import aligned
from console.commands.frame import (
    SHARE,
    Options,
    ask,
    common_options,
    dollars,
    echo_json,
    pairs,
    pass_options,
)
from console.trouble import WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.shapes import Opinion

HEADER = ("on", "name", "when", "asks", "judge", "today", "taken", "as good", "strong", "cheap")
FIRST = "llmconsole routes opinions set NAME --cheap gpt-5-nano --strong gpt-5 --usd-per-day 0.50"
WHOSE = ("both", "cheap", "strong")


@click.group()
@common_options
def opinions() -> None:
    """Second opinions: a share of answered calls is asked again of another model, to learn from."""


@opinions.command("list")
@click.option("--since", default="30d", metavar="WHEN", help="Opinions counted from then on.")
@common_options
@pass_options
def list_(options: Options, since: str) -> None:
    """Each second opinion: what it may cost today and has cost, and which model's answers were better."""
    found = ask(options, lambda client: client.opinions(since))
    if options.json:
        echo_json(found)
    elif not found.opinions:
        click.echo(f"no second opinions; set one with: {FIRST}")
    else:
        click.echo("\n".join(aligned(HEADER, [_row(each) for each in found.opinions])))
        for each in found.opinions:
            if each.enabled and each.rests:
                click.echo(f"none of {present.plain(each.name)} is taken now: {present.plain(each.rests)}")


@opinions.command("set")
@click.argument("name")
@click.option("--cheap", metavar="MODEL")
@click.option("--strong", metavar="MODEL")
@click.option("--judge", metavar="MODEL", help="Compares what no check can; '' for checks alone.")
@click.option("--when", "when", multiple=True, metavar="K=V", help="Which calls, as for a route.")
@click.option("--whose", type=click.Choice(WHOSE), help="Whose calls are asked again.")
@click.option("--share", type=SHARE, metavar="X", help="Share of these calls, 0.05 say.")
@click.option("--usd-per-day", metavar="N", help="Dollars that all of it may cost in a day.")
@click.option("--on/--off", "enabled", default=None)
@common_options
@pass_options
def set_(
    options: Options, /, name: str, when: tuple[str, ...], usd_per_day: str | None, **said: object
) -> None:
    """Make a second opinion, or change what is said of the one of that name.

    Its calls are on rows of their own, tagged purpose=shadow and purpose=judge; no client waits for them.
    """
    fields = {key: value for key, value in said.items() if value is not None}
    if when:
        fields["when"] = dict(pairs(when, "--when"))
    if usd_per_day is not None:
        fields["usd_per_day"] = str(dollars(usd_per_day, "--usd-per-day", "0.50"))
    if not fields:
        raise Trouble(f"nothing is said of {name!r}; write for example: {FIRST}", WRONG_USE)
    found = ask(options, lambda client: client.put_opinion(name, **fields))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(aligned(HEADER, [_row(found)])))


@opinions.command("rm")
@click.argument("name")
@common_options
@pass_options
def remove(options: Options, name: str) -> None:
    """No second opinions of that name any more; what they said stays known."""
    ask(options, lambda client: client.delete_opinion(name))
    if options.json:
        echo_json({"removed": name})
    else:
        click.echo(f"removed second opinion {name}")


def _row(one: Opinion) -> tuple[str, ...]:
    asked = {"both": "⇄", "cheap": "→", "strong": "←"}[one.whose]
    counts = (one.taken, one.equal, one.strong_better, one.cheap_better)
    return (
        "●" if one.enabled else "○",
        present.plain(one.name),
        present.plain(present.matched(one.when)),
        f"{present.percent(one.share)} {present.plain(one.cheap)} {asked} {present.plain(one.strong)}",
        present.plain(one.judge) or "checks",
        f"{present.usd(one.spent_usd)} of {present.usd_limit(one.usd_per_day)}",
        *map(str, counts),
    )
