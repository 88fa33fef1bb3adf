"""llmconsole providers: how each provider and model does, what it costs, and which of them rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pass_options

if TYPE_CHECKING:
    from console.client import AdminClient
    from console.shapes import Keys
    from console.shapes.providers import ProviderVitals, TargetVitals

HEADER = ("model", "key", "calls", "errors", "p50", "p95", "tok/s", "input", "output", "price")


@click.command()
@click.option("--since", default="24h", show_default=True, metavar="T", help="7d, 24h, month, or an instant.")
@common_options
@pass_options
def providers(options: Options, since: str) -> None:
    """Latency, errors, prices and circuits of the providers and models that were called."""

    async def both(client: AdminClient) -> tuple[ProviderVitals, Keys]:
        return await client.provider_vitals(since), await client.keys()

    found, keys = ask(options, both)
    if options.json:
        echo_json({"vitals": found, "keys": keys})
        return
    sources = {each.provider: each.source for each in keys.keys}
    if found.targets:
        lines = [_line(each, sources.get(each.provider, present.NOTHING)) for each in found.targets]
        click.echo("\n".join(aligned(HEADER, lines, right=8)))
    else:
        click.echo("no model was called in that time")
    click.echo("\n".join(_below(found)))


def _line(one: TargetVitals, source: str) -> tuple[str, ...]:
    share = one.past_failed / one.past_calls if one.past_calls else one.error_rate
    pace = one.tokens_per_second
    return (
        f"{one.provider}/{present.plain(one.model)}",
        source,
        present.tokens(one.past_calls),
        present.percent(share),
        present.milliseconds(one.past_first_byte_p50_ms),
        present.milliseconds(one.past_first_byte_p95_ms),
        present.NOTHING if pace is None else f"{pace:.0f}",
        one.input_usd or present.NOTHING,
        one.output_usd or present.NOTHING,
        one.price_source or "unpriced",
    )


def _below(found: ProviderVitals) -> list[str]:
    age = found.prices_age_days
    ago = "" if age is None else f", {present.counted(age, 'day')} ago"
    lines = [f"prices in dollars per million tokens; the table was last checked {found.prices_dated}{ago}"]
    unpriced = [f"{one.provider}/{present.plain(one.model)}" for one in found.targets if one.price_id is None]
    if unpriced:
        lines.append(f"unpriced: {', '.join(unpriced)}; set prices with: llmconsole prices set")
    for each in found.circuits:
        lines.append(
            f"{each.provider} rests after {each.faults} faults in a row, next try in "
            f"{each.next_try_seconds:.1f} s: {present.plain(each.why)}"
        )
    return lines
