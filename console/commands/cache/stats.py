"""llmconsole cache stats: how often kept answers serve, what that saves, how the semantic cache stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pairs, pass_options

if TYPE_CHECKING:
    from console.shapes.cache import CacheRow, CacheStats, SemanticRule

MEASURES = ("calls", "hits", "rate", "cost", "saved")


@click.command()
@click.option("--since", default="24h", show_default=True, metavar="T", help="7d, 24h, month, or an instant.")
@click.option(
    "--by", default="", metavar="KEYS", help="tag:project, model, token, day, …; several with commas."
)
@click.option("--where", "where", multiple=True, metavar="K=V", help="Only calls like these.")
@common_options
@pass_options
def stats(options: Options, since: str, by: str, where: tuple[str, ...]) -> None:
    """Hit rate and savings, by tag or anything else; and how far the semantic cache may be trusted."""
    keys = [key.strip() for key in by.split(",") if key.strip()]
    wanted = pairs(where, "--where")
    found = ask(options, lambda client: client.cache_stats(since=since, by=keys, where=wanted))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(_lines(found)))


def _lines(found: CacheStats) -> list[str]:
    rows = [(*(present.plain(row.keys.get(key, "")) for key in found.by), *_cells(row)) for row in found.rows]
    total = ("total", *[""] * (len(found.by) - 1), *_cells(found.total)) if found.by else _cells(found.total)
    lines = aligned((*found.by, *MEASURES), [*(rows if found.by else ()), total], right=len(MEASURES))
    size = f"{present.tokens(found.bytes)} of {present.tokens(found.most_bytes)} bytes"
    lines.append(f"{found.entries} kept, {found.pinned} of them pinned, {size}")
    return [*lines, *map(_standing, found.rules)]


def _cells(row: CacheRow) -> tuple[str, ...]:
    return (
        present.tokens(row.calls),
        present.tokens(row.hits),
        present.percent(row.rate),
        present.usd(row.cost_usd),
        present.usd(row.saved_usd),
    )


def _standing(rule: SemanticRule) -> str:
    whose = ",".join(f"{key}={present.plain(value)}" for key, value in rule.when.items())
    proof = (
        f"{rule.wrong} of {rule.trials} wrong, at most {rule.bound:.2%} with 95 % confidence, "
        f"{rule.rate:.2%} allowed"
    )
    if rule.state == "open":
        serves = f"serves from likeness {rule.serves_from:.2f} on, {rule.served} so far"
        return f"semantic, {whose}: {serves}; {proof}"
    return f"semantic, {whose}: only watches; {proof}; opens after {rule.needed} more that are right"
