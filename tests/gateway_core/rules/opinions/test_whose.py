"""Whose calls are asked again, and of whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway_core.model.call import Target
from gateway_core.model.policy import Opinion, Whose
from gateway_core.rules.opinions.whose import pair_due

CHEAP, STRONG, OTHER = Target("x", "small"), Target("x", "large"), Target("x", "other")
KNOWN = {"small": CHEAP, "large": STRONG, "alias": CHEAP}
OPINION = Opinion("a", "small", "large", 1)


@pytest.mark.parametrize(
    ("whose", "due"),
    [(Whose.BOTH, [CHEAP, STRONG]), (Whose.CHEAP, [CHEAP]), (Whose.STRONG, [STRONG])],
)
def test_whose(whose: Whose, due: list[Target]) -> None:
    opinion = replace(OPINION, whose=whose)
    assert [each for each in (CHEAP, STRONG, OTHER) if pair_due(opinion, each, KNOWN.get)] == due


def test_the_other_one() -> None:
    pair = pair_due(OPINION, CHEAP, KNOWN.get)
    assert pair is not None and (pair.other(CHEAP), pair.other(STRONG)) == (STRONG, CHEAP)


@pytest.mark.parametrize("strong", ["unknown", "alias"])
def test_no_pair_without_two_models(strong: str) -> None:
    assert pair_due(replace(OPINION, strong=strong), CHEAP, KNOWN.get) is None
