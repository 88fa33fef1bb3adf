"""Where this machine keeps what belongs to llmconsole: the data folder and the configuration file."""

from __future__ import annotations

import os
from pathlib import Path

APP = "llmconsole"


def data_folder(given: str | os.PathLike[str] | None = None) -> Path:
    """The data folder: given, LLMCONSOLE_DATA, or the platform's."""
    chosen = given or os.environ.get("LLMCONSOLE_DATA") or _platform_folder("user_data_dir")
    return Path(chosen).expanduser().absolute()


def config_file(given: str | os.PathLike[str] | None = None) -> Path:
    """The configuration file: given, LLMCONSOLE_CONFIG, or config.toml in the platform's folder."""
    chosen = given or os.environ.get("LLMCONSOLE_CONFIG")
    return Path(chosen or Path(_platform_folder("user_config_dir")) / "config.toml").expanduser().absolute()


def _platform_folder(kind: str) -> str:
    # Only who names no folder of its own pays for finding the platform's.
    import platformdirs

    folder: str = getattr(platformdirs, kind)(APP, appauthor=False)
    return folder
