"""Real parts that a test needs from the machine. On CI a missing one is a failure, elsewhere a skip."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

# Debian keeps servers off the usual PATH.
_MORE_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
_POSTGRES = Path("/usr/lib/postgresql")


def find(program: str) -> str | None:
    """The path of a program, also where a server may hide; None where it is not installed."""
    places = [os.environ.get("PATH", os.defpath), *_MORE_PLACES]
    if found := shutil.which(program, path=os.pathsep.join(places)):
        return found
    versions = sorted(_POSTGRES.glob(f"*/bin/{program}"))
    return str(versions[-1]) if versions else None


def need(*programs: str) -> list[str]:
    """The paths of the programs, in order; skips the test where one is missing, and fails it on CI."""
    found = {program: find(program) for program in programs}
    missing = [program for program, path in found.items() if path is None]
    if missing:
        reason = f"needs {', '.join(missing)}: `make system-deps` installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return [path for path in found.values() if path]
