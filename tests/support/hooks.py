"""Code that runs in a process of the tests before anything else does."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.sources import ROOT


def at_the_start(folder: Path, code: str) -> dict[str, str]:
    """The environment in which Python begins with this code, which is kept in the folder."""
    hooks = folder / "hooks"
    hooks.mkdir()
    # Python imports a module of this name by itself when it starts.
    (hooks / "sitecustomize.py").write_text(code, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join((str(hooks), str(ROOT)))}
