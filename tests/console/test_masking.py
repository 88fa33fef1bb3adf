"""The privacy mask hides names as whole words and where they are cut, and changes no width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.masking import BLOCK, Mask, names_of
from console.snapshot import Snapshot
from tests.screens.story import Story
from tests.screens.story_clock import clock

NAMES = ("ana", "dev-bot", "checkout", "o'neil", "x")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ana", "▒▒▒"),
        ("user=ana,project=checkout", "user=▒▒▒,project=▒▒▒▒▒▒▒▒"),
        ("banana and analysis", "banana and analysis"),
        ("dev-bot", "▒▒▒▒▒▒▒"),
        ("checko…", "▒▒▒▒▒▒…"),
        ("check it", "check it"),
        ("o'neil: $4.10", "▒▒▒▒▒▒: $4.10"),
        ("x", "x"),
    ],
)
def test_names_as_whole_words(text: str, masked: str) -> None:
    assert Mask(NAMES).text(text) == masked


@given(text=st.text(), names=st.sets(st.text(min_size=2, max_size=6), max_size=5))
def test_no_width_changes_and_masking_twice_changes_nothing(text: str, names: set[str]) -> None:
    mask = Mask({name for name in names if BLOCK not in name})
    once = mask.text(text)
    assert len(once) == len(text)
    assert mask.text(once) == once


def test_nothing_to_hide() -> None:
    assert Mask(()).text("ana") == "ana"


def test_the_names_of_a_screen() -> None:
    story = Story()
    snap = Snapshot(now=clock(), calls=story._calls, budgets=tuple(story._budgets.values()))
    names = names_of(snap)
    assert {"ana", "bo", "search", "checkout", "platform"} <= names
    assert "vibing" not in names
