"""What a fresh interpreter loads: the promises that keep the start fast and the rooms apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT

SCREEN = {"textual", "plotext"}
ENGINE_PARTS = {
    "fastapi",
    "sqlmodel",
    "sqlalchemy",
    "uvicorn",
    "httptools",
    "genai_prices",
    "alembic",
    "keyring",
}

FACE = {"gateway_core", "gateway_core.folder", "gateway_core.folder.places"}
"""The engine's face, and where its folders are: names and paths only."""


def loaded_after(code: str, cwd: Path = ROOT) -> set[str]:
    """The modules that are loaded once `code` has run; of other packages only the top-level name."""
    report = (
        "import sys; "
        "names = [name for name, module in sys.modules.items() if module]; "
        "print('loaded:', *{n if n.startswith('gateway_core') else n.split('.')[0] for n in names})"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], cwd=cwd, capture_output=True, text=True, check=True
    )
    *_, last = done.stdout.splitlines()
    return set(last.removeprefix("loaded:").split())


def test_the_engine_loads_no_screen() -> None:
    names = loaded_after("import gateway_core, gateway_core.__main__")
    assert not names & (SCREEN | {"console", "rich"})


def test_the_engine_loads_nothing_heavy_before_it_is_needed() -> None:
    names = loaded_after("import gateway_core.service")
    assert not names & {"alembic", "genai_prices", "redis", "psycopg", "asyncpg", "botocore", "google"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["report", "--help"], ["keys", "--help"]])
def test_help_loads_neither_screen_nor_engine(arguments: list[str]) -> None:
    called = f"import sys; sys.argv = ['llmconsole', *{arguments!r}]; from console.cli import main"
    names = loaded_after(f"{called}\ntry:\n    main()\nexcept SystemExit:\n    pass")
    assert not names & (SCREEN | ENGINE_PARTS | {"httpx", "rich"})
    assert {name for name in names if name.startswith("gateway_core")} <= FACE


def test_the_client_of_the_admin_plane_loads_no_screen() -> None:
    assert not loaded_after("import console.client, console.reports") & SCREEN
