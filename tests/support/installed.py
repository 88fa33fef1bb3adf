"""The clients that `make client-deps` installs. On CI a missing one is a failure, elsewhere a skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parents[2] / ".clients"
NODE = CLIENTS / "node"


def need_client(*parts: str) -> Path:
    """The path of something below .clients; skips the test where it is missing, and fails it on CI."""
    path = CLIENTS.joinpath(*parts)
    if not path.exists():
        reason = f"needs {'/'.join(parts)}: `make client-deps` installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path
