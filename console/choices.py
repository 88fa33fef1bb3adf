"""What a person has chosen for this console, in small files of the user's config folder, one word in each."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from platformdirs import user_config_dir


def user_folder() -> Path:
    """The user's config folder; its `themes/*.toml` are read beside our own."""
    return Path(user_config_dir("llmconsole", appauthor=False))


def short_path(path: Path) -> str:
    """A path as people write it: '~/.config/llmconsole'."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def remember(what: str, word: str) -> None:
    """Keeps a choice for the next time; a folder that cannot be written only forgets it."""
    try:
        user_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _file(what).write_text(word + "\n", encoding="utf-8")
    except OSError:
        return


def recall(what: str, known: Container[str], default: str) -> str:
    """The last choice; the default where there is none, or one that is none of the known."""
    try:
        word = _file(what).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return default
    return word if word and word in known else default


def _file(what: str) -> Path:
    return user_folder() / f"console-{what}"
