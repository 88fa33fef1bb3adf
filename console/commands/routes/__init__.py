"""llmconsole routes: how requests are judged, by plain rules that work without a gateway."""

from __future__ import annotations

import click

from console.commands.frame import common_options
from console.commands.routes.escalate import escalate
from console.commands.routes.learn import forget_command, learn, learned, thumb
from console.commands.routes.score import score


@click.group()
@common_options
def routes() -> None:
    """How requests are judged, to send each to a model that is good enough."""


routes.add_command(score)
routes.add_command(escalate)
routes.add_command(learn)
routes.add_command(learned)
routes.add_command(thumb)
routes.add_command(forget_command)
