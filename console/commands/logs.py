"""llmconsole logs: the gateway's own last log lines, and where the whole log is."""

from __future__ import annotations

import click

from console import present
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.shapes.logs import LEVELS


@click.command()
@click.option("-n", "limit", type=click.IntRange(1, 5000), default=50, show_default=True, help="How many.")
@click.option("--level", type=click.Choice(LEVELS), default="debug", show_default=True, help="And worse.")
@common_options
@pass_options
def logs(options: Options, limit: int, level: str) -> None:
    """The gateway's own last log lines of this run, the oldest first."""
    found = ask(options, lambda client: client.logs(level=level, limit=limit))
    if options.json:
        echo_json(found)
        return
    for line in found.lines:
        click.echo("\n".join(present.plain_lines(line.written)))
    click.echo(f"written to {found.file or 'standard error'}, from level {found.level} on", err=True)
