"""llmconsole cache: kept answers, what they save, and what the semantic cache would say."""

from __future__ import annotations

import click

from console.commands.cache.entries import clear, list_, pin, rm, show, unpin
from console.commands.cache.evaluation import evaluate
from console.commands.cache.stats import stats
from console.commands.frame import common_options


@click.group()
@common_options
def cache() -> None:
    """Kept answers: look at them, pin or discard them, and see what they save."""


for command in (list_, show, pin, unpin, rm, clear, stats, evaluate):
    cache.add_command(command)
