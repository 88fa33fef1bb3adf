"""The window on a list: the cursor stays on its row, the row stays where it is, the top follows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.widgets.viewport import Viewport


def window(rows: int = 50, height: int = 10, *, follows: bool = True) -> Viewport:
    view = Viewport(follows=follows)
    view.resize(height)
    view.show([f"r{n}" for n in range(rows)])
    return view


def newer(view: Viewport, count: int) -> None:
    view.show([*(f"n{n}" for n in reversed(range(count))), *(f"r{n}" for n in range(50))])


def test_at_the_top_the_newest_is_always_under_the_cursor() -> None:
    view = window()
    newer(view, 3)
    assert (view.current, view.top, view.following) == ("n2", 0, True)


def test_away_from_the_top_nothing_moves_under_the_cursor() -> None:
    view = window()
    view.move(4)
    line = view.cursor - view.top
    newer(view, 7)
    assert view.current == "r4"
    assert view.cursor - view.top == line
    assert not view.following
    assert view.came == 7
    view.go_top()
    assert (view.current, view.following, view.came) == ("n6", True, 0)


def test_moving_to_the_top_does_not_follow_by_itself() -> None:
    view = window()
    view.move(2)
    view.move(-9)
    assert (view.cursor, view.following) == (0, False)


def test_scrolling_takes_the_cursor_along_only_at_the_edge() -> None:
    view = window()
    view.move(5)
    view.scroll(3)
    assert (view.top, view.current) == (3, "r5")
    view.scroll(30)
    assert view.top <= view.cursor < view.top + 10


def test_a_row_that_is_gone_leaves_the_cursor_near() -> None:
    view = window()
    view.move(20)
    view.show([f"r{n}" for n in range(50) if n != 20])
    assert view.cursor == 20
    view.show([])
    assert view.current is None
    view.move(3)
    view.go_bottom()
    assert view.current is None


def test_a_click_finds_its_row() -> None:
    view = window()
    view.scroll(5)
    assert view.at_line(2) == "r7"
    assert view.at_line(-1) == "r4" or view.at_line(99) is None


@given(
    st.lists(st.tuples(st.sampled_from(["move", "scroll", "show", "top", "bottom"]), st.integers(-30, 30)))
)
def test_the_cursor_is_always_seen(steps: list[tuple[str, int]]) -> None:
    view = window()
    for step, by in steps:
        match step:
            case "move":
                view.move(by)
            case "scroll":
                view.scroll(by)
            case "show":
                view.show([f"r{n}" for n in range(max(0, by))])
            case "top":
                view.go_top()
            case "bottom":
                view.go_bottom()
        assert view.top >= 0
        assert view.current is None or view.top <= view.cursor < view.top + 10
