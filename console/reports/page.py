"""A report as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from console import present
from console.reports.sheet import MEASURES, Line, Sheet

BARS = 12
"""Groups that get a bar; the rest is in the table."""
WIDTH = 420
"""Of the longest bar, in the chart's own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    amount: str
    length: int
    y: int


def text(sheet: Sheet) -> str:
    """The page: a bar a group, the table with its total, the notes."""
    # Loading Jinja2 is for those who want a page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("console.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html.j2").render(
        sheet=sheet, bars=bars(sheet.lines), keys=len(sheet.by), measures=len(MEASURES)
    )


def bars(lines: tuple[Line, ...]) -> list[Bar]:
    """Bars whose lengths are to each other as the costs are; none where nothing was spent."""
    shown = [line for line in lines[:BARS] if line.sums.cost_usd > 0]
    longest = max((line.sums.cost_usd for line in shown), default=0)
    return [
        Bar(
            label=" · ".join(line.keys),
            amount=present.usd(line.sums.cost_usd),
            length=max(1, round(WIDTH * line.sums.cost_usd / longest)),
            y=number * 26,
        )
        for number, line in enumerate(shown)
    ]
