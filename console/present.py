"""Rows as words on a screen: money, tokens, shares, ages and durations. Pure; used by screens and reports."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

NOTHING = "–"
_OWN_CACHE = ("hit", "semantic")
ESTIMATED = "~"
_CENT = Decimal("0.01")
_PER_CALL = Decimal("0.0001")


def usd(amount: Decimal | str) -> str:
    """A total: '$12.79', '$1,204.00'. What is not nothing never shows as nothing: '<$0.01'."""
    return _dollars(Decimal(amount), _CENT)


def usd_call(amount: Decimal | str, *, estimated: bool = False) -> str:
    """The cost of one request: '$0.0601', '~$0.0601' while it is only estimated."""
    return (ESTIMATED if estimated else "") + _dollars(Decimal(amount), _PER_CALL)


def per_call(amount: Decimal | str) -> str:
    """The same in a column of amounts, at most eight cells below 1,000: '0.0601', '<0.0001'."""
    return usd_call(amount).replace("$", "")


def usd_limit(amount: Decimal | str) -> str:
    """A limit that a person set, as it was set: '$500', '$4', '$0.50', '$0.0001'."""
    amount = Decimal(amount)
    if amount == amount.to_integral_value():
        return f"${amount:,.0f}"
    return usd_exact(amount)


def usd_pace(per_minute: Decimal | str) -> str:
    """Spend at this moment: '$0.46/min'."""
    return f"{usd(per_minute)}/min"


def usd_exact(amount: Decimal | str) -> str:
    """Every digit that is there, at least two decimals: '$0.0000125', '$3.00'."""
    amount = Decimal(amount)
    whole, _, decimals = f"{abs(amount):,f}".partition(".")
    return f"{_sign(amount)}${whole}.{decimals.rstrip('0').ljust(2, '0')}"


def tokens(count: int, *, narrow: bool = False) -> str:
    """'61,703', or in at most five cells '61.7k', '9.1M'."""
    if not narrow or count < 1_000:
        return f"{count:,}"
    for size, letter in ((1_000, "k"), (1_000_000, "M"), (1_000_000_000, "G")):
        value = count / size
        if value < 999.95 or letter == "G":
            return f"{value:.0f}{letter}" if value >= 99.95 else f"{value:.1f}{letter}"
    raise AssertionError("the last size takes every count")


def counted(count: int, one: str, many: str | None = None) -> str:
    """'1 call', '1,204 calls'; `many` where it is not `one` with an s."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or one + 's'}"


def percent(share: float) -> str:
    """A share of 1: '42%'. It says 0 % only of nothing and 100 % only of all of it; more may be '102%'."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.99 < share < 1:
        return "99%"
    return f"{share * 100:.0f}%"


def milliseconds(duration: float | None, *, narrow: bool = False) -> str:
    """'412ms', '1303ms'; narrow '1.3s'; from ten seconds on '26.0s', from two minutes on '4m 10s'."""
    if duration is None:
        return NOTHING
    if duration < (1_000 if narrow else 10_000):
        return f"{duration:.0f}ms" if duration >= 1 else f"{duration:.1f}ms"
    if duration < 120_000:
        return f"{duration / 1_000:.1f}s"
    return span(duration / 1_000)


def span(seconds: float) -> str:
    """A length of time in its two largest units: '3d 9h', '9h 58m', '4m 10s', '12s'."""
    left = max(0, int(seconds))
    parts: list[str] = []
    for size, letter in ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")):
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count}{letter}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(part for part in parts if part) or "0s"


def age(then: str, now: datetime) -> str:
    """How long ago an instant (RFC 3339) was: 'now', '12s ago', '2h ago', and '3 Nov' after a day."""
    at = instant(then)
    seconds = (now - at).total_seconds()
    if seconds < 1:
        return "now"
    if seconds >= 86_400:
        return day(at.astimezone(now.tzinfo))
    return f"{span(seconds).split()[0]} ago"


def until(then: str | None, now: datetime) -> str:
    """How long until an instant: '9h 58m'; a dash where there is none."""
    return NOTHING if then is None else span((instant(then) - now).total_seconds())


def clock(then: str, zone: tzinfo | None = None) -> str:
    """The time of day of an instant, '14:02:13'; zone None is that of this machine."""
    return instant(then).astimezone(zone).strftime("%H:%M:%S")


def day(when: datetime) -> str:
    """'3 Nov'."""
    return f"{when.day} {when.strftime('%b')}"


def instant(text: str) -> datetime:
    """The point in time that RFC 3339 text names."""
    return datetime.fromisoformat(text)


def rate(output_tokens: int, duration_ms: float | None, first_byte_ms: float | None) -> str:
    """Tokens a second while the answer was coming: '130'."""
    streamed = streamed_ms(duration_ms, first_byte_ms)
    return f"{output_tokens / streamed * 1_000:,.0f}" if output_tokens and streamed else NOTHING


def streamed_ms(duration_ms: float | None, first_byte_ms: float | None) -> float:
    """How long an answer was being made, 0 where nobody knows. One that came in a single piece was made
    before its first byte: then the whole time counts."""
    if duration_ms is None or duration_ms <= 0:
        return 0.0
    streamed = duration_ms - (first_byte_ms or 0.0)
    return streamed if streamed >= duration_ms * 0.1 else duration_ms


def served(asked: str, model: str) -> str:
    """'gpt-5.1 → haiku-4.5' where another model answered than was asked for."""
    return model if asked in (model, "") else f"{asked} → {model}"


def matched(match: dict[str, str]) -> str:
    """What a rule is about: 'project=web mode=vibing', or 'everything'."""
    return " ".join(f"{key}={value}" for key, value in sorted(match.items())) or "everything"


def plain(text: str) -> str:
    """The text without what could command a terminal: control characters become '�'."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def plain_lines(text: str) -> list[str]:
    """The lines of a text, each of them plain, with blanks for its tabs."""
    return [plain(line.expandtabs(4)) for line in text.splitlines()]


def _dollars(amount: Decimal, step: Decimal) -> str:
    if 0 < abs(amount) < step:
        return f"{'-' if amount < 0 else ''}<${step}"
    return f"{_sign(amount)}${abs(amount).quantize(step, ROUND_HALF_UP):,f}"


def _sign(amount: Decimal) -> str:
    return "-" if amount < 0 else ""


def is_hit(cache: str | None) -> bool:
    """Whether our own cache answered, exactly or by what a question means."""
    return cache in _OWN_CACHE
