"""What sums can be grouped by: fields of a call and its tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway_core.model.errors import Refusal
from gateway_core.model.tags import KNOWN_KEYS
from gateway_core.store.queries.where import FACT_FIELDS, SERIES_FIELDS, UNTAGGED

TIMES = ("hour", "day", "month")
"""Groupings by local time, which `report` cuts its range into."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """An SQL expression over `series` and `fact`, and what is bound in it."""

    sql: str
    values: tuple[object, ...] = ()
    of_outcome: bool = False
    """It needs sums that are kept by outcome and cache."""


_TAG = "coalesce((SELECT value FROM tags WHERE tags.tag_set_id = series.tag_set_id AND key = ?), ?)"


def dimension(name: str) -> Dimension:
    """The grouping of a word: tag:KEY, a known tag key, model, provider, token, outcome or cache.

    Raises Refusal 400 for another word.
    """
    if name in SERIES_FIELDS:
        return Dimension(f"series.{name}")
    if name in FACT_FIELDS:
        return Dimension(f"fact.{name}", of_outcome=True)
    key = name.removeprefix("tag:")
    if key and (key in KNOWN_KEYS or name.startswith("tag:")):
        return Dimension(_TAG, (key, UNTAGGED))
    raise Refusal(400, "unknown_grouping", f"cannot group by {name!r}; use one of {', '.join(_words())}")


def parted(by: Sequence[str]) -> tuple[str | None, list[Dimension]]:
    """The grouping of time, where there is one, and the others. Raises Refusal 400 for an unknown word and
    for two of time."""
    times = [name for name in by if name in TIMES]
    if len(times) > 1:
        raise Refusal(400, "two_times", f"group by one of {', '.join(times)}, not by both")
    return (times[0] if times else None), [dimension(name) for name in by if name not in TIMES]


def _words() -> list[str]:
    return [*SERIES_FIELDS, *FACT_FIELDS, *TIMES, *KNOWN_KEYS, "tag:KEY"]
