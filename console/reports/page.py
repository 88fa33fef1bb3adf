"""A report as one HTML file or one SVG picture that loads nothing from anywhere and runs nothing."""

from __future__ import annotations

from decimal import Decimal

from console import present
from console.reports import drawing, forgone
from console.reports.requests import HEADER, NUMBERS
from console.reports.sheet import MEASURES, Sheet, sheet_of
from console.reports.steps import zone_of
from console.reports.whole import Whole
from console.shapes import Report

LIGHT, DARK = "paper", "ember"


def text(sheet: Sheet, whole: Whole) -> str:
    """The page: what was spent, charts, tables with their totals, and how to make it again."""
    return _written("report.html.j2", sheet, whole)


def picture(sheet: Sheet, whole: Whole) -> str:
    """The same as one SVG picture: numbers, columns over time, budgets. It loads and runs nothing either."""
    return _written("dashboard.svg.j2", sheet, whole).lstrip()


def _written(template: str, sheet: Sheet, whole: Whole) -> str:
    # Loading Jinja2 and the themes is for those who want a page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("console.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    zone, told = zone_of(whole.overview.timezone), whole.overview
    return environment.get_template(template).render(
        sheet=sheet,
        whole=whole,
        tables=tables(whole),
        columns=drawing.columns(told),
        cells=drawing.heat(told),
        bars=drawing.budget_bars(whole.budgets),
        peak=drawing.peak(told),
        tiles=tiles(whole),
        savings=savings(whole),
        since=present.instant(told.since).astimezone(zone),
        until=present.instant(told.until).astimezone(zone),
        made_at=whole.origin.made_at.astimezone(zone),
        light=colours(LIGHT),
        dark=colours(DARK),
        drawing=drawing,
        present=present,
        measures=len(MEASURES),
        would=told.forgone,
        forgone=forgone,
        of_each=HEADER,
        numbers=NUMBERS,
    )


def tables(whole: Whole) -> list[Sheet]:
    """A sheet of the report where it groups by several keys, and one of each key alone."""
    told = whole.overview
    groupings = [(told.by, told.rows)] if len(told.by) > 1 else []
    groupings += [((group.by,), group.rows) for group in told.groups]
    return [
        sheet_of(
            Report(since=told.since, until=told.until, by=by, rows=rows, total=told.total), simulated=False
        )
        for by, rows in groupings
    ]


def tiles(whole: Whole) -> list[tuple[str, str]]:
    """The few numbers that matter most, each under its name."""
    total, saved = whole.overview.total, whole.overview.savings
    all_saved = saved.own_cache_usd + saved.provider_cache_usd + saved.routing_usd
    mark = present.ESTIMATED if total.estimated_usd else ""
    return [
        ("spent", mark + present.usd(total.cost_usd)),
        ("saved", present.usd(all_saved)),
        ("requests", f"{total.calls:,}"),
        ("tokens", present.tokens(total.total_tokens, narrow=True)),
    ]


def savings(whole: Whole) -> list[tuple[str, str, float]]:
    """What saved how much: its name, dollars, and the length of its bar."""
    saved = whole.overview.savings
    each = (
        ("this gateway's cache", saved.own_cache_usd),
        ("the providers' caches", saved.provider_cache_usd),
        ("routing to cheaper models", saved.routing_usd),
    )
    most = max(amount for _, amount in each)
    return [
        (name, present.usd(amount), float(max(amount, Decimal(0)) / most) * drawing.BAR if most > 0 else 0.0)
        for name, amount in each
    ]


def colours(theme: str) -> dict[str, str]:
    """A shipped theme's colour of each meaning."""
    from console.theme import load_theme, meanings, shipped

    return meanings(load_theme(shipped() / f"{theme}.toml"))
