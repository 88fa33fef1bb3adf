"""The embedding in plain code: the same for the same words, near for words that share pieces."""

from __future__ import annotations

import math

from gateway_core.rules.likeness.vector import SIZE, embed, likeness


def test_it_is_a_unit_vector_and_always_the_same() -> None:
    one, again = embed("How do I sort a list?"), embed("How do I sort a list?")
    assert one == again
    assert len(one) == SIZE
    assert math.isclose(likeness(one, one), 1.0, rel_tol=1e-5)


def test_what_shares_words_is_nearer() -> None:
    question, twin, other = map(
        embed, ("How do I sort a list in Python?", "Sorting lists in Python", "Where can I buy cheap shoes?")
    )
    assert likeness(question, twin) > 0.6 > 0.3 > likeness(question, other)


def test_nothing_has_no_direction() -> None:
    assert likeness(embed(""), embed("")) == 0.0
