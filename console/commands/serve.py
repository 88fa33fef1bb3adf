"""llmconsole serve: the gateway without a screen, in the foreground."""

from __future__ import annotations

import os
import sys

import click

from console.commands.frame import Options, common_options, pass_options


@click.command()
@common_options
@pass_options
def serve(options: Options) -> None:
    """The gateway without a screen, in the foreground; logs to stderr, SIGTERM and SIGINT drain."""
    command = [sys.executable, "-P", "-m", "gateway_core", *options.place().arguments()]
    sys.stdout.flush()
    # The gateway takes this process over: signals and exit status are its own, and no console stays loaded.
    os.execv(sys.executable, command)
