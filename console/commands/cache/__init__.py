"""llmconsole cache: what caches save, and what keeps them from it."""

from __future__ import annotations

import click

from console.commands.cache.coach import coach
from console.commands.frame import common_options


@click.group()
@common_options
def cache() -> None:
    """What caches save, and what keeps them from it."""


cache.add_command(coach)
