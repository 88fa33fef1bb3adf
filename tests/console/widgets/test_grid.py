"""Columns of a table: what is dropped, what grows, and what rows that are known make of it."""

from __future__ import annotations

from console.widgets.grid import Column, Layout, needed

Row = tuple[str, str]
COLUMNS: tuple[Column[Row], ...] = (
    Column("name", 6, 1, lambda row: (row[0], "text"), gap=0, most=20),
    Column("matches", 8, 3, lambda row: (row[1], "text"), most=30),
    Column("limit", 6, 2, lambda row: ("$5", "text"), ">"),
)


def widths(width: int, *rows: Row) -> dict[str, int]:
    layout = Layout.of(COLUMNS, width, needed(COLUMNS, rows) if rows else ())
    return {column.title: got for column, got in layout.columns}


def test_what_is_left_goes_to_the_first_that_may_grow() -> None:
    assert widths(34) == {"name": 16, "matches": 8, "limit": 6}


def test_the_least_important_is_dropped_where_it_does_not_fit() -> None:
    assert widths(23) == {"name": 15, "limit": 6}
    assert widths(13) == {"name": 13}


def test_a_column_that_says_little_gives_way_to_one_that_says_much() -> None:
    assert widths(34, ("bo", "project=checkout"), ("ana", "user=ana")) == {
        "name": 8,
        "matches": 16,
        "limit": 6,
    }


def test_what_is_too_long_is_cut_no_shorter_than_before() -> None:
    assert widths(34, ("infra at night", "mode=building project=infra")) == {
        "name": 14,
        "matches": 10,
        "limit": 6,
    }
    assert widths(26, ("infra at night", "mode=building project=infra")) == {"name": 18, "limit": 6}


def test_a_column_that_may_not_grow_keeps_its_width() -> None:
    assert widths(60, ("bo", "user=bo"))["limit"] == 6


def test_a_row_says_whole_what_there_is_room_for() -> None:
    rows: tuple[Row, ...] = (("laptop of ana", "team=platform user=ana"), ("ci", "app=ci"))
    line = Layout.of(COLUMNS, 45, needed(COLUMNS, rows)).line(rows[0])
    assert "".join(text for text, _ in line) == "laptop of ana  team=platform user=ana      $5"
