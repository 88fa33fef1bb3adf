"""llmconsole run: a program whose LLM traffic goes through the gateway, and what it cost."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import present
from console.commands.frame import Options, ask, common_options, pairs, pass_options
from console.commands.open import let_go
from console.gateway import find_or_start
from console.pointing import Setup, Target, every_variable, setups
from console.trouble import WRONG_USE, Trouble
from gateway_core import found_tags, program_name

if TYPE_CHECKING:
    from console.client import AdminClient
    from console.shapes import ReportRow


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="A tag for every call of the program.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@common_options
@pass_options
@click.pass_context
def run(ctx: click.Context, options: Options, tags: tuple[str, ...], command: tuple[str, ...]) -> None:
    """Run COMMAND with its LLM traffic sent through this gateway, and print what it cost.

    Project, git branch and program are found by themselves. The exit status is the program's own.
    """
    found = {**found_tags(Path.cwd()), "app": program_name(command)}
    marked = {**found, **pairs(tags, "--tag"), "run": secrets.token_hex(4)}
    gateway = find_or_start(options.place())
    try:
        token = ask(options, lambda client: client.client_token()).token
        code = _run(command, _setup(Target(gateway.url, token, marked), command[0]))
        _tell_cost(options, marked["run"])
    finally:
        let_go(gateway)
    ctx.exit(code)


def _setup(target: Target, program: str) -> Setup:
    known = setups(target).get(Path(program).name)
    everything = every_variable(target)
    if known is None:
        return everything
    # What the program starts in turn may be another client; it is pointed here as well.
    variables = {key: value for key, value in everything.variables.items() if key not in known.without}
    return Setup({**variables, **known.variables}, known.without, known.arguments)


def _run(command: tuple[str, ...], setup: Setup) -> int:
    """Runs the program to its end. Ctrl-C is for the program: it reaches it by itself, and we only wait."""
    environment = {key: value for key, value in os.environ.items() if key not in setup.without}
    try:
        process = subprocess.Popen(
            [command[0], *setup.arguments, *command[1:]], env={**environment, **setup.variables}
        )
    except OSError as error:
        raise Trouble(f"{command[0]} cannot be run: {error.strerror}", WRONG_USE) from None
    interrupts = signal.signal(signal.SIGINT, lambda *_: None)
    terminations = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, interrupts)
        signal.signal(signal.SIGTERM, terminations)
    return code if code >= 0 else 128 - code


def _tell_cost(options: Options, run: str) -> None:
    total = ask(options, lambda client: _cost(client, run))
    saved = f", saved {present.usd_call(total.saved_usd)}" if total.saved_usd else ""
    unpriced = f", {total.unpriced} without a price" if total.unpriced else ""
    estimated = bool(total.estimated_usd)
    cost = present.usd_call(total.cost_usd, estimated=estimated)
    click.echo(f"llmconsole: {cost} in {present.counted(total.calls, 'call')}{saved}{unpriced}", err=True)


async def _cost(client: AdminClient, run: str) -> ReportRow:
    return (await client.report(since="7d", where={"run": run})).total
