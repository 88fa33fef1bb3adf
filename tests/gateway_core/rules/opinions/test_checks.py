"""Two answers held against each other: what the checks say, and what they leave to a judge."""

from __future__ import annotations

import pytest

from gateway_core.rules.opinions.checks import Asked, Said, check

PROSE = "What is a sloop?"
SUM = "Tom has 12 boats and buys 30 more. How many boats does Tom have in total?"
CHOICE = "Which is a boat?\nA. a sloop\nB. a barn\nC. a pier\nD. a quay"
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


@pytest.mark.parametrize(
    ("asked", "cheap", "strong", "gain", "sure"),
    [
        (Asked(PROSE), "A boat with one mast.", "a boat with one mast", 0.0, True),
        (Asked(PROSE), "A boat with one mast.", "Something else.", None, False),
        (Asked(PROSE), "", "A boat.", 1.0, True),
        (Asked(PROSE), "A boat.", " ", -1.0, True),
        (Asked(SUM), "12 + 30 = 42, so it is 42 boats.", "#### 42.0", 0.0, True),
        (Asked(SUM), "It is 41 boats, I am quite sure.", "In total 42 boats.", 1.0, False),
        (Asked(CHOICE), "A", "The answer is (A).", 0.0, True),
        (Asked(CHOICE), "B.", "The answer is (A).", 1.0, False),
        (Asked(PROSE, json=True), '{"n": 1}', "```json\n{\"n\": 1}\n```", 0.0, True),
        (Asked(PROSE, json=True), '{"n": 1}', '{"n": 2}', None, False),
        (Asked(PROSE, json=True), "one", '{"n": 2}', 1.0, True),
        (Asked(PROSE, json=True), '{"n": 2}', "one", -1.0, True),
        (Asked(PROSE, json=True), "one", "two", 0.0, True),
        (Asked(PROSE, json=True, schema=SCHEMA), '{"n": "1"}', '{"n": 1}', 1.0, True),
        (Asked(PROSE, json=True, schema=SCHEMA), "{}", '{"m": 1}', 0.0, True),
    ],
)  # fmt: skip
def test_words(asked: Asked, cheap: str, strong: str, gain: float | None, sure: bool) -> None:
    found = check(asked, Said(cheap), Said(strong))
    assert (found.gain, found.sure) == (gain, sure), found


def test_tools_are_compared_by_what_they_are_given() -> None:
    one = Said("", (("find", '{"a": 1, "b": 2}'),))
    assert check(Asked(PROSE), one, Said("Let me see.", (("find", '{"b": 2, "a": 1}'),))).gain == 0.0
    other = check(Asked(PROSE), one, Said("", (("find", '{"a": 1}'),)))
    assert other.gain is None and not other.sure


def test_arguments_that_are_no_json_are_compared_as_they_are_written() -> None:
    one, other = (Said("", (("find", text),)) for text in ("{a", "{b"))
    assert check(Asked(PROSE), one, one).gain == 0.0
    assert check(Asked(PROSE), one, other).gain is None


def test_nothing_is_said_of_what_was_cut() -> None:
    found = check(Asked(PROSE), Said("A boat", cut=True), Said("A boat with one mast."))
    assert found.gain is None and found.sure
