"""llmconsole prices: what models cost, and past calls priced anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, dollars, echo_json, pass_options
from console.trouble import NO, WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.shapes import ModelPrice, OtherModel, PriceFix, PriceFixRow


@click.group()
@common_options
def prices() -> None:
    """What models cost, and prices of your own."""


@prices.command("list")
@common_options
@pass_options
def list_(options: Options) -> None:
    """The models that were called, and what each costs in dollars per million tokens."""
    found = ask(options, lambda client: client.prices())
    if options.json:
        echo_json({"prices": found})
    elif found:
        header = ("model", "price", "input", "cached", "output")
        click.echo("\n".join(aligned(header, [_line(each) for each in found], right=3)))
    else:
        click.echo("no model was called yet")


@prices.command("show")
@click.argument("model", metavar="PROVIDER/MODEL")
@common_options
@pass_options
def show(options: Options, model: str) -> None:
    """All that is known of one model's price; exit status 1 where it has none."""
    found = ask(options, lambda client: client.price(model))
    if options.json:
        echo_json(found)
    else:
        _show(found)
    if found.price_id is None:
        raise click.exceptions.Exit(NO)


@prices.command("set")
@click.argument("model", metavar="PROVIDER/MODEL")
@click.option("--input", "input_", metavar="N", help="Dollars per million tokens of input.")
@click.option("--cached-input", metavar="N", help="Of input out of the provider's cache.")
@click.option("--cache-write", metavar="N", help="Of input written to that cache.")
@click.option("--cache-write-1h", metavar="N", help="Of input written to it for an hour.")
@click.option("--output", metavar="N", help="Dollars per million tokens of output.")
@common_options
@pass_options
def set_(options: Options, /, model: str, input_: str | None, **others: str | None) -> None:
    """Set a price of your own, from the next call on; what is not given stays as you had set it.

    Such as: llmconsole prices set mylab/qwen3-32b --input 0.10 --output 0.40
    """
    rates = {
        name: f"{amount:f}"
        for name, text in {"input": input_, **others}.items()
        if (amount := dollars(text, f"--{name.replace('_', '-')}", "0.10")) is not None
    }
    if not rates:
        raise Trouble(f"no rate is given; write: prices set {model} --input N --output N", WRONG_USE)
    found = ask(options, lambda client: client.put_price(model, rates))
    if options.json:
        echo_json(found)
    else:
        _show(found)


@prices.command("rm")
@click.argument("model", metavar="PROVIDER/MODEL")
@common_options
@pass_options
def rm(options: Options, model: str) -> None:
    """Take a price of your own back; the table's counts again, where it has one."""
    ask(options, lambda client: client.delete_price(model))
    if options.json:
        echo_json({"removed": model})
    else:
        click.echo(f"{model}: no price of your own")


@prices.command("fix")
@click.option("--model", metavar="PROVIDER/MODEL", help="Only this model; PROVIDER alone: all of its models.")
@click.option("--since", metavar="TIME", help="2026-11-01, 7d, today, month …; the beginning if not given.")
@click.option("--until", metavar="TIME", help="As --since; now if not given.")
@click.option("--apply", is_flag=True, help="Write the corrections; without it nothing is changed.")
@common_options
@pass_options
def fix(options: Options, model: str | None, since: str | None, until: str | None, apply: bool) -> None:
    """Price past calls anew whose price was missing, or has been changed since they ran.

    Their rows stay as they were written; what they count as is corrected by rows of its own, and budgets
    follow at once.
    """
    found = ask(options, lambda client: client.fix_prices(model=model, since=since, until=until, apply=apply))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(_told(found)))


@prices.command("what-if")
@click.argument("call", metavar="CALL")
@click.option("--all", "every", is_flag=True, help="Also models of providers without a key.")
@common_options
@pass_options
def what_if(options: Options, call: str, every: bool) -> None:
    """Price the tokens of an ended call on every known model, the cheapest first. No model is called.

    CALL is its id. The tokens are taken as they were counted; another model would count and write others.
    """
    found = ask(options, lambda client: client.what_if(call))
    if options.json:
        echo_json(found)
        return
    rows = [_other(one) for one in found.models if every or one.has_key or one.served or one.asked]
    click.echo("\n".join(aligned(("model", "", "usd"), rows, right=1)))
    hidden = len(found.models) - len(rows)
    rest = f"; --all names {hidden:,} more on providers without a key" if hidden else ""
    click.echo(f"{found.total_tokens:,} tokens, booked at {present.usd_exact(found.cost_usd)}{rest}")


@prices.command("correct")
@click.argument("call", metavar="CALL")
@click.argument("dollars", metavar="DOLLARS")
@click.option("--why", required=True, metavar="TEXT", help="Where the figure comes from; kept with it.")
@common_options
@pass_options
def correct(options: Options, call: str, dollars: str, why: str) -> None:
    """Say what one call really cost, by the provider's bill, such as one that was booked at its hold.

    CALL is its id. Its row stays as it was written; what it counts as is corrected by a row of its own.
    """
    found = ask(options, lambda client: client.correct(call, dollars, why))
    if options.json:
        echo_json(found)
    else:
        click.echo(f"{found.id}: {present.usd_exact(found.cost_usd)} {found.certainty}")


def _show(found: ModelPrice) -> None:
    click.echo(f"{found.model}: {found.price_id or 'unpriced'}")
    for name, value in found.price.items():
        click.echo(f"  {name} = {value}")


def _told(found: PriceFix) -> list[str]:
    lines = []
    if found.rows:
        header = ("model", "calls", "unpriced", "was", "is" if found.applied else "would be")
        rows = [*map(_fixed, found.rows), _fixed(found.total)]
        lines += aligned(header, rows, right=4)
    what = "corrected" if found.applied else "to correct; --apply does it"
    lines.append(f"{present.counted(found.looked_at, 'call')} looked at, {found.total.calls:,} {what}")
    if found.unpriced:
        lines.append(f"{found.unpriced:,} still have no price; set one with: llmconsole prices set")
    if found.unexplained:
        lines.append(f"{found.unexplained:,} stay: their cost is a hold or a bound, not a price times tokens")
    return lines


def _other(one: OtherModel) -> tuple[str, ...]:
    notes = (
        ("served", one.served),
        ("asked for", one.asked),
        ("too long for it", one.too_small),
        ("no key", not one.has_key),
    )
    usd = "unpriced" if one.usd is None else present.usd_exact(one.usd)
    return one.target, ", ".join(note for note, holds in notes if holds), usd


def _fixed(row: PriceFixRow) -> tuple[str, ...]:
    was, now = present.usd_exact(row.before_usd), present.usd_exact(row.after_usd)
    return (row.model or "total", f"{row.calls:,}", f"{row.unpriced:,}", was, now)


def _line(one: ModelPrice) -> tuple[str, ...]:
    rates = (str(one.price.get(name, present.NOTHING)) for name in ("input", "cached_input", "output"))
    return (one.model, one.price_id or "unpriced", *rates)
