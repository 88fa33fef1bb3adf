"""llmconsole budgets test: what a limit would have done to past calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from console.commands.frame import Options, ask, common_options, dollars, echo_json, pairs, pass_options
from console.commands.limit_options import limit_options
from console.commands.progress import progress
from console.trial_words import budget_words
from console.trouble import WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.client import AdminClient
    from console.client.routes import Told
    from console.shapes import Budget
    from console.shapes.decisions import BudgetTest

_EXAMPLE = 'llmconsole budgets test "web team" --match project=web --limit-usd 25 --window month'


@click.command("test")
@click.argument("name")
@limit_options(required=False)
@click.option("--since", default="30d", show_default=True, metavar="TIME", help="2026-11-01, 7d, today …")
@click.option("--until", metavar="TIME", help="As --since; now if not given.")
@common_options
@pass_options
def test(options: Options, /, name: str, matches: tuple[str, ...], **words: Any) -> None:
    """What the budget NAME would have done to past calls, or a draft of it: whom it stops, what it saves.

    What is not said is as in the budget of that name, if there is one. Nothing changes.
    """
    said = {key: value for key, value in words.items() if value is not None}
    for option, key in (("--limit-usd", "limit_usd"), ("--expensive-above", "expensive_above")):
        if key in said:
            said[key] = f"{dollars(said[key], option, '25.00'):f}"
    if matches:
        said["match"] = dict(pairs(matches, "--match"))
    with progress() as told:
        found = ask(options, lambda client: _tested(client, name, said, told))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(budget_words(found)))


async def _tested(client: AdminClient, name: str, said: dict[str, Any], told: Told) -> BudgetTest:
    known = next((each for each in await client.budgets() if each.name == name), None)
    body = {"name": name, **(_fields(known) if known else {}), **said}
    if "limit_usd" in said:
        body.pop("limit_tokens", None)
    if "limit_tokens" in said:
        body.pop("limit_usd", None)
    if "limit_usd" not in body and "limit_tokens" not in body:
        raise Trouble(f"no budget is named {name!r}; say its limit: {_EXAMPLE}", WRONG_USE)
    return await client.test_budget(body, told)


def _fields(budget: Budget) -> dict[str, Any]:
    """A budget as the body that makes it, without a temporary raise."""
    fields = {
        "match": budget.match,
        "limit_usd": None if budget.limit_usd is None else f"{budget.limit_usd:f}",
        "limit_tokens": budget.limit_tokens,
        "window": budget.window,
        "at_limit": budget.at_limit,
        "unbounded": budget.unbounded,
        "downgrade_to": budget.downgrade_to,
        "expensive_above": None if budget.expensive_above is None else f"{budget.expensive_above:f}",
    }
    return {key: value for key, value in fields.items() if value is not None}
