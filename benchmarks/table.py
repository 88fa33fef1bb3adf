"""The result as a table: each place beside the others, and the gateway's ratio to the floor."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.measure import Figures

Row = tuple[str, list[str]]


def lines(figures: Mapping[str, Figures]) -> list[str]:
    """The table, one line each; `figures` by the name of the place, 'direct' among them."""
    names = list(figures)
    direct = figures["direct"]
    rows: list[Row] = [
        ("requests/s, 16 connections", [f"{one.requests_per_second:,.0f}" for one in figures.values()]),
        ("CPU µs a request", [_number(one.cpu_us_a_request) for one in figures.values()]),
        ("p50 at 1 connection, ms", [f"{one.p50_ms:.3f}" for one in figures.values()]),
        ("… added", [_added(one.p50_ms, direct.p50_ms, one is direct) for one in figures.values()]),
        ("p99 at 1 connection, ms", [f"{one.p99_ms:.3f}" for one in figures.values()]),
        ("first chunk p50, ms", [f"{one.first_chunk_ms:.3f}" for one in figures.values()]),
        (
            "… added",
            [_added(one.first_chunk_ms, direct.first_chunk_ms, one is direct) for one in figures.values()],
        ),
        ("CPU µs a chunk, burst", [_number(one.cpu_us_a_chunk) for one in figures.values()]),
        ("… a further chunk", [_number(one.cpu_us_a_further_chunk) for one in figures.values()]),
        ("CPU µs a chunk, paced", [_number(one.cpu_us_a_paced_chunk) for one in figures.values()]),
    ]
    width = max(len(label) for label, _ in rows)
    head = " " * width + "".join(f"{name:>14}" for name in names)
    return [
        head,
        *(f"{label:<{width}}" + "".join(f"{value:>14}" for value in values) for label, values in rows),
    ]


def ratios(gateway: Figures, floor: Figures) -> list[str]:
    """The gateway against nginx, which does nothing but pass the bytes on."""
    pairs = [
        ("requests/s", gateway.requests_per_second / floor.requests_per_second),
        ("CPU a request", _ratio(gateway.cpu_us_a_request, floor.cpu_us_a_request)),
        ("CPU a chunk, burst", _ratio(gateway.cpu_us_a_chunk, floor.cpu_us_a_chunk)),
        ("CPU a further chunk", _ratio(gateway.cpu_us_a_further_chunk, floor.cpu_us_a_further_chunk)),
        ("CPU a chunk, paced", _ratio(gateway.cpu_us_a_paced_chunk, floor.cpu_us_a_paced_chunk)),
    ]
    return [f"{label}: {value:.2f} × nginx" for label, value in pairs if value is not None]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"


def _added(value: float, direct: float, itself: bool) -> str:
    return "–" if itself else f"{value - direct:+.3f}"


def _ratio(value: float | None, floor: float | None) -> float | None:
    return value / floor if value and floor else None
