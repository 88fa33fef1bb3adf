"""Lines of ink: exact widths, also of wide letters; nothing is cut without saying so."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from console.widgets.ink import (
    centred,
    clip,
    cut,
    fit,
    fitting,
    grounded,
    joined,
    length,
    runs,
    spread,
    wrapped,
)

TEXTS = ["", "a", "abc", "日本語の名前", "x日y", "e\u0301clair", "a much longer piece of text"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("width", [0, 1, 2, 3, 7, 30])
@pytest.mark.parametrize("align", ["<", ">"])
def test_fit_is_exactly_so_wide(text: str, width: int, align: str) -> None:
    assert cell_len(fit(text, width, align)) == width


def test_fit_aligns_and_says_what_is_missing() -> None:
    assert fit("ab", 4) == "ab  "
    assert fit("ab", 4, ">") == "  ab"
    assert fit("abcdef", 4) == "abc…"
    assert cut("abc", 9) == "abc"
    assert cut("under 3000 tokens", 10) == "under…    "
    assert cut("context=<200k", 11) == "context=<2…"
    assert cut("web context=<200k", 15) == "web…           "
    assert cut("3000 tokens", 3) == "30…"
    assert cut("claude-haiku-4-5", 15) == "claude-haiku-4…"


@pytest.mark.parametrize("width", range(12))
def test_clip_never_grows_and_marks_the_cut(width: int) -> None:
    line = [("abc", "text"), ("de日", "bold"), ("f", "")]
    clipped = clip(line, width)
    assert length(clipped) <= width
    if 0 < width < length(line):
        assert "".join(text for text, _ in clipped).endswith("…")
    if width >= length(line):
        assert clipped == line


def test_a_run_that_ends_at_the_edge_loses_its_last_cell_to_the_mark() -> None:
    assert "".join(text for text, _ in clip([("abc", ""), ("def", "")], 3)) == "ab…"


def test_spread_puts_the_right_side_at_the_edge_and_the_left_gives_way() -> None:
    line = spread([("left side", "")], [("right", "")], 12)
    assert length(line) == 12
    assert "".join(text for text, _ in line) == "left … right"


def test_fitting_leaves_out_whole_parts() -> None:
    parts = [[("one", "")], [("a very long part", "")], [], [("two", "")]]
    assert "".join(text for text, _ in fitting(parts, 10, (" ", ""))) == "one two"


def test_joined_puts_no_gap_around_nothing() -> None:
    assert joined([[("a", "")], (), [("b", "")]], ("-", "")) == [("a", ""), ("-", ""), ("b", "")]


def test_grounded_keeps_a_ground_of_its_own() -> None:
    line = grounded([("a", "muted"), ("b", "text on bar")], "cursor")
    assert line == [("a", "muted on cursor"), ("b", "text on bar")]


def test_runs_join_neighbours() -> None:
    assert runs([("a", "x"), ("b", "x"), ("c", "y")]) == [("ab", "x"), ("c", "y")]


def test_centred() -> None:
    assert length(centred([("ab", "")], 6)) == 4


@pytest.mark.parametrize("width", [12, 20, 33])
def test_a_long_line_is_broken_at_blanks_and_loses_no_word(width: int) -> None:
    line = [("  where ", "muted"), ("the money moves when a rule is", "text"), (" changed", "bold")]
    rows = wrapped(line, width)
    assert len(rows) > 1
    assert all(length(row) <= width + 1 for row in rows), "a blank at the end may stand beyond"
    told = " ".join("".join(text for text, _ in row).strip() for row in rows)
    assert told == "where the money moves when a rule is changed"
    assert all("".join(text for text, _ in row).startswith("    ") for row in rows[1:])


def test_a_line_that_fits_is_left_alone() -> None:
    assert wrapped([("short", "text")], 10) == [[("short", "text")]]
