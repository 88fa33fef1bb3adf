"""Bars and columns in eighths of a cell: as long as the shares they show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.widgets.bars import LEFT_BLOCKS, Mark, bar
from console.widgets.columns import LOWER_BLOCKS, columns, resampled, round_top
from console.widgets.ink import Span, length


def eighths(spans: list[Span], ink: str) -> int:
    """How much of a row the ink covers."""
    covered = 0
    for text, words in spans:
        front, _, ground = str(words).partition(" on ")
        for glyph in text:
            part = LEFT_BLOCKS.index(glyph) if glyph in LEFT_BLOCKS else 0
            covered += part * (front == ink) + (8 - part) * (ground == ink)
    return covered


@given(st.integers(1, 60), st.floats(0, 1), st.floats(0, 1))
def test_a_bar_is_exactly_so_wide_and_so_full(width: int, spent: float, held: float) -> None:
    spans = bar(width, [(spent, "spent"), (held, "held")])
    assert length(spans) == width
    # What is held shows at least an eighth, also where it takes it from a full bar's end.
    assert abs(eighths(spans, "spent") - width * 8 * spent) <= 1.5
    assert eighths(spans, "spent") + eighths(spans, "held") <= width * 8


def test_what_is_not_nothing_can_be_seen() -> None:
    assert eighths(bar(10, [(0.0001, "spent")]), "spent") == 1
    assert eighths(bar(10, [(0.0, "spent")]), "spent") == 0
    assert eighths(bar(10, [(1.0, "spent")]), "spent") == 80


def test_marks_stand_at_their_share_on_what_is_below() -> None:
    spans = bar(10, [(0.9, "spent")], (Mark(0.8, "┊", "muted"), Mark(1.0, "▸", "text")))
    cells = [(glyph, ink) for text, ink in spans for glyph in text]
    assert cells[8] == ("┊", "muted on spent")
    assert cells[9] == ("▸", "text on bar")


@pytest.mark.parametrize(("count", "width"), [(60, 57), (60, 60), (60, 200), (1, 10), (1440, 100), (0, 5)])
def test_resampling_keeps_the_mean(count: int, width: int) -> None:
    values = [float(n % 7) for n in range(count)]
    sampled = resampled(values, width)
    assert len(sampled) == width
    if count >= width:
        assert sum(sampled) / width == pytest.approx(sum(values) / count, rel=0.1)


@given(st.floats(1e-6, 1e6))
def test_the_top_is_the_nearest_good_amount_above(value: float) -> None:
    top = round_top(value)
    assert value <= top * (1 + 1e-9)
    assert top <= value * 2 * (1 + 1e-9)


def test_nothing_has_a_top_too() -> None:
    assert round_top(0.0) == 1.0


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5)), min_size=1, max_size=30), st.integers(1, 12))
def test_columns_are_as_high_as_their_sums(pairs: list[tuple[float, float]], height: int) -> None:
    top = 10.0
    rows = columns([("a", [a for a, _ in pairs]), ("b", [b for _, b in pairs])], len(pairs), height, top)
    assert len(rows) == height
    for x, (a, b) in enumerate(pairs):
        filled = sum(_filled(row, x) for row in rows)
        assert abs(filled - (a + b) / top * height * 8) <= 1.01


def _filled(row: object, x: int) -> int:
    cells = [(glyph, str(ink)) for text, ink in row for glyph in text]  # type: ignore[attr-defined]
    glyph, ink = cells[x]
    if " on " in ink:
        return 8
    return LOWER_BLOCKS.index(glyph)


def test_no_layers_are_an_empty_chart_of_the_right_size() -> None:
    assert [length(row) for row in columns([], 7, 3, 1.0)] == [7, 7, 7]
