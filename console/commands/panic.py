"""llmconsole panic: stop all spending, or send everything to the cheapest model, until that is lifted."""

from __future__ import annotations

from collections.abc import Sequence

import click

from console.commands.frame import Options, ask, common_options, echo_json, pairs, pass_options
from console.shapes import Panic

DOES = {
    "stop": "nothing that costs is sent",
    "cheap": "everything goes to the cheapest model that may serve it",
}

matching = click.option(
    "--match", "matches", multiple=True, metavar="K=V", help="Only these calls, such as project=web."
)


@click.group(invoke_without_command=True)
@common_options
@pass_options
@click.pass_context
def panic(ctx: click.Context, options: Options) -> None:
    """Stop spending at once, or force the cheapest model; lift it again."""
    if ctx.invoked_subcommand is None:
        _tell(options, ask(options, lambda client: client.panics()).panics)


@panic.command()
@click.option(
    "--match", "matches", multiple=True, metavar="K=V", help="Only these calls, such as project=web."
)
@common_options
@pass_options
def stop(options: Options, matches: tuple[str, ...]) -> None:
    """Send nothing that costs; cached answers and free models go on."""
    match = pairs(matches, "--match")
    _tell(options, ask(options, lambda client: client.panic("stop", match)).panics)


@panic.command()
@click.option(
    "--match", "matches", multiple=True, metavar="K=V", help="Only these calls, such as project=web."
)
@common_options
@pass_options
def cheap(options: Options, matches: tuple[str, ...]) -> None:
    """Send everything to the cheapest model that may serve it."""
    match = pairs(matches, "--match")
    _tell(options, ask(options, lambda client: client.panic("cheap", match)).panics)


@panic.command()
@common_options
@pass_options
def lift(options: Options) -> None:
    """Lift every switch."""
    _tell(options, ask(options, lambda client: client.lift_panics()))


def _tell(options: Options, thrown: Sequence[Panic]) -> None:
    if options.json:
        echo_json({"panics": thrown})
        return
    for each in thrown:
        whom = ", ".join(f"{key}={value}" for key, value in each.match.items()) or "every call"
        click.echo(f"{each.restraint}: {DOES[each.restraint]}, for {whom}, since {each.since} by {each.who}")
    click.echo("lift it with: llmconsole panic lift" if thrown else "no switch is thrown")
