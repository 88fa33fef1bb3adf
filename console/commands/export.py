"""llmconsole export: every ledger row, piece by piece, however many there are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from console.commands.frame import Options, ask, common_options, pairs, pass_options
from console.private import private_file

if TYPE_CHECKING:
    from console.client import AdminClient, Where


@click.command()
@click.option("--format", "format_", type=click.Choice(("jsonl", "csv")), default="jsonl", show_default=True)
@click.option("--since", metavar="TIME", help="2026-11-01, 7d, today, month …; the beginning if not given.")
@click.option("--until", metavar="TIME", help="As --since; now if not given.")
@click.option(
    "--where", "where", multiple=True, metavar="K=V", help="Only these calls; several must all match."
)
@click.option(
    "-o", "output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Not stdout."
)
@common_options
@pass_options
def export(
    options: Options,
    format_: str,
    since: str | None,
    until: str | None,
    where: tuple[str, ...],
    output: Path | None,
) -> None:
    """Every ledger row, one a request, oldest first."""
    matching = pairs(where, "--where")
    if output is None:
        ask(options, lambda client: _copy(client, sys.stdout.buffer, format_, since, until, matching))
        return
    with private_file(output) as file:
        ask(options, lambda client: _copy(client, file, format_, since, until, matching))


async def _copy(
    client: AdminClient, to: IO[bytes], format_: str, since: str | None, until: str | None, where: Where
) -> None:
    async for piece in client.export(format_, since=since, until=until, where=where):
        to.write(piece)
    to.flush()
