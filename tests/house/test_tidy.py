"""What may not stand in a file of this project: places, secrets, colours, unfinished work."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import ROOT, modules, shown, tracked_files, tree

TOP_LEVEL = {
    "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "uv.lock",
    "console", "gateway_core", "tests", "themes", "screenshots", "benchmarks", ".ci", ".gitignore",
    "docs",  # a page for each client and each form of a file: too much for the README, and read alone
}  # fmt: skip

# uv writes the address of the public index into its lock; no other file names one.
LOCK = "uv.lock"
REGISTRY = re.compile(r"\b(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|index-url|extra-index)\b", re.I)
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|work|workspace)/\w+|C:\\\\Users")
SECRET = re.compile(
    r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}|\bAIza[A-Za-z0-9_-]{35}|\bgh[pousr]_[A-Za-z0-9]{36}"
    r"|\bAKIA[A-Z0-9]{16}|\bxox[abp]-[A-Za-z0-9-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError|pytest\.mark\.(skip|xfail)\b")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=['\";])|\brgba?\(\s*\d")

THIS = Path(__file__)


def texts() -> Iterator[tuple[str, str]]:
    for path in tracked_files():
        if path == THIS or path.suffix in {".png", ".svg"}:
            continue
        yield shown(path), path.read_text(encoding="utf-8")


def found(pattern: re.Pattern[str], *, leave_out: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        if not name.startswith(leave_out or ("\0",))
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_top_level_is_the_planned_one() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} <= TOP_LEVEL


def test_no_file_is_a_link() -> None:
    """It would lead elsewhere in another checkout."""
    assert not [shown(path) for path in tracked_files() if path.is_symlink()]


def test_no_file_names_a_package_index() -> None:
    assert not found(REGISTRY, leave_out=(LOCK,))


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert not found(MACHINE)


def test_no_file_holds_what_looks_like_a_secret() -> None:
    assert not found(SECRET)


def test_no_picture_shows_a_place_or_a_secret() -> None:
    pictures = [path for path in tracked_files() if path.suffix == ".svg"]
    drawn = {shown(path): path.read_text(encoding="utf-8") for path in pictures}
    assert len(drawn) > 10
    assert not [name for name, text in drawn.items() for each in (MACHINE, SECRET) if each.search(text)]


def test_nothing_is_left_unfinished() -> None:
    assert not found(UNFINISHED, leave_out=("uv.lock", "LICENSE"))


def test_the_picture_of_the_console_has_no_colour_outside_themes() -> None:
    painted = [line for line in found(COLOUR) if line.startswith("console/")]
    assert not painted


def broad_handlers(path: Path) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler) and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        ):
            yield node


def raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


# Supervisors: each keeps one failure from taking down what others rely on, and says why beside it.
SUPERVISORS = frozenset(
    {
        "gateway_core/alerts/outbox.py",
        "gateway_core/http/data_plane.py",
        "gateway_core/rounds/again.py",
        "gateway_core/store/writer.py",
        "gateway_core/transport/exchange.py",
    }
)


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_only_supervisors_catch_everything(path: Path) -> None:
    swallowed = [node.lineno for node in broad_handlers(path) if not raises_again(node)]
    assert not swallowed or shown(path) in SUPERVISORS
