"""Tags: read from text, merged by precedence, kept within limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.tags import MAX_TAGS, checked, format_tags, merge, parse_tags

KEYS = st.from_regex(r"[a-z][a-z0-9_.\-]{0,10}", fullmatch=True)
VALUES = st.from_regex(r"[A-Za-z0-9/@.\- ]{1,20}", fullmatch=True).map(str.strip).filter(bool)


def test_both_separators_are_read() -> None:
    assert parse_tags("project=web, user:ann,mode=a=b") == {"project": "web", "user": "ann", "mode": "a=b"}


def test_an_empty_value_is_no_tag() -> None:
    assert parse_tags("project=,user=ann,") == {"user": "ann"}


@pytest.mark.parametrize("text", ["project", "=web", "pro ject=web", "a=x\x00y", "k=" + "v" * 300])
def test_what_is_wrong_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="tag"):
        parse_tags(text)


def test_too_many_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        checked({f"k{number}": "v" for number in range(MAX_TAGS + 1)})


def test_the_first_layer_wins() -> None:
    assert merge(({"a": "1"}, {"a": "2", "b": "2"}, {"b": "3", "c": "3"})) == {"a": "1", "b": "2", "c": "3"}


@given(st.dictionaries(KEYS, VALUES, max_size=10))
def test_what_is_written_is_read_back(tags: dict[str, str]) -> None:
    assert parse_tags(format_tags(tags)) == tags
