"""The wheel: what is in it, and that it runs from another folder without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.sources import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the same back end that `uv build` calls."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python environment that has the wheel and its dependencies but not the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "wheel")
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    (packages,) = environment.glob("lib/python3*/site-packages")
    # A .pth file inside a folder that a .pth file adds is not read: the checkout stays unknown.
    dependencies = sysconfig.get_paths()["purelib"]
    (packages / "wheel.pth").write_text(f"{folder / 'wheel'}\n{dependencies}\n", encoding="utf-8")
    return environment / "bin" / "python"


def run(python: Path, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *arguments],
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def test_themes_providers_and_migrations_are_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for source, packed in (
        ("themes/*.toml", "console/themes"),
        ("gateway_core/providers/*.toml", "gateway_core/providers"),
        ("gateway_core/store/migrations/**/*.py", None),
        ("console/**/*.tcss", None),
        ("console/browser/page.*", None),
    ):
        sources = [path for path in ROOT.glob(source) if "__pycache__" not in path.parts]
        assert sources or source.endswith("tcss"), f"no {source} in the checkout"
        for path in sources:
            name = f"{packed}/{path.name}" if packed else path.relative_to(ROOT).as_posix()
            assert name in names


def test_only_our_two_packages_are_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"console", "gateway_core"}


def test_it_is_what_is_installed(installed: Path, tmp_path: Path) -> None:
    code = "import console, gateway_core; print(console.__file__); print(gateway_core.__file__)"
    done = run(installed, "-c", code, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout


def test_its_version_is_the_projects(installed: Path, tmp_path: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    done = run(installed, "-m", "console", "--version", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert version in done.stdout


def test_the_demo_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "-m", "console", "demo", "--headless", "--seconds", "3", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["report"]["total"]["calls"] > 0
