"""The set-up behind `make run`: what it says when it cannot, and that it costs nothing when there is
nothing to do. A full set-up from a clean clone is what CI itself begins with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.sources import ROOT

TOOLS = ("sh", "env", "dirname", "cat", "find", "rm", "grep")
NOBODY = "http://127.0.0.1:9"


class Checkout:
    """The files that set-up reads, in a folder of their own, with a PATH of chosen programs only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        (self.folder / ".ci").mkdir(parents=True)
        for name in (".ci/setup", "pyproject.toml", "uv.lock"):
            shutil.copy2(ROOT / name, self.folder / name)
        self.programs = folder / "bin"
        self.programs.mkdir()
        for tool in TOOLS:
            if found := shutil.which(tool):
                (self.programs / tool).symlink_to(found)

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def setup(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / ".ci" / "setup"],
            env={
                "PATH": str(self.programs),
                "HOME": str(self.folder),
                "HTTPS_PROXY": NOBODY,
                "HTTP_PROXY": NOBODY,
                "ALL_PROXY": NOBODY,
                "UV_CACHE_DIR": str(self.folder / "cache"),
                "UV_HTTP_RETRIES": "0",
                "PIP_RETRIES": "0",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence after the line that announces the set-up."""
    assert done.returncode == 1, done.stderr
    assert not done.stdout
    announced, *sentences = done.stderr.splitlines()
    assert announced.startswith("Setting up")
    assert len(sentences) == 1, done.stderr
    return sentences[0]


def test_an_old_python_is_one_sentence(checkout: Checkout) -> None:
    checkout.program("python3", "echo 3.9 no yes /usr/bin/python3")
    sentence = said(checkout.setup())
    assert "needs Python 3.11, 3.12 or 3.13 and finds 3.9" in sentence
    assert sentence.endswith("run make again.")


def test_no_python_is_one_sentence(checkout: Checkout) -> None:
    assert "finds none" in said(checkout.setup())


def test_python_without_venv_is_one_sentence(checkout: Checkout) -> None:
    broken = checkout.folder / "broken"
    broken.mkdir()
    (broken / "ensurepip.py").write_text("raise ImportError", encoding="utf-8")
    checkout.program("python3", f'PYTHONPATH="{broken}" exec "{sys.executable}" "$@"')
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"sudo apt-get install python{version}-venv" in said(checkout.setup())


def test_no_network_is_one_sentence(checkout: Checkout) -> None:
    checkout.program("python3", f'exec "{sys.executable}" "$@"')
    sentence = said(checkout.setup())
    assert "could not be downloaded: check the network" in sentence


def test_no_network_for_uv_is_the_same_sentence(checkout: Checkout) -> None:
    # That of the PATH, or the one that this checkout was set up with.
    uv = shutil.which("uv") or ROOT / ".venv-tools" / "bin" / "uv"
    checkout.program("uv", f'exec "{uv}" "$@"')
    checkout.program("python3", f'exec "{sys.executable}" "$@"')
    assert "could not be downloaded: check the network" in said(checkout.setup())


class TestReady:
    @pytest.fixture
    def ready(self, checkout: Checkout) -> Checkout:
        (checkout.folder / ".venv" / "bin").mkdir(parents=True)
        (checkout.folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
        (checkout.folder / ".venv" / ".ready").write_text(f"{checkout.folder}\n", encoding="utf-8")
        # Whether there is something to do shows before anything is fetched: no need to make pip ready first.
        checkout.program("uv", '[ "$1" = --version ]')
        return checkout

    def test_nothing_is_done_twice(self, ready: Checkout) -> None:
        start = time.monotonic()
        done = ready.setup()
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert time.monotonic() - start < 1

    @pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock", ".ci/setup"])
    def test_a_newer_file_sets_up_again(self, ready: Checkout, name: str) -> None:
        later = time.time() + 5
        os.utime(ready.folder / name, (later, later))
        said(ready.setup())

    def test_a_moved_checkout_sets_up_again(self, ready: Checkout) -> None:
        (ready.folder / ".venv" / ".ready").write_text("/elsewhere\n", encoding="utf-8")
        said(ready.setup())

    def test_a_python_that_has_gone_sets_up_again(self, ready: Checkout) -> None:
        python = ready.folder / ".venv" / "bin" / "python"
        python.unlink()
        python.symlink_to("/nowhere/python3")
        said(ready.setup())
