"""The console itself, or a sentence and the status where no screen can be."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module

import click

from console import collector
from console.commands.catalogue import COMMANDS
from console.commands.frame import Options
from console.gateway import GatewayHandle, find_or_start
from console.trouble import NO, Trouble

DRIVER = "TEXTUAL_DRIVER"
"""Set by whoever carries the screen elsewhere, into a browser say."""


def open_console(options: Options) -> int:
    """Opens the console on the gateway of the data folder; the exit status."""
    if reason := no_screen():
        click.echo(f"llmconsole: {reason}; here is the status instead", err=True)
        from console.commands.status import print_status

        return print_status(options)
    gateway = find_or_start(options.place(), meanwhile=load_screen)
    try:
        return show(gateway)
    finally:
        let_go(gateway)


def show(
    gateway: GatewayHandle,
    *,
    demo: bool = False,
    hasten: Callable[[float], float] | None = None,
    seconds: float | None = None,
) -> int:
    """Runs the screen until the person leaves it."""
    # Only who sees a screen pays for loading Textual; where a gateway was started it is loaded by now.
    load_screen()
    from console.app import run

    return run(gateway, demo=demo, hasten=hasten, seconds=seconds, verbs=tuple(COMMANDS))


def load_screen() -> None:
    """Loads Textual, best while the gateway starts: each takes its time, and there are two processors.

    The collector rests until the console lets it work.
    """
    collector.rest()
    import_module("console.app")


def need_screen() -> None:
    """Raises Trouble where there is none."""
    if reason := no_screen():
        raise Trouble(f"{reason}; llmconsole status prints what there is to see", NO)


def no_screen() -> str | None:
    """Why no screen can be shown here, None where one can."""
    if os.environ.get(DRIVER):
        return None
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return "this is no terminal"
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return "TERM says this terminal cannot place its cursor"
    return None


def let_go(gateway: GatewayHandle) -> None:
    """Ends an owned gateway, saying so where running calls make it take a while."""
    gateway.close(lambda: click.echo("llmconsole: letting running calls end; Ctrl-C cuts them", err=True))
