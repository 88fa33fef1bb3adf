"""llmconsole budgets: list, set and remove limits on what calls may cost."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from console import present
from console.aligned import aligned
from console.commands.budget_trial import test
from console.commands.frame import Options, ask, common_options, dollars, echo_json, pairs, pass_options
from console.commands.limit_options import limit_options
from console.limit_reading import Mistake, read_tokens, read_until
from console.limit_words import breaks, change_words, limit_moment, raise_words
from console.trouble import NO, WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.client import AdminClient
    from console.shapes import Budget

FIRST = "llmconsole budgets set everything --limit-usd 25 --window month --at-limit block"


@click.group()
@common_options
def budgets() -> None:
    """List, set, raise and remove budgets."""


@budgets.command("list")
@common_options
@pass_options
def list_(options: Options) -> None:
    """Every budget and where it stands."""
    found = ask(options, lambda client: client.budgets())
    if options.json:
        echo_json({"budgets": found})
    elif not found:
        click.echo(f"no budgets; set one with: {FIRST}")
    else:
        click.echo("\n".join(table(found)))


@budgets.command("set")
@click.argument("name")
@limit_options(required=True)
@click.option(
    "--alerts", metavar="P,…", default="50,80,95,100", show_default=True, help="Percent to alert at."
)
@click.option(
    "--ask-seconds", type=click.IntRange(1, 540), metavar="N", help="With ask: how long a call waits."
)
@click.option("--dry-run", is_flag=True, help="Only say how it would stand.")
@common_options
@pass_options
def set_(
    options: Options,
    /,
    name: str,
    matches: tuple[str, ...],
    limit_usd: str | None,
    limit_tokens: int | None,
    alerts: str,
    **words: Any,
) -> None:
    """Make a budget, or replace the one of that name."""
    if (limit_usd is None) == (limit_tokens is None):
        raise Trouble("a budget needs --limit-usd or --limit-tokens, one of them", WRONG_USE)
    match, amount, marks = (
        pairs(matches, "--match"),
        dollars(limit_usd, "--limit-usd", "25.00"),
        _marks(alerts),
    )
    budget = ask(
        options,
        lambda client: client.put_budget(
            name,
            match=match,
            limit_usd=amount,
            limit_tokens=limit_tokens,
            alerts=marks,
            **words,
        ),
    )
    _tell(options, budget)


@budgets.command("raise")
@click.argument("name")
@click.option("--to", required=True, metavar="N", help="The limit for the time being, in the budget's unit.")
@click.option(
    "--until", metavar="T", help="18:00, 90m, 2d, 30 Nov or an instant; else the end of its window."
)
@common_options
@pass_options
def raise_(options: Options, name: str, to: str, until: str | None) -> None:
    """Raise a limit for a while; it is its own again after that."""
    _tell(options, ask(options, lambda client: _raised(client, name, to, until)))


async def _raised(client: AdminClient, name: str, to: str, until: str | None) -> Budget:
    known = {one.name: one for one in await client.budgets()}
    if name not in known:
        names = ", ".join(map(repr, known)) or "none"
        raise Trouble(f"no budget is named {name!r}; there are {names}", NO)
    at, own = _instant(until), known[name].limit_usd
    if own is not None:
        raised = dollars(to, "--to", "25.00")
        if raised is not None and raised <= own:
            limit = present.usd_limit(own)
            raise Trouble(f"--to {to}: a raise is to more than the limit of {limit}", WRONG_USE)
        return await client.raise_budget(name, to_usd=raised, until=at)
    try:
        return await client.raise_budget(name, to_tokens=read_tokens(to), until=at)
    except Mistake as mistake:
        raise Trouble(f"--to {to!r}: {mistake}", WRONG_USE) from None


@budgets.command("history")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N")
@common_options
@pass_options
def history(options: Options, limit: int) -> None:
    """Who changed what of the policy and when, the latest first."""
    edits = ask(options, lambda client: client.history(limit)).edits
    if options.json:
        echo_json({"edits": edits})
        return
    rows = [
        (_when(edit.at), present.plain(edit.who), edit.what, present.plain(change_words(edit)))
        for edit in edits
    ]
    click.echo("\n".join(aligned(("when", "who", "section", "before → after"), rows, right=0)))


def _when(at: str) -> str:
    return present.instant(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _tell(options: Options, budget: Budget) -> None:
    if options.json:
        echo_json(budget)
        return
    click.echo("\n".join(table((budget,))))
    now = datetime.now().astimezone()
    for told in filter(None, (limit_moment(budget, now), raise_words(budget, now))):
        click.echo(f"{present.plain(budget.name)}: {told}")


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


budgets.add_command(test)


def table(budgets: tuple[Budget, ...]) -> list[str]:
    """Lines of a table of budgets."""
    standing = ("spent", "limit", "share", "lands at", "breaks", "resets in")
    header = ("name", "match", "window", "at limit", *standing)
    return aligned(header, [_row(budget) for budget in budgets], right=len(standing))


def _row(budget: Budget) -> tuple[str, ...]:
    now = datetime.now().astimezone()
    if budget.in_force_usd is not None:
        spent, limit = present.usd(budget.spent_usd), present.usd_limit(budget.in_force_usd)
    else:
        spent, limit = (
            present.tokens(budget.spent_tokens),
            f"{present.tokens(budget.in_force_tokens or 0)} tokens",
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
        present.usd(budget.lands_usd) if budget.lands_usd is not None else "–",
        breaks(budget, now) or "–",
        present.until(budget.resets_at, now),
    )


def _instant(text: str | None) -> str | None:
    try:
        return None if text is None else read_until(text, datetime.now().astimezone())
    except Mistake as mistake:
        raise Trouble(f"--until {text!r}: {mistake}", WRONG_USE) from None


def _marks(text: str) -> list[int]:
    try:
        return [int(mark) for mark in text.split(",") if mark.strip()]
    except ValueError:
        raise Trouble(
            f"--alerts {text!r} are no percentages; write --alerts 50,80,95,100", WRONG_USE
        ) from None
