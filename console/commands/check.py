"""llmconsole check: whether a budget is over, as an exit status for prompts and CI."""

from __future__ import annotations

import click

from console import present
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.trouble import NO


@click.command()
@click.option(
    "--at",
    "mark",
    type=click.IntRange(0),
    default=100,
    metavar="P",
    help="Percent of a limit that is too much.",
)
@common_options
@pass_options
@click.pass_context
def check(ctx: click.Context, options: Options, mark: int) -> None:
    """Exit status 1 if a budget is over, or over --at percent of its limit."""
    budgets = ask(options, lambda client: client.budgets())
    over = [budget for budget in budgets if budget.share * 100 >= mark]
    if options.json:
        echo_json({"ok": not over, "over": over})
    for budget in () if options.json else over:
        click.echo(f"{present.plain(budget.name)}: {present.percent(budget.share)} of its limit")
    ctx.exit(NO if over else 0)
