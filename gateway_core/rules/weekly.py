"""When the weekly report is due, which days it tells of, and what its file is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from gateway_core.model.errors import ConfigError
from gateway_core.rules.windows import WEEKDAYS, wall_instant

WEEK = timedelta(days=7)
CODES = "YmdGV"
"""What may stand behind a % in a file's name, as in strftime: year, month, day; ISO year and week."""
_EVERY = re.compile(r"([a-z]{3,9})@(\d{1,2}):(\d\d)\Z")
_CODE = re.compile(r"%(.?)")


@dataclass(frozen=True, slots=True)
class Every:
    """A time of the local week. weekday: 0 is Monday."""

    weekday: int
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]}@{self.hour:02}:{self.minute:02}"


def read_every(text: str) -> Every:
    """The time that 'monday@09:00' or 'mon@9:00' names. Raises ConfigError."""
    found = _EVERY.match(text.strip().lower())
    days = [at for at, name in enumerate(WEEKDAYS) if found and name.startswith(found[1])]
    if not found or len(days) != 1 or int(found[2]) > 23 or int(found[3]) > 59:
        raise ConfigError(f"{text!r} is no time of the week; write a day and a local time: monday@09:00")
    return Every(days[0], int(found[2]), int(found[3]))


def last_due(every: Every, now: datetime, tz: tzinfo) -> datetime:
    """The latest such instant up to now."""
    due = _due(every, now, tz, 0)
    return due if due <= now else _due(every, now, tz, -1)


def next_due(every: Every, now: datetime, tz: tzinfo) -> datetime:
    """The first such instant after now."""
    due = _due(every, now, tz, 0)
    return due if due > now else _due(every, now, tz, 1)


def _due(every: Every, now: datetime, tz: tzinfo, weeks: int) -> datetime:
    """The instant on that weekday of the seven days that end today, so many weeks later."""
    today = now.astimezone(tz).replace(hour=every.hour, minute=every.minute, second=0, microsecond=0)
    day = today.replace(tzinfo=None) - timedelta(days=(today.weekday() - every.weekday) % 7)
    return wall_instant(day + weeks * WEEK, tz)


def told_days(due: datetime, tz: tzinfo) -> tuple[date, date]:
    """The seven local days before the one on which it is due: the first, and the one after the last."""
    until = due.astimezone(tz).date()
    return until - WEEK, until


def file_of(to: str, first: date) -> str:
    """The file's name for the days from `first` on. Raises ConfigError for a % that stands for nothing."""

    def said(code: re.Match[str]) -> str:
        if code[1] == "" or code[1] not in CODES:
            known = " ".join(f"%{each}" for each in CODES)
            raise ConfigError(f"{code[0]!r} in {to!r} stands for nothing; {known} do, or leave the % out")
        return first.strftime(code[0])

    return _CODE.sub(said, to)
