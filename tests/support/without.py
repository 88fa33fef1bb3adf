"""A Python that cannot find some packages, as it is where an extra was not installed."""

from __future__ import annotations

from pathlib import Path

from tests.support.hooks import at_the_start

_HIDING = """
import sys

for name in {names!r}:
    sys.modules[name] = None
"""


def without(folder: Path, *names: str) -> dict[str, str]:
    """Variables for a process that finds no package of these names."""
    return at_the_start(folder, _HIDING.format(names=names))
