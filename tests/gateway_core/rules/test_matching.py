"""Whether a call falls under a rule."""

from __future__ import annotations

import pytest

from gateway_core.rules.matching import Facts, matches

FACTS = Facts({"project": "web", "mode": "vibing"}, token="ci", model="gpt-5.1", provider="openai")


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({}, True),
        ({"project": "web"}, True),
        ({"project": "web", "mode": "building"}, False),
        ({"team": "core"}, False),
        ({"team": "*"}, False),
        ({"project": "*"}, True),
        ({"project": "we*"}, True),
        ({"model": "gpt-5*"}, True),
        ({"model": "openai/gpt-5.1"}, True),
        ({"model": "gpt-4*"}, False),
        ({"provider": "openai", "token": "ci"}, True),
        ({"token": "dev"}, False),
    ],
)
def test_every_key_must_agree(match: dict[str, str], expected: bool) -> None:
    assert matches(match, FACTS) is expected
