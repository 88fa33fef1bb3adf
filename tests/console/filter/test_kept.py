"""The filter over kept answers: what it asks of the gateway, and which words mean nothing."""

from __future__ import annotations

import pytest

from console.filter import FilterError
from console.filter.kept import Wanted, wanted


def test_words_become_what_the_gateway_takes() -> None:
    found = wanted('project:docs model=opus* is:pinned is:semantic tag.ticket:A-1 user:"ann lee"')
    where = {"project": "docs", "model": "opus*", "ticket": "A-1", "user": "ann lee"}
    assert found == Wanted(where, "semantic", True)
    assert wanted("is:unpinned is:exact") == Wanted({}, "exact", False)
    assert wanted("   ").everything and not found.everything


@pytest.mark.parametrize("text", ["docs", "is:wet", "project:", ":web", "is:pinned web"])
def test_a_wrong_word_is_named_where_it_stands(text: str) -> None:
    with pytest.raises(FilterError) as raised:
        wanted(text)
    assert text[raised.value.start : raised.value.end] == text.split()[-1]
