"""A Python that cannot find some packages, as it is where an extra was not installed."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.sources import ROOT

_HIDING = """
import sys


for name in {names!r}:
    sys.modules[name] = None
"""


def without(folder: Path, *names: str) -> dict[str, str]:
    """Variables for a process that finds no package of these names."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(_HIDING.format(names=names), encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
