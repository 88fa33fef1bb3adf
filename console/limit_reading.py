"""What a person writes in the forms of limits, read and judged. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_BILLING_DAY = 28
LONGEST_QUESTION = 540
"""Seconds."""
MOST_USD = Decimal("9000000000")
_LENGTH = re.compile(r"[1-9]\d{0,3}[mhd]\Z")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)\Z")
_SECONDS = re.compile(r"(\d{1,4})\s*([sm]?)\Z")
_KEY = re.compile(r"[A-Za-z0-9_.\-]{1,64}\Z")
_TOKENS = re.compile(r"([\d_,]+(?:\.\d+)?)\s*([kKmM])?\Z")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}


class Mistake(ValueError):
    """A field cannot be read: `field` is its id, the message what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read_name(text: str, taken: Collection[str], what: str = "budget") -> str:
    name = text.strip()
    if name in taken:
        raise Mistake("name", f"there is a {what} {name!r} already")
    if not name:
        raise Mistake("name", "give it a name")
    if len(name) > 64:
        raise Mistake("name", "64 characters at most")
    return name


def read_match(text: str) -> dict[str, str]:
    """'project=web, user=ann' as pairs; nothing is everything."""
    match: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[,\s]+", text))):
        key, sign, value = part.partition("=")
        if not (_KEY.match(key) and sign and value):
            raise Mistake("match", f"{part!r}: write key=value, as project=web")
        match[key] = value
    return match


def read_dollars(text: str, field: str = "limit", *, nothing: bool = False) -> Decimal:
    """A sum. nothing: $0 is one too."""
    try:
        amount = Decimal(text.strip().lstrip("$").replace(",", "").replace("_", ""))
    except InvalidOperation:
        raise Mistake(field, "an amount in dollars, as 25 or 7.50") from None
    if not amount.is_finite() or not 0 <= amount <= MOST_USD or not (amount or nothing):
        least = "$0 or more" if nothing else "more than $0"
        raise Mistake(field, f"{least}, and a sum that somebody has")
    return amount


def read_tokens(text: str, field: str = "limit") -> int:
    found = _TOKENS.match(text.strip())
    if not found:
        raise Mistake(field, "a number of tokens, as 500k or 2M")
    count = Decimal(found[1].replace(",", "").replace("_", "")) * _SCALE[(found[2] or "").lower()]
    if not 0 < count < 2**53:
        raise Mistake(field, "more than 0 tokens")
    return int(count)


def read_window(kind: str, first: str) -> str:
    """The window of a kind that begins where `first` says: 'week', 'sunday' → 'week:sunday'."""
    first = first.strip().lower()
    if kind == "rolling":
        if not _LENGTH.match(first):
            raise Mistake("first", "how long it looks back, as 90m, 6h or 7d")
        return f"rolling:{first}"
    if kind == "week":
        return _week(first)
    if kind == "month" and first not in ("", "1"):
        if not first.isdecimal() or not 1 <= int(first) <= LAST_BILLING_DAY:
            raise Mistake("first", f"a day that every month has, 1 to {LAST_BILLING_DAY}")
        return f"month:{int(first)}"
    return kind


def window_parts(window: str) -> tuple[str, str]:
    """The kind of a window and where it begins, or how long it is: ('week', 'sunday'), ('rolling', '6h')."""
    kind, _, first = window.partition(":")
    return kind, first


def _week(first: str) -> str:
    if not first:
        return "week"
    found = [day for day in WEEKDAYS if day.startswith(first)]
    if len(found) != 1:
        raise Mistake("first", "a day of the week, as monday or sunday")
    return "week" if found[0] == WEEKDAYS[0] else f"week:{found[0]}"


def read_alerts(text: str) -> tuple[int, ...]:
    try:
        marks = sorted({int(part.strip(" %")) for part in text.split(",") if part.strip()})
    except ValueError:
        raise Mistake("alerts", "percents, as 50, 80, 100") from None
    if any(not 1 <= mark <= 1_000 for mark in marks):
        raise Mistake("alerts", "percents from 1 on")
    return tuple(marks)


def read_price(text: str) -> Decimal | None:
    """Dollars per million output tokens; None where nothing is written."""
    return read_dollars(text, "detail") if text.strip() else None


def read_seconds(text: str) -> int:
    """How long a call waits for an answer: '60', '90s', '2m'."""
    found = _SECONDS.match(text.strip().lower() or "60")
    seconds = int(found[1]) * (60 if found[2] == "m" else 1) if found else 0
    if not 1 <= seconds <= LONGEST_QUESTION:
        raise Mistake("detail", f"1 to {LONGEST_QUESTION} seconds: clients give up after ten minutes")
    return seconds


def read_until(text: str, now: datetime) -> str | None:
    """Until when, as RFC 3339: '18:00' (the next one), '2d', '90m', '30 Nov', '2026-11-30 18:00'. None where
    nothing is written: the end of the window."""
    text = text.strip()
    if not text:
        return None
    until = _moment(text, now)
    if until is None:
        raise Mistake("until", "a time as 18:00, a day as 30 Nov, or a length as 90m, 6h, 2d")
    if until <= now:
        raise Mistake("until", "that is over already")
    return until.isoformat(timespec="seconds")


def _moment(text: str, now: datetime) -> datetime | None:
    if found := _LENGTH.match(text):
        return now + int(text[:-1]) * _UNITS[text[-1]]
    if found := _CLOCK.match(text):
        if int(found[1]) > 23 or int(found[2]) > 59:
            return None
        at = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
        return at if at > now else at + timedelta(days=1)
    for form in ("%d %b %Y", "%d %B %Y"):
        with suppress(ValueError):
            at = datetime.strptime(f"{text} {now.year}", form).replace(tzinfo=now.tzinfo)
            return at if at > now else at.replace(year=now.year + 1)
    with suppress(ValueError):
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    return None
