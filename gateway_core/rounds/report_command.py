"""The weekly report as a command that a person could give, run in a process of its own.

The gateway knows when a report is due; how it looks is the console's, which the engine may not know. Rendered
here, it would bring templates, themes and words for the screen into the engine, and a report over millions of
rows would share an interpreter with running calls. So `llmconsole report` is started as anybody would: it
asks the admin plane, and writes the file for its owner alone, whole or not at all. Of the environment it gets
what says where things are, and nothing else; the admin token it finds in the data folder, as every command
does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping

from gateway_core.model.weekly import WeeklyReport

PATIENCE = 600.0
"""Seconds that a report may take."""
PASSED_ON = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"),
    *("SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP"),
)
"""The environment of the command, LC_… besides: keys and tokens are often in the gateway's."""


class NotWritten(Exception):
    """Why there is no report, in a sentence."""


def words_of(plan: WeeklyReport) -> list[str]:
    """The options of `llmconsole report` that say what it tells."""
    words = [f"--format={plan.format}", f"--by={','.join(plan.by)}"]
    words += [f"--where={key}={value}" for key, value in plan.where.items()]
    words += ["--mask"] if plan.mask else []
    if plan.include is not None:
        words.append(f"--include={','.join(plan.include) or 'none'}")
    return words


async def run_report(words: list[str]) -> None:
    """Runs `llmconsole report`, and ends it if it takes too long or we end. Raises NotWritten."""
    process = await _started(words)
    try:
        async with asyncio.timeout(PATIENCE):
            _, told = await process.communicate()
    except TimeoutError:
        raise NotWritten(f"it took more than {PATIENCE:.0f} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        lines = told.decode("utf-8", "replace").strip().splitlines()
        why = lines[-1].removeprefix("llmconsole: ") if lines else ""
        raise NotWritten(why or f"the command ended with {process.returncode}")


async def _started(words: list[str]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "console", "report", *words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=passed_on(os.environ),
        )
    except (OSError, ValueError) as error:
        # Too many processes, say, or a filter that is too long for a command line.
        raise NotWritten(f"the command cannot be started: {error}") from None


def passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """What the command gets of the gateway's environment."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in PASSED_ON or name.startswith("LC_")
    }
