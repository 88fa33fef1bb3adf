"""Where the user's own themes are, and which one was chosen last."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

from platformdirs import user_config_dir


def user_folder() -> Path:
    """The user's config folder; its `themes/*.toml` are read beside our own."""
    return Path(user_config_dir("llmconsole", appauthor=False))


def chosen_theme(known: Container[str], default: str) -> str:
    """The theme of TEXTUAL_THEME, else the last choice, else the default; unknown names are passed over."""
    for name in (os.environ.get("TEXTUAL_THEME", ""), _last()):
        if name and name in known:
            return name
    return default


def remember_theme(name: str) -> None:
    """Keeps the choice for the next time; a folder that cannot be written only forgets it."""
    try:
        user_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _file().write_text(name + "\n", encoding="utf-8")
    except OSError:
        return


def _file() -> Path:
    return user_folder() / "console-theme"


def _last() -> str:
    try:
        return _file().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
