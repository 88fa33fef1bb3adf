"""Libraries that only an extra brings: whether one is here, and the line that installs it."""

from __future__ import annotations

from importlib.util import find_spec

from console.trouble import Trouble


def need(package: str, *, what: str, extra: str) -> None:
    """Raises Trouble where a package is not here. what: that which needs it."""
    if find_spec(package) is None:
        name = package.replace("_", "-")
        install = f"run in the clone: uv tool install '.[{extra}]'"
        raise Trouble(f"{what} needs {name}, which is not installed; {install}")
