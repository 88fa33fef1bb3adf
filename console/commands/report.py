"""llmconsole report: what was spent, grouped, in the format that is needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from console.commands.frame import (
    Options,
    ask,
    common_options,
    echo_json,
    pairs,
    pass_options,
    refuse_a_terminal,
    write_bytes,
    write_out,
)
from console.reports import FORMATS, INCLUDED, REQUESTS
from console.reports.making import PARQUET, Order, make, make_bytes
from console.trouble import WRONG_USE, Trouble

PARTS = (*INCLUDED, REQUESTS)
PERIODS = {
    "today": ("today", None),
    "week": ("week", None),
    "month": ("month", None),
    "last-month": ("last-month", "month"),
}
"""Options in place of --since and --until."""
SHOW = "show"


@click.command()
@click.option("--since", metavar="TIME", help="2026-11-01, 7d, today, month …; month if not given.")
@click.option("--until", metavar="TIME", help="As --since; now if not given.")
@click.option("--today", "period", flag_value="today", help="Since midnight.")
@click.option("--week", "period", flag_value="week", help="Since Monday.")
@click.option("--month", "period", flag_value="month", help="Since the first.")
@click.option("--last-month", "period", flag_value="last-month", help="The whole month before.")
@click.option(
    "--by", default="project,model", show_default=True, metavar="KEY,…", help="tag:KEY, model, provider …"
)
@click.option(
    "--where", "where", multiple=True, metavar="K=V", help="Only these calls; several must all match."
)
@click.option("--mask", is_flag=True, help="user-1, project-2 … instead of names.")
@click.option(
    "--include",
    default=",".join(INCLUDED),
    show_default=True,
    metavar="PART,…",
    help="What md and html tell besides; also requests, a line each; or none.",
)
@click.option("--format", "format_", type=click.Choice((*FORMATS, PARQUET)), help="table if not given.")
@click.option(
    "-o", "output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Not stdout."
)
@click.option(
    "--every",
    metavar="DAY@TIME",
    help="Let the gateway write it each week, monday@09:00 say, to -o FILE; off; or show.",
)
@common_options
@pass_options
def report(
    options: Options,
    since: str | None,
    until: str | None,
    period: str | None,
    by: str,
    where: tuple[str, ...],
    mask: bool,
    include: str,
    format_: str | None,
    output: Path | None,
    every: str | None,
) -> None:
    """What was spent, by project and model or by any tag."""
    if every is not None and (since or until or period):
        raise Trouble(f"--every tells of the seven days before; leave --{period or 'since'} out", WRONG_USE)
    first, last = _range(since, until, period)
    order = Order(
        since=first,
        until=last,
        by=tuple(_words(by)),
        where=pairs(where, "--where"),
        format=format_ or ("json" if options.json else "table"),
        mask=mask,
        include=_parts(include),
    )
    if every is not None:
        _schedule(options, every, replace(order, format=format_ or "md"), output)
    elif order.format == PARQUET:
        _write_parquet(options, order, output)
    else:
        write_out(ask(options, lambda client: make(client, order)), output)


def _write_parquet(options: Options, order: Order, output: Path | None) -> None:
    from console.reports import parquet

    parquet.need_parquet()
    refuse_a_terminal(output, "Parquet")
    write_bytes(ask(options, lambda client: make_bytes(client, order)), output)


def _schedule(options: Options, every: str, order: Order, output: Path | None) -> None:
    """Schedules the report, ends that, or says how it stands."""
    from console.reports.schedule import OFF, scheduled, told

    if every == SHOW:
        found = ask(options, lambda client: client.weekly())
    elif every == OFF:
        found = ask(options, lambda client: client.schedule(None))
    elif output is None:
        raise Trouble(f"--every {every} needs a file: -o ~/llm-%G-W%V.md (ISO year and week)", WRONG_USE)
    else:
        plan = scheduled(order, every, str(output))
        found = ask(options, lambda client: client.schedule(plan))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(told(found)))


def _range(since: str | None, until: str | None, period: str | None) -> tuple[str, str | None]:
    if period is None:
        return since or "month", until
    if since or until:
        raise Trouble(f"--{period} is a period of its own; leave --since and --until out", WRONG_USE)
    return PERIODS[period]


def _parts(text: str) -> tuple[str, ...]:
    words = _words(text)
    if words == ["none"]:
        return ()
    for word in words:
        if word not in PARTS:
            raise Trouble(f"--include {word!r} is no part; use {', '.join(PARTS)} or none", WRONG_USE)
    return tuple(words)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
