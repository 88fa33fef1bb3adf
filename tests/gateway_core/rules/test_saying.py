"""The signs of an answer are what a person counts, and nothing makes them fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.saying import saying


@pytest.mark.parametrize(
    ("answer", "signs"),
    [
        ("The answer is 7", {}),
        ("So it is 7.", {"no result"}),
        ("The answer is unclear", {"open end"}),
        ("It is not 6, so the answer is 7.", {"negations"}),
        ("It seems 6, but then: the answer is 7.", {"turns"}),
        ("The answer is 7. " * 30, {"long"}),
    ],
)
def test_each_sign(answer: str, signs: set[str]) -> None:
    assert set(saying(answer)) == set(signs)


def test_a_sign_is_whole_after_a_few() -> None:
    assert saying("no " * 2)["negations"] == 0.5
    assert saying("no " * 9)["negations"] == 1.0


@given(st.text(max_size=300))
def test_shares_of_any_text(answer: str) -> None:
    assert all(0 < share <= 1 for share in saying(answer).values())
