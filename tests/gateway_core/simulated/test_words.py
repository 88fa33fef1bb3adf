"""Words that count exactly, in UTF-8, and come apart in as many pieces as asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.simulated.tokens import of_text
from gateway_core.simulated.words import prose, slices


@given(number=st.integers(min_value=0), tokens=st.integers(min_value=0, max_value=5_000))
def test_prose_counts_what_it_should(number: int, tokens: int) -> None:
    text = prose(number, tokens)
    assert of_text(text) == tokens
    assert len(text.encode()) == 4 * tokens
    assert prose(number, tokens) == text


def test_prose_is_longer_than_its_source_if_need_be() -> None:
    assert of_text(prose(11, 200_000)) == 200_000


def test_some_of_it_is_not_ascii() -> None:
    assert not prose(0, 2_000).isascii()


@given(text=st.text(min_size=1, max_size=300), count=st.integers(min_value=1, max_value=400))
def test_slices_lose_nothing(text: str, count: int) -> None:
    parts = list(slices(text, count))
    assert "".join(parts) == text
    assert len(parts) == min(count, len(text))
    assert all(parts)
