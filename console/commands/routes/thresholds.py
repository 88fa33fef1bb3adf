"""llmconsole routes thresholds: from which scores on a call is medium or hard, shown and set."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from console.aligned import aligned
from console.commands.frame import SHARE, Options, ask, common_options, dollars, echo_json, pass_options
from console.threshold_words import MEANINGS, changed, class_words, said

if TYPE_CHECKING:
    from console.client import AdminClient
    from console.shapes import Classes, Thresholds

SINCE, SPAN = "7d", "the last 7 days"


@click.command()
@click.option("--medium", type=SHARE, metavar="X", help="Score from which a call is medium.")
@click.option("--hard", type=SHARE, metavar="Y", help="Score from which a call is hard.")
@click.option("--margin", type=SHARE, metavar="Z", help="So little under one of them it goes up; 0: never.")
@click.option("--always-score/--no-always-score", default=None, help="Score calls that no route asks about.")
@click.option("--learn/--no-learn", default=None, help="Keep what `routes learn --own` learns from.")
@click.option("--pin", metavar="TIME", help="How long a conversation may pause and stay: 30m, 1h …")
@click.option("--most-loss-usd", metavar="N", help="Dollars of prompt cache that moving one up may cost.")
@common_options
@pass_options
def thresholds(options: Options, /, most_loss_usd: str | None, **words: Any) -> None:
    """From which scores on calls are medium and hard, and what else holds for all routes.

    Without an option: how they are, and how many calls of the last 7 days fell in each class. With some: sets
    these, all or none, and leaves the others. `routes test` takes --medium, --hard and --margin too, and says
    what they would have done to past calls.
    """
    fields = {name: value for name, value in words.items() if value is not None}
    if most_loss_usd is not None:
        fields["most_loss_usd"] = f"{dollars(most_loss_usd, '--most-loss-usd', '0.25'):f}"
    if fields:
        _set(options, fields)
    else:
        _show(options)


def _show(options: Options) -> None:
    found, classes = ask(options, _read)
    if options.json:
        echo_json({**asdict(found), "classes": classes})
        return
    rows = [(_option(name), said(found, name), meaning) for name, meaning in MEANINGS.items()]
    click.echo("\n".join(aligned(("", "now", ""), rows)))
    click.echo(f"\n{SPAN}: {class_words(classes)}")


def _set(options: Options, fields: dict[str, Any]) -> None:
    async def put(client: AdminClient) -> tuple[Thresholds, Thresholds]:
        before = await client.thresholds()
        return before, await client.put_thresholds(fields, over=before.revision)

    before, after = ask(options, put)
    if options.json:
        echo_json(after)
        return
    lines = [f"{_option(name)} {was} → {now}" for name, (was, now) in changed(before, after)]
    click.echo("\n".join(lines) or "nothing changes: they are so already")


async def _read(client: AdminClient) -> tuple[Thresholds, Classes]:
    return await client.thresholds(), await client.classes(SINCE)


def _option(name: str) -> str:
    return name.replace("_", "-")
