"""llmconsole backup: a copy of the ledger, also while the gateway runs."""

from __future__ import annotations

from pathlib import Path

import click

from console import present
from console.commands.frame import Options, ask, common_options, echo_json, pass_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@common_options
@pass_options
def backup(options: Options, file: Path) -> None:
    """Copy the ledger to FILE: calls, policy, cached answers. Keys and tokens' secrets are not in it.

    As ledger.db in a data folder of its own the copy can be opened, reported on and proved.
    """
    copy = ask(options, lambda client: client.backup(file.absolute()))
    if options.json:
        echo_json(copy)
    else:
        click.echo(f"{copy.file}: {present.counted(copy.calls, 'call')}, {copy.bytes / 2**20:.1f} MiB")
