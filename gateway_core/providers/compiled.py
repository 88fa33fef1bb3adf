"""The price table's file: made in a process of its own when it is missing or old."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from gateway_core.model.errors import StartError
from gateway_core.providers.table import LAYOUT, Head

COMPILE_SECONDS = 60


def ensure_compiled(path: Path) -> None:
    """Makes the price table when it is missing or of another version of genai-prices; takes about 1 s then.

    Raises StartError saying why it could not be made.
    """
    try:
        installed = version("genai-prices")
    except PackageNotFoundError:
        raise StartError("genai-prices is not installed; install llmconsole again") from None
    if _head(path) != Head(LAYOUT, installed):
        _compile(path)


def _head(path: Path) -> Head | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Head)
    except (OSError, msgspec.MsgspecError):
        return None


def _compile(path: Path) -> None:
    # Hardly any start needs it, and every start would pay for loading it.
    import subprocess

    # -P keeps the folder that the user happens to stand in off the import path of the child.
    command = [sys.executable, "-P", "-m", "gateway_core.providers.compile", str(path)]
    home = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMPILE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StartError(f"{path}: the price table cannot be made: {error}") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise StartError(f"{path}: the price table cannot be made: {last}")
