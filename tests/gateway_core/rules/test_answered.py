"""What is read out of an answer in words."""

from __future__ import annotations

import pytest

from gateway_core.rules.answered import NO_JSON, NUMBERS, RESULTS, json_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', {"a": 1}),
        ("Here it is:\n```json\n[1, 2]\n```\nAs you wished.", [1, 2]),
        ("```\nnull\n```", None),
        ('{"a": ', NO_JSON),
        ("no JSON at all", NO_JSON),
        ("[" * 100_000, NO_JSON),
    ],
    ids=["bare", "fenced", "null", "broken", "words", "deep"],
)
def test_json_bare_or_in_a_block_of_code(text: str, found: object) -> None:
    assert json_in(text) is NO_JSON if found is NO_JSON else json_in(text) == found


def test_what_it_calls_its_answer_and_its_numbers() -> None:
    text = "It was -3, so the answer is 1,200.5. In short: answer: B, \\boxed{42}"
    assert RESULTS.findall(text) == ["1,200.5", "B", "42"]
    assert NUMBERS.findall("from -3 to 1,200.5") == ["-3", "1,200.5"]
