"""llmconsole budgets: list, set and remove limits on what calls may cost."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from console import present
from console.commands.frame import Options, ask, common_options, echo_json, pairs, pass_options
from console.reports.table import aligned
from console.trouble import WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.shapes import Budget

ACTIONS = ("alert", "slow", "downgrade", "block_expensive", "block", "ask")


@click.group()
@common_options
def budgets() -> None:
    """List, set and remove budgets."""


@budgets.command("list")
@common_options
@pass_options
def list_(options: Options) -> None:
    """Every budget and where it stands."""
    found = ask(options, lambda client: client.budgets())
    if options.json:
        echo_json({"budgets": found})
    elif not found:
        click.echo("no budgets; set one with: llmconsole budgets set NAME --limit-usd 25")
    else:
        click.echo("\n".join(table(found)))


@budgets.command("set")
@click.argument("name")
@click.option("--match", "matches", multiple=True, metavar="K=V", help="Which calls; several must all match.")
@click.option("--limit-usd", metavar="N", help="The limit in dollars.")
@click.option("--limit-tokens", type=click.IntRange(0), metavar="N", help="The limit in tokens.")
@click.option("--window", required=True, metavar="W", help="hour, day, week, month, total or rolling:6h.")
@click.option("--at-limit", required=True, type=click.Choice(ACTIONS), help="What happens then.")
@click.option(
    "--alerts", metavar="P,…", default="50,80,95,100", show_default=True, help="Percent to alert at."
)
@common_options
@pass_options
def set_(
    options: Options,
    name: str,
    matches: tuple[str, ...],
    limit_usd: str | None,
    limit_tokens: int | None,
    window: str,
    at_limit: str,
    alerts: str,
) -> None:
    """Make a budget, or replace the one of that name."""
    if (limit_usd is None) == (limit_tokens is None):
        raise Trouble("a budget needs --limit-usd or --limit-tokens, one of them", WRONG_USE)
    match, amount, marks = pairs(matches, "--match"), _dollars(limit_usd), _marks(alerts)
    budget = ask(
        options,
        lambda client: client.put_budget(
            name,
            match=match,
            limit_usd=amount,
            limit_tokens=limit_tokens,
            window=window,
            at_limit=at_limit,
            alerts=marks,
        ),
    )
    if options.json:
        echo_json(budget)
    else:
        click.echo("\n".join(table((budget,))))


@budgets.command("rm")
@click.argument("name")
@common_options
@pass_options
def remove(options: Options, name: str) -> None:
    """Remove a budget."""
    ask(options, lambda client: client.delete_budget(name))
    if options.json:
        echo_json({"removed": name})
    else:
        click.echo(f"removed budget {name}")


def table(budgets: tuple[Budget, ...]) -> list[str]:
    """Lines of a table of budgets."""
    header = ("name", "match", "window", "at limit", "spent", "limit", "share", "resets in")
    return aligned(header, [_row(budget) for budget in budgets], right=4)


def _row(budget: Budget) -> tuple[str, ...]:
    if budget.limit_usd is not None:
        spent, limit = present.usd(budget.spent_usd), present.usd_limit(budget.limit_usd)
    else:
        spent, limit = (
            present.tokens(budget.spent_tokens),
            f"{present.tokens(budget.limit_tokens or 0)} tokens",
        )
    mark = {"warn": "!", "over": "‼"}.get(budget.state, "")
    return (
        present.plain(budget.name),
        present.plain(present.matched(budget.match)),
        budget.window,
        budget.at_limit,
        spent,
        limit,
        present.percent(budget.share) + mark,
        present.until(budget.resets_at, datetime.now(UTC)),
    )


def _dollars(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text.removeprefix("$"))
    except InvalidOperation:
        raise Trouble(f"--limit-usd {text!r} is no amount; write --limit-usd 25.00", WRONG_USE) from None


def _marks(text: str) -> list[int]:
    try:
        return [int(mark) for mark in text.split(",") if mark.strip()]
    except ValueError:
        raise Trouble(
            f"--alerts {text!r} are no percentages; write --alerts 50,80,95,100", WRONG_USE
        ) from None
