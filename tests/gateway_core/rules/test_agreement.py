"""Two answers: the same or not, and by what that was judged."""

from __future__ import annotations

import pytest

from gateway_core.rules.agreement import agree

LONG = (
    "Photosynthesis turns light into chemical energy: plants take water and carbon dioxide, and with the "
    "light that chlorophyll catches they make sugar and let oxygen go, in 2 steps."
)
REWORDED = (
    "In photosynthesis plants turn light into chemical energy. With light that chlorophyll catches they make "
    "sugar from water and carbon dioxide and let oxygen go; it takes 2 steps."
)


@pytest.mark.parametrize(
    ("one", "other", "same", "by"),
    [
        ("Paris.", "paris", True, "exact"),
        ("It is Paris", "Paris", True, "exact"),
        ("Paris", "Rome", False, "exact"),
        ("42", "43", False, "exact"),
        ("", "", False, "exact"),
        (LONG, LONG.upper(), True, "overlap"),
        (LONG, REWORDED, True, "overlap"),
        (LONG, REWORDED.replace("2", "3"), False, "overlap"),
        (
            LONG,
            "Something else, about the weather of next week in the north. " * 3,
            False,
            "overlap",
        ),
        (LONG, "Paris", False, "exact"),
    ],
)
def test_the_same_or_not(one: str, other: str, same: bool, by: str) -> None:
    found = agree(one, other)
    assert (found.same, found.by) == (same, by)
    assert agree(other, one) == found
