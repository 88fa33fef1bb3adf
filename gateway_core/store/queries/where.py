"""Filters: words such as project=web or model=gpt-5* as SQL conditions with bound values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNTAGGED = "(untagged)"
"""The name of the group of what carries no tag of a key; as a wanted value it means just those."""
SERIES_FIELDS = ("model", "provider", "token")
FACT_FIELDS = ("outcome", "cache")

Values = tuple[object, ...]
NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Where:
    """A filter in its two halves: which series (a query for their ids, '' for all), which facts."""

    series: str = ""
    series_values: Values = ()
    facts: str = ""
    """Conditions on outcome and cache that begin with AND."""
    facts_values: Values = ()

    @property
    def prelude(self) -> str:
        """The common table that `condition` refers to."""
        return f"WITH matched(id) AS MATERIALIZED ({self.series}) " if self.series else ""

    @property
    def condition(self) -> str:
        """Conditions that begin with AND, for a query of facts that begins with the prelude."""
        return self.on("series_id")

    def on(self, column: str) -> str:
        """The same for a query in which something else is the series."""
        series = f" AND {column} IN (SELECT id FROM matched)" if self.series else ""
        return series + self.facts


def where(wanted: Mapping[str, str]) -> Where:
    """The filter of a match: keys are tags (bare or `tag:KEY`), model, provider, token, outcome and cache.

    A value that ends in `*` matches by its beginning, as in `rules.matching`.
    """
    series: list[tuple[str, Values]] = []
    facts: list[tuple[str, Values]] = []
    for key, value in wanted.items():
        if key in FACT_FIELDS:
            facts.append(_like(key, value))
        elif key == "model":
            series.append(_model(value))
        elif key in SERIES_FIELDS:
            series.append(_like(key, value))
        else:
            series.append(_tag(key.removeprefix("tag:"), value))
    return Where(
        series="SELECT id FROM series WHERE " + " AND ".join(sql for sql, _ in series) if series else "",
        series_values=tuple(value for _, values in series for value in values),
        facts="".join(f" AND {sql}" for sql, _ in facts),
        facts_values=tuple(value for _, values in facts for value in values),
    )


def _like(expression: str, wanted: str) -> tuple[str, Values]:
    if wanted.endswith("*"):
        start = wanted[:-1]
        return f"{expression} <> '' AND substr({expression}, 1, ?) = ?", (len(start), start)
    return f"{expression} = ?", (wanted,)


def _model(wanted: str) -> tuple[str, Values]:
    """A model by the provider's name for it, or as PROVIDER/NAME."""
    (name, values), (full, again) = _like("model", wanted), _like("provider || '/' || model", wanted)
    return f"({name} OR {full})", values + again


def _tag(key: str, wanted: str) -> tuple[str, Values]:
    if wanted == UNTAGGED:
        return "tag_set_id NOT IN (SELECT tag_set_id FROM tags WHERE key = ?)", (key,)
    sql, values = _like("value", wanted)
    return f"tag_set_id IN (SELECT tag_set_id FROM tags WHERE key = ? AND {sql})", (key, *values)
