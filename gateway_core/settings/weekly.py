"""The report that is written once a week: read from TOML and written back.

[weekly]
every = "monday@09:00"                  # in the time zone of the windows
to = "~/reports/llm-%G-W%V.md"          # %Y %m %d %G %V: the first day that it tells of
format = "md"                           # or html, csv, json, jsonl, svg, table, parquet
by = ["project", "model"]
where = { project = "web" }             # only these calls
mask = true                             # user-1, project-2 … instead of names
include = ["savings", "budgets"]        # as `llmconsole report --include`; left out: the usual parts
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from gateway_core.model.errors import ConfigError
from gateway_core.model.weekly import WeeklyReport
from gateway_core.rules.weekly import file_of, read_every, told_days
from gateway_core.settings.fields import match_of
from gateway_core.settings.table import Table

FORMATS = ("md", "html", "csv", "json", "jsonl", "svg", "table", "parquet")
_WORD = re.compile(r"[A-Za-z0-9_.:-]+\Z")
_ANY_DAY = date(2026, 1, 1)
_USUAL = WeeklyReport("", "")


def read_weekly(table: Table) -> WeeklyReport | None:
    """The [weekly] section; None where there is none. Raises ConfigError."""
    if not table.values:
        return None
    report = WeeklyReport(
        every=_every(table),
        to=_to(table),
        format=table.choice("format", FORMATS, _USUAL.format),
        by=_words(table, "by", _USUAL.by),
        where=match_of(table, "where"),
        mask=table.get("mask", bool, False),
        include=_words(table, "include", ()) if "include" in table.values else None,
    )
    table.done()
    return report


def target_of(report: WeeklyReport, due: datetime, tz: tzinfo) -> Path:
    """The file of the report that is due then."""
    first, _ = told_days(due, tz)
    return Path(file_of(report.to, first)).expanduser()


def weekly_fields(report: WeeklyReport | None) -> dict[str, Any]:
    """The section in the words of the configuration file; empty where nothing is scheduled."""
    if report is None:
        return {}
    fields: dict[str, Any] = {
        "every": report.every,
        "to": report.to,
        "format": report.format,
        "by": list(report.by),
        "where": dict(report.where),
        "mask": report.mask,
    }
    return fields if report.include is None else {**fields, "include": list(report.include)}


def _every(table: Table) -> str:
    try:
        return str(read_every(table.get("every", str, "")))
    except ConfigError as error:
        table.wrong("every", f"every = {error.message}")


def _to(table: Table) -> str:
    to = table.get("to", str, "").strip()
    if not _is_whole(to):
        table.wrong("to", f"to = {to!r} is no whole path; the gateway writes it: begin with / or ~/")
    if not to.isprintable():
        table.wrong("to", f"to = {to!r} is no name of a file; leave out what cannot be printed")
    if to.endswith("/"):
        table.wrong("to", f"to = {to!r} names a folder; name a file in it: {to}llm-%G-W%V.md")
    try:
        file_of(to, _ANY_DAY)
    except ConfigError as error:
        table.wrong("to", f"to: {error.message}")
    return to


def _is_whole(path: str) -> bool:
    try:
        return Path(path).expanduser().is_absolute()
    except RuntimeError:
        # ~name of a user who is not there.
        return False


def _words(table: Table, key: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    words = table.get(key, list, list(usual))
    for word in words:
        if not isinstance(word, str) or not _WORD.match(word):
            table.wrong(key, f'{key}: {word!r} is no word; write ["project", "model"], say')
    return tuple(words)
