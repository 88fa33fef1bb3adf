"""llmconsole cache coach: what the providers' own prompt caches saved, and which blocks broke them."""

from __future__ import annotations

from decimal import Decimal

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.shapes.prompt_cache import PromptBreak, PromptCache, PromptCacheSums

FIGURES = ("calls", "fresh", "read", "written", "share", "saved", "writes", "net", "again")


@click.command()
@click.option("--since", default="24h", show_default=True, metavar="T", help="7d, 24h, month, or an instant.")
@click.option(
    "--by", default="tag:project", show_default=True, metavar="KEY", help="tag:KEY, session, model, provider."
)
@common_options
@pass_options
def coach(options: Options, since: str, by: str) -> None:
    """What was read from and written to the providers' prompt caches, what that saved and cost, and which
    block of a prompt was paid for again and again."""
    found = ask(options, lambda client: client.prompt_cache(since, by))
    if options.json:
        echo_json(found)
        return
    click.echo("\n".join(_lines(found)))


def _lines(found: PromptCache) -> list[str]:
    if not found.total.calls:
        return ["nothing was called in that time"]
    rows = [(present.plain(row.key), *_figures(row)) for row in found.rows]
    table = aligned(
        (found.by.removeprefix("tag:"), *FIGURES),
        [*rows, ("total", *_figures(found.total))],
        right=len(FIGURES),
    )
    lines = [
        *table,
        "",
        "tokens; dollars against plain input: saved by reads, paid more for writes and again",
    ]
    if found.total.marked_calls:
        lines.append(
            f"cache marks were set in {found.total.marked_calls:,} calls, "
            f"which saved {_usd(found.total.marked_saved_usd)} net"
        )
    if not found.breaks:
        return [*lines, "nothing was paid again"]
    return [*lines, "", "what was paid again, the dearest first", *(_break(each) for each in found.breaks)]


def _figures(sums: PromptCacheSums) -> tuple[str, ...]:
    return (
        present.tokens(sums.calls),
        present.tokens(sums.input_tokens),
        present.tokens(sums.cached_input_tokens),
        present.tokens(sums.cache_write_tokens + sums.cache_write_1h_tokens),
        present.percent(sums.share),
        _usd(sums.saved_usd),
        _usd(sums.write_usd),
        _usd(sums.net_usd),
        _usd(sums.again_usd),
    )


def _break(one: PromptBreak) -> str:
    """A cause, how often it struck, and where to look."""
    count = present.counted(one.calls, "call")
    where = f"{one.provider}/{present.plain(one.model)}"
    project = f", project {present.plain(one.project)}" if one.project else ""
    beside = ", beside other conversations" if one.across else ""
    return (
        f"{_usd(one.again_usd)}  {one.text}{beside}: {one.again_tokens:,} tokens in {count} "
        f"({where}{project}); the last one: {one.last_call}"
    )


def _usd(amount: Decimal) -> str:
    return present.usd_call(amount)
