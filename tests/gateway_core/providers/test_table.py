"""Clauses that match names."""

from __future__ import annotations

from typing import Any

import pytest

from gateway_core.providers.table import matches


@pytest.mark.parametrize(
    ("clause", "yes", "no"),
    [
        ("=gpt-5", ["gpt-5"], ["gpt-5x", "xgpt-5"]),
        ("^gpt-5", ["gpt-5", "gpt-5x"], ["xgpt-5"]),
        ("$-5", ["gpt-5"], ["gpt-5x"]),
        ("*gpt", ["gpt", "xgpty"], ["gp"]),
        (r"~^o\d(-mini)?$", ["o3", "o4-mini"], ["o3-max", "xo3"]),
        (["|", "=a", "=b"], ["a", "b"], ["c"]),
        (["&", "^a", "$b"], ["ab", "axb"], ["a", "b"]),
        (["&", "^a", ["|", "$b", "$c"]], ["ab", "ac"], ["ad", "xb"]),
    ],
)
def test_a_clause(clause: Any, yes: list[str], no: list[str]) -> None:
    assert all(matches(clause, name) for name in yes)
    assert not any(matches(clause, name) for name in no)
