"""Names of people, teams and projects as user-1, project-2: one name is one word in every report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.reports.names import UNTAGGED
from console.shapes import Budget, Report, ReportRow
from console.shapes.forgone import Forgone
from console.shapes.overviews import Overview

MASKED = ("user", "team", "project", "branch", "session", "token")
"""Keys whose values tell who works on what."""


class Pseudonyms:
    """first_seen: names by key in the order in which the ledger met them, which no later call changes."""

    def __init__(self, first_seen: Mapping[str, Sequence[str]]) -> None:
        self._numbers = {
            key: {name: number for number, name in enumerate(first_seen.get(key, ()), 1)} for key in MASKED
        }

    def value(self, key: str, value: str) -> str:
        """The word that stands for a value; one of a key that tells nobody stays as it is."""
        plain = key.removeprefix("tag:")
        if plain not in MASKED or value in ("", UNTAGGED):
            return value
        if value.endswith("*"):
            return f"{plain}-*"
        numbers = self._numbers[plain]
        return f"{plain}-{numbers.setdefault(value, len(numbers) + 1)}"

    def match(self, match: Mapping[str, str]) -> dict[str, str]:
        return {key: self.value(key, value) for key, value in match.items()}

    def report(self, report: Report) -> Report:
        return replace(report, rows=self._rows(report.rows), forgone=self._forgone(report.forgone))

    def overview(self, overview: Overview) -> Overview:
        groups = tuple(replace(group, rows=self._rows(group.rows)) for group in overview.groups)
        return replace(
            overview, rows=self._rows(overview.rows), groups=groups, forgone=self._forgone(overview.forgone)
        )

    def budgets(self, budgets: Sequence[Budget]) -> tuple[Budget, ...]:
        """People name budgets after each other, so their names are masked too."""
        return tuple(
            replace(budget, name=f"budget-{number}", match=self.match(budget.match))
            for number, budget in enumerate(budgets, 1)
        )

    def _forgone(self, told: Forgone | None) -> Forgone | None:
        """Routes are named after people and projects too."""
        if told is None:
            return None
        numbers = {name: n for n, name in enumerate(dict.fromkeys(each.route for each in told.routes), 1)}
        return replace(
            told,
            rows=tuple(replace(row, keys=self.match(row.keys)) for row in told.rows),
            routes=tuple(replace(each, route=f"route-{numbers[each.route]}") for each in told.routes),
        )

    def _rows(self, rows: Sequence[ReportRow]) -> tuple[ReportRow, ...]:
        return tuple(replace(row, keys=self.match(row.keys)) for row in rows)
