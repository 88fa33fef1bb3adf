"""Pictures by a headless Chromium."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where the program is, if any is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def photographed(page: Path, target: Path, size: tuple[int, int], scale: float = 1) -> None:
    """Writes the PNG of a page, `size` in its own pixels, `scale` as large. Raises FileNotFoundError where no
    Chromium is installed."""
    program = chromium()
    if program is None:
        raise FileNotFoundError("no Chromium is installed; see: make system-deps")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--force-device-scale-factor={scale}", f"--user-data-dir={profile}",
            f"--window-size={size[0]},{size[1]}", f"--screenshot={target.absolute()}",
            page.absolute().as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
