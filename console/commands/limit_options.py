"""The options by which a budget is written on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
ACTIONS = ("alert", "slow", "downgrade", "block_expensive", "block", "ask")
_WINDOWS = "hour, day, week, month, total, rolling:6h, week:sunday (its first day) or month:15 (billing day)."
_EXPENSIVE = "With block_expensive: dearer models than so many dollars per million output tokens."
_UNBOUNDED = "Calls whose cost nothing bounds, such as an unknown price."


def limit_options(*, required: bool) -> Callable[[F], F]:
    """Adds the options of a budget. required: its window and what happens at the limit have to be said."""
    options: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
        (
            ("--match", "matches"),
            {"multiple": True, "metavar": "K=V", "help": "Which calls; several must all match."},
        ),
        (("--limit-usd",), {"metavar": "N", "help": "The limit in dollars."}),
        (("--limit-tokens",), {"type": click.IntRange(0), "metavar": "N", "help": "The limit in tokens."}),
        (("--window",), {"required": required, "metavar": "W", "help": _WINDOWS}),
        (
            ("--at-limit",),
            {"required": required, "type": click.Choice(ACTIONS), "help": "What happens then."},
        ),
        (("--downgrade-to",), {"metavar": "MODEL", "help": "With downgrade: the model that takes over."}),
        (("--expensive-above",), {"metavar": "N", "help": _EXPENSIVE}),
        (("--unbounded",), {"type": click.Choice(("refuse", "allow")), "help": _UNBOUNDED}),
    )

    def add(command: F) -> F:
        for names, settings in reversed(options):
            command = click.option(*names, **settings)(command)
        return command

    return add
