"""Nothing but the screen may write to the terminal while it is up: logs and warnings go to a file."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

LOG_NAME = "console.log"


def log_to(folder: Path | None) -> None:
    """Logs of this process go to a file in the folder from now on; None: nowhere."""
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.handlers.clear()
    if folder is None:
        root.addHandler(logging.NullHandler())
    else:
        file = logging.FileHandler(folder / LOG_NAME, encoding="utf-8", delay=True)
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(file)
    sys.unraisablehook = _told_to_the_log


def _told_to_the_log(fault: sys.UnraisableHookArgs) -> None:
    logging.getLogger("console").error("%s: %r", fault.err_msg or "ignored", fault.exc_value)
