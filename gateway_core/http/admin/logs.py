"""The gateway's own log: its last lines, and where the others are."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import Query

from gateway_core.http.admin.answers.logs import LogsAnswer
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.subject import subject
from gateway_core.logbook import KEPT, log_file

router = subject("status")


@router.get("/logs")
async def logs(
    gateway: Gateway,
    after: Annotated[int, Query(ge=0)] = 0,
    level: Literal["debug", "info", "warning", "error"] = "debug",
    limit: Annotated[int, Query(ge=1, le=KEPT)] = 1_000,
) -> LogsAnswer:
    """The last lines of this run from a level on, or those above the number `after`."""
    lines, last = gateway.logbook.lines(after, level, limit)
    file = log_file(gateway.settings.data)
    return LogsAnswer.model_validate(
        {
            "lines": msgspec.to_builtins(lines),
            "last": last,
            "run": gateway.started_at,
            "level": gateway.settings.log_level,
            "kept": KEPT,
            "file": None if file is None else str(file),
        }
    )
