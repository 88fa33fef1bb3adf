"""llmconsole demo: the console on simulated developers, who send real HTTP through a real gateway."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from console.commands.frame import Options, ask_gateway, common_options, echo_json, pass_options
from console.commands.open import load_screen, need_screen, show
from console.stage import Stage, stage

if TYPE_CHECKING:
    from console.client import AdminClient
    from console.shapes import Budget, Report

SAYING = (
    "llmconsole: the developers, the provider and the money are simulated; "
    "no key is used, nothing leaves this machine"
)


@click.command()
@click.option(
    "--seconds", type=click.FloatRange(min=0, min_open=True), metavar="N", help="End after so long."
)
@click.option("--headless", is_flag=True, help="No screen; print the report at the end.")
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Keep the data there."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    metavar="N",
    help="So many times as fast as life; < and > change it in the console.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same developers.")
@common_options
@pass_options
@click.pass_context
def demo(
    ctx: click.Context,
    options: Options,
    seconds: float | None,
    headless: bool,
    keep: Path | None,
    speed: float,
    seed: int,
) -> None:
    """The console on a throw-away data folder with simulated traffic. Needs no key and no network."""
    if not headless:
        need_screen()
    click.echo(SAYING, err=True)
    signal.signal(signal.SIGTERM, _leave)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, _leave)
    meanwhile = (lambda: None) if headless else load_screen
    with stage(keep=keep, seed=seed, speed=speed, port=options.port or 0, meanwhile=meanwhile) as playing:
        if headless:
            _watch(playing, seconds)
            _print_result(options, playing)
            code = 0
        else:
            code = show(playing.gateway, demo=True, hasten=playing.pacer.times, seconds=seconds)
    if keep:
        click.echo(
            f"llmconsole: kept in {keep}; look at it with: llmconsole --data {keep / 'data'}", err=True
        )
    ctx.exit(code)


def _watch(playing: Stage, seconds: float | None) -> None:
    """Waits for the time to pass, the developers to end, or Ctrl-C."""
    try:
        playing.developers.wait(seconds)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        playing.developers.terminate()
        playing.developers.wait()


def _print_result(options: Options, playing: Stage) -> None:
    # The table's writer is loaded only by who prints one.
    from console.commands.budgets import table
    from console.reports import render

    report, budgets = ask_gateway(playing.gateway, _result)
    if options.json:
        echo_json({"simulated": True, "report": report, "budgets": budgets})
        return
    click.echo(render(report, "table", simulated=True))
    click.echo("\n".join(table(budgets)))


async def _result(client: AdminClient) -> tuple[Report, tuple[Budget, ...]]:
    return await client.report(since="total", by=["project", "mode", "model"]), await client.budgets()


def _leave(number: int, _: FrameType | None) -> None:
    """Ends by way of the `finally` of all that was started."""
    sys.exit(128 + number)
