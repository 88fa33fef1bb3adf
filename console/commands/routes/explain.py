"""llmconsole routes explain: why a call went where it went."""

from __future__ import annotations

import click

from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.decision_words import explained


@click.command()
@click.argument("id")
@common_options
@pass_options
def explain(options: Options, id: str) -> None:
    """Why call ID went where it went: each rule's say, the score, the targets and what it saved."""
    found = ask(options, lambda client: client.decision(id))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(explained(found)))
