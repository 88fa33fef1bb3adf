"""llmconsole routes: which models serve which calls, why, and what a change of that would do."""

from __future__ import annotations

import click

from console.commands.frame import common_options
from console.commands.routes.editing import disable, enable, list_, move, remove, set_, show
from console.commands.routes.escalate import escalate
from console.commands.routes.explain import explain
from console.commands.routes.learn import forget_command, learn, learned, thumb
from console.commands.routes.opinions import opinions
from console.commands.routes.score import score
from console.commands.routes.thresholds import thresholds
from console.commands.routes.trial import test


@click.group()
@common_options
def routes() -> None:
    """Routes: which models serve which calls, tried in order; the first that matches wins."""


_EDITING = (list_, show, set_, move, enable, disable, remove, thresholds)
_TRYING = (explain, test, score, escalate)
_LEARNING = (learn, learned, thumb, forget_command, opinions)

for each in (*_EDITING, *_TRYING, *_LEARNING):
    routes.add_command(each)
