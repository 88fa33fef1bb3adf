"""llmconsole export: every ledger row, piece by piece, however many there are."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, closing, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any

import click

from console.commands.frame import Options, ask, common_options, pairs, pass_options, refuse_a_terminal
from console.private import private_file
from console.reports.parquet import LedgerFile, need_parquet

Rows = Callable[..., AsyncGenerator[bytes]]
"""The admin plane's export: a format, then the range."""

FORMATS = ("jsonl", "csv", "parquet")


@click.command()
@click.option("--format", "format_", type=click.Choice(FORMATS), default="jsonl", show_default=True)
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
    if format_ == "parquet":
        need_parquet()
        refuse_a_terminal(output, "Parquet")
    copy = _parquet if format_ == "parquet" else partial(_copy, format_)
    with nullcontext(sys.stdout.buffer) if output is None else private_file(output) as file:
        ask(options, lambda client: copy(client.export, file, since=since, until=until, where=matching))


async def _copy(format_: str, rows: Rows, to: IO[bytes], **range: Any) -> None:
    async with aclosing(rows(format_, **range)) as pieces:
        async for piece in pieces:
            to.write(piece)
    to.flush()


async def _parquet(rows: Rows, to: IO[bytes], **range: Any) -> None:
    """Writes the columns of the file out of JSON lines, as they come."""
    async with aclosing(rows("jsonl", **range)) as pieces:
        with closing(LedgerFile(to)) as file:
            async for piece in pieces:
                file.add(piece)
    to.flush()
