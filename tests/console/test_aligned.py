"""Columns are as wide as their widest word."""

from __future__ import annotations

from console.aligned import aligned


def test_columns_are_as_wide_as_their_widest_word():
    assert aligned(("a", "n"), [("long", "1"), ("b", "1000")], right=1) == [
        "a        n",
        "long     1",
        "b     1000",
    ]
