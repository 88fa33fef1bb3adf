"""A range is cut so that each instant is read once, from rows at the edges only."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.store.queries.cover import ROWS, cover
from gateway_core.store.rollups import BY_SERIES, DAY, HOUR, MINUTE, QUARTER

SPANS = BY_SERIES.spans
INSTANTS = st.one_of(st.integers(0, 40 * DAY), st.integers(0, 4000).map(lambda number: number * QUARTER))


@given(INSTANTS, INSTANTS)
def test_the_pieces_are_the_range(one: int, other: int) -> None:
    since, until = sorted((one, other))
    pieces = sorted(cover(since, until, SPANS), key=lambda piece: piece.since)
    assert pieces[0].since == since
    assert pieces[-1].until == until
    for before, after in zip(pieces, pieces[1:], strict=False):
        assert before.until == after.since
    for piece in pieces:
        assert piece.until is not None
        assert piece.width == ROWS or piece.since % piece.width == piece.until % piece.width == 0


@given(INSTANTS, INSTANTS)
def test_little_is_read(one: int, other: int) -> None:
    since, until = sorted((one, other))
    read = dict.fromkeys((ROWS, *SPANS), 0)
    for piece in cover(since, until, SPANS):
        assert piece.until is not None
        read[piece.width] += piece.until - piece.since
    assert read[ROWS] < 2 * MINUTE
    for narrow, wider in pairwise(SPANS):
        assert read[narrow] < 2 * wider


@given(INSTANTS)
def test_without_an_end_the_last_piece_has_none(since: int) -> None:
    pieces = sorted(cover(since, None, SPANS), key=lambda piece: piece.since)
    assert pieces[0].since == since
    assert [piece.until for piece in pieces[:-1]] == [piece.since for piece in pieces[1:]]
    assert pieces[-1].until is None
    assert pieces[-1].width == DAY


def test_a_quarter_of_an_hour_is_read_from_one_span() -> None:
    assert [(piece.width, piece.since) for piece in cover(QUARTER, 2 * QUARTER, SPANS)] == [
        (QUARTER, QUARTER)
    ]


def test_with_one_span_only_the_edges_are_rows() -> None:
    pieces = {(piece.width, piece.since, piece.until) for piece in cover(1, 3 * HOUR + 1, [HOUR])}
    assert pieces == {(ROWS, 1, HOUR), (HOUR, HOUR, 3 * HOUR), (ROWS, 3 * HOUR, 3 * HOUR + 1)}
