"""llmconsole report: what was spent, grouped, in the format that is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.commands.frame import Options, ask, common_options, pairs, pass_options, write_out
from console.reports import FORMATS, render

if TYPE_CHECKING:
    from console.client import AdminClient, Where
    from console.shapes import Report


@click.command()
@click.option(
    "--since", default="month", show_default=True, metavar="TIME", help="2026-11-01, 7d, today, month …"
)
@click.option("--until", metavar="TIME", help="As --since; now if not given.")
@click.option(
    "--by", default="project,model", show_default=True, metavar="KEY,…", help="tag:KEY, model, provider …"
)
@click.option(
    "--where", "where", multiple=True, metavar="K=V", help="Only these calls; several must all match."
)
@click.option("--format", "format_", type=click.Choice(FORMATS), help="table if not given.")
@click.option(
    "-o", "output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Not stdout."
)
@common_options
@pass_options
def report(
    options: Options,
    since: str,
    until: str | None,
    by: str,
    where: tuple[str, ...],
    format_: str | None,
    output: Path | None,
) -> None:
    """What was spent, by project and model or by any tag."""
    keys = [key.strip() for key in by.split(",") if key.strip()]
    matching = pairs(where, "--where")
    found, simulated = ask(options, lambda client: _found(client, since, until, keys, matching))
    format_ = format_ or ("json" if options.json else "table")
    write_out(render(found, format_, simulated=simulated), output)


async def _found(
    client: AdminClient, since: str, until: str | None, by: list[str], where: Where
) -> tuple[Report, bool]:
    report = await client.report(since=since, until=until, by=by, where=where)
    return report, (await client.status()).simulated
