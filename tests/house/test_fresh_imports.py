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


def loaded_after(code: str, cwd: Path = ROOT) -> set[str]:
    """The top-level names of the modules that are loaded once `code` has run."""
    report = "import sys; print('\\n'.join(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], cwd=cwd, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_engine_loads_no_screen() -> None:
    names = loaded_after("import gateway_core, gateway_core.__main__")
    assert not names & (SCREEN | {"console", "rich"})


def test_the_engine_loads_nothing_heavy_before_it_is_needed() -> None:
    names = loaded_after("import gateway_core.service")
    assert not names & {"alembic", "genai_prices", "redis", "psycopg", "asyncpg"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["report", "--help"], ["keys", "--help"]])
def test_help_loads_neither_screen_nor_engine(arguments: list[str]) -> None:
    code = f"from console.cli import main\ntry:\n    main({arguments!r})\nexcept SystemExit:\n    pass"
    names = loaded_after(code)
    assert not names & (SCREEN | ENGINE_PARTS | {"gateway_core"})


def test_the_client_of_the_admin_plane_loads_no_screen() -> None:
    assert not loaded_after("import console.client, console.reports") & SCREEN
