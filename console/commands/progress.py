"""How far long work is, on a terminal's standard error; nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress() -> Iterator[Callable[[float], None]]:
    """A function that takes the share of 1 that is done; the line is wiped out at the end."""
    shown = sys.stderr.isatty()

    def told(share: float) -> None:
        if shown:
            click.echo(f"\r{share:4.0%}", nl=False, err=True)

    try:
        yield told
    finally:
        if shown:
            click.echo("\r    \r", nl=False, err=True)
