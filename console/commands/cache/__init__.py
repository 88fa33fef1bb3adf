"""llmconsole cache: kept answers, what they save, and what keeps a provider's own cache from it."""

from __future__ import annotations

import click

from console.commands.cache.coach import coach
from console.commands.cache.entries import clear, list_, pin, restore, rm, show, unpin
from console.commands.cache.evaluation import evaluate
from console.commands.cache.stats import stats
from console.commands.frame import common_options


@click.group()
@common_options
def cache() -> None:
    """Kept answers: look at them, pin or discard them, see what they save; what breaks a prompt's cache."""


for command in (list_, show, pin, unpin, rm, restore, clear, stats, evaluate, coach):
    cache.add_command(command)
