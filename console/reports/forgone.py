"""The part of a report that says what would have been saved, in words that nobody takes for what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from console import present
from console.reports.names import keys_of
from console.shapes.forgone import Forgone, ForgoneRow

TITLE = "What would have been saved"
LEAD = (
    "None of this was saved, and no other figure of this report holds any of it. It is priced on what the "
    "calls used, as if what only watched or was off had been on."
)
LEGEND = (
    "Routes: those in shadow. Alike: the semantic cache in shadow, for answers that agreed with the real "
    "ones. Repeats: the exact cache, for calls that its rule leaves out."
)
NUMBERS = ("routes", "alike", "agreed", "repeats", "together", "unpriced")
"""The columns after the keys; one that has nothing is left out."""
ROUTES = ("route in shadow", "its target", "calls", "alone", "unpriced")
EXACT = (
    "would_have_saved_usd",
    "would_have_saved_by_routes_usd",
    "would_have_saved_by_cache_usd",
    "would_have_unpriced",
)
"""The same for programs, for each group: all together, then each as if it alone had been on."""


@dataclass(frozen=True, slots=True)
class Table:
    """One grouping, or the routes. footer: as wide as the header; empty where the lines do not add up."""

    header: tuple[str, ...]
    numbers: int
    """How many of its last columns are numbers."""
    rows: tuple[tuple[str, ...], ...]
    footer: tuple[str, ...] = ()


def tables(told: Forgone, by: Sequence[str]) -> list[Table]:
    """By mode, by the report's own grouping, and of each route; none where nothing would have acted."""
    if told.total.nothing:
        return []
    found = [_grouped(told.modes, ("mode",), told.total)]
    if by and list(by) != ["mode"]:
        found.append(_grouped(told.rows, by, told.total))
    if told.routes:
        found.append(Table(ROUTES, 3, tuple(_routes(told))))
    return found


def sentence(told: Forgone) -> str:
    """All of it in one sentence; empty where nothing would have acted."""
    if told.total.nothing:
        return ""
    together = present.usd(told.total.together_usd)
    return (
        f"Would have been saved, but was not: {together}; {', '.join(ways(told))}; priced on what the "
        "calls used."
    )


def lines(told: Forgone) -> list[str]:
    """The same in lines of their own, all together last."""
    if told.total.nothing:
        return []
    together = present.usd(told.total.together_usd)
    return [*ways(told), f"together {together}, each call counted once; priced on what the calls used"]


def ways(told: Forgone) -> list[str]:
    """How much by what, each as if it alone had been on."""
    total, found = told.total, list[str]()
    if total.routed:
        found.append(f"{present.usd(total.routed_usd)} by routes in shadow")
    if total.alike:
        agreed = f"{total.agreed:,} of {present.counted(total.alike, 'answer')} agreed"
        found.append(f"{present.usd(total.alike_usd)} by the semantic cache in shadow ({agreed})")
    if total.same:
        found.append(f"{present.usd(total.same_usd)} by the exact cache where it is off")
    return found


def notes(told: Forgone) -> list[str]:
    """What the numbers leave out, and how they go together."""
    total, found = told.total, [LEGEND]
    if total.alike > total.agreed:
        wrong, cost = total.alike - total.agreed, present.usd(total.wrong_usd)
        found.append(
            f"{present.counted(wrong, 'answer')} of the semantic cache would have been another one than "
            f"was given; what these calls cost, {cost}, counts as no saving."
        )
    if total.together_unpriced:
        found.append(
            f"{present.counted(total.together_unpriced, 'call')} cannot be priced, and no amount holds them."
        )
    if told.routes or (total.routed and (total.alike or total.same)):
        found.append(
            "Together counts each call once, for what would have acted first: a cache, else the first route. "
            "A route alone is as if no other had been on."
        )
    return found


def exact(row: ForgoneRow | None) -> dict[str, Any]:
    """The columns of EXACT of one group."""
    row = row or ForgoneRow()
    amounts = (row.together_usd, row.routed_usd, row.alike_usd + row.same_usd)
    return dict(zip(EXACT, (*(f"{each:f}" for each in amounts), row.together_unpriced), strict=True))


def _grouped(rows: Sequence[ForgoneRow], by: Sequence[str], total: ForgoneRow) -> Table:
    ordered = sorted((row for row in rows if not row.nothing), key=lambda row: -row.together_usd)
    whole = _cells(total)
    kept = [at for at, cell in enumerate(whole) if cell != present.NOTHING]

    def line(keys: tuple[str, ...], cells: tuple[str, ...]) -> tuple[str, ...]:
        return (*keys, *(cells[at] for at in kept))

    return Table(
        header=line(tuple(by), NUMBERS),
        numbers=len(kept),
        rows=tuple(line(keys_of(by, row.keys), _cells(row)) for row in ordered),
        footer=line(("total", *[""] * (len(by) - 1)), whole),
    )


def _cells(row: ForgoneRow) -> tuple[str, ...]:
    def amount(calls: int, usd: Decimal) -> str:
        return present.usd(usd) if calls else present.NOTHING

    return (
        amount(row.routed, row.routed_usd),
        amount(row.alike, row.alike_usd),
        f"{row.agreed:,} of {row.alike:,}" if row.alike else present.NOTHING,
        amount(row.same, row.same_usd),
        present.usd(row.together_usd),
        f"{row.together_unpriced:,}" if row.together_unpriced else present.NOTHING,
    )


def _routes(told: Forgone) -> list[tuple[str, ...]]:
    return [
        (
            present.plain(each.route),
            present.plain(each.target),
            f"{each.calls:,}",
            present.usd(each.saved_usd),
            f"{each.unpriced:,}" if each.unpriced else present.NOTHING,
        )
        for each in told.routes
    ]
