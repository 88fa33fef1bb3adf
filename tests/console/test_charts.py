"""Charts of plotext: of the asked size, with the values where they belong, and nothing left behind."""

from __future__ import annotations

import gc
from datetime import datetime, timedelta, timezone

import pytest

from console.charts import Frame, Level, Row, Series, lines_chart, stacked_chart

RED, BLUE, GREY = (255, 0, 0), (0, 0, 255), (99, 99, 99)
START = datetime(2026, 11, 23, 9, 3, tzinfo=timezone(timedelta(hours=1)))


def frame(
    width: int = 60, height: int = 14, *, steps: int = 60, step: float = 60.0, unit: str = "$"
) -> Frame:
    return Frame(width, height, START, step, steps, GREY, unit)


def text(rows: list[Row]) -> list[str]:
    return ["".join(part for part, _ in row) for row in rows]


def painted(rows: list[Row], color: tuple[int, int, int]) -> list[int]:
    """In each column, how many cells are filled with the colour."""
    counts = [0] * 200
    for row in rows:
        at = 0
        for part, style in row:
            filled = style.bgcolor is not None and style.bgcolor.triplet is not None
            if filled and tuple(style.bgcolor.triplet) == color:  # type: ignore[union-attr, arg-type]
                for place in range(at, at + len(part)):
                    counts[place] += 1
            at += len(part)
    return counts


@pytest.mark.parametrize(("width", "height"), [(40, 8), (60, 14), (116, 22), (190, 40)])
def test_a_chart_is_as_large_as_it_was_asked_for(width: int, height: int) -> None:
    for rows in (
        lines_chart([Series(RED, [0.1] * 60)], frame(width, height)),
        stacked_chart([Series(RED, [0.1] * 60)], frame(width, height)),
    ):
        assert len(rows) == height
        assert all(len(line) == width for line in text(rows))


def test_amounts_on_the_axis_differ_however_small_they_are() -> None:
    for top in (0.00002, 0.0002, 0.002, 0.2, 20.0, 2000.0):
        rows = text(stacked_chart([Series(RED, [top] * 60)], frame(60, 22)))
        amounts = [line.split("┤")[0].strip() for line in rows if "┤" in line]
        assert len(amounts) == len(set(amounts)) > 2, amounts


def test_a_stack_is_as_high_as_its_values() -> None:
    values = [0.0] * 30 + [1.0] * 30
    rows = stacked_chart([Series(RED, values), Series(BLUE, values)], frame(60, 22))
    red, blue = painted(rows, RED), painted(rows, BLUE)
    assert max(red[:30]) == 0
    assert red[55] == blue[55] == 10


def test_less_than_half_a_row_paints_nothing() -> None:
    rows = stacked_chart([Series(RED, [0.001] * 59 + [1.0])], frame())
    assert max(painted(rows, RED)[8:50]) == 0


def test_time_and_money_stand_at_the_axes() -> None:
    lines = text(lines_chart([Series(RED, [0.05 * step for step in range(60)])], frame(80, 16)))
    assert any(line.lstrip().startswith("$3.00") for line in lines)
    assert any(line.lstrip().startswith("$0.00") for line in lines)
    assert "09:10" in lines[-1] or "09:15" in lines[-1]


def test_a_day_names_hours_and_a_month_names_days() -> None:
    day = text(lines_chart([Series(RED, [1.0] * 24)], frame(80, 12, steps=24, step=3_600)))
    assert "12:00" in day[-1]
    month = text(lines_chart([Series(RED, [1.0] * 30)], frame(80, 12, steps=30, step=86_400)))
    assert "Nov" in month[-1]


def test_a_limit_is_a_line_over_the_whole_width() -> None:
    rows = lines_chart([Series(RED, [1.0, 2.0])], frame(60, 14, steps=20), (Level(50.0, BLUE),))
    (line,) = [line for line in text(rows) if line.count("┈") > 40]
    assert "$50" in line or "$60" in "".join(text(rows))


def test_tokens_have_no_dollar_sign() -> None:
    lines = text(lines_chart([Series(RED, [2e6] * 60)], frame(unit="")))
    assert any("2.0M" in line for line in lines)
    assert not any("$" in line for line in lines)


def test_nothing_at_all_is_an_empty_chart() -> None:
    assert len(stacked_chart([Series(RED, [0.0] * 60)], frame())) == 14
    assert len(lines_chart([Series(RED, [0.0])], frame(steps=1))) == 14


def test_drawing_again_and_again_leaves_nothing_behind() -> None:
    def draw() -> None:
        stacked_chart([Series(RED, [0.1] * 60)], frame())

    draw()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(30):
        draw()
    gc.collect()
    assert len(gc.get_objects()) - before < 300
