"""What an answer surely lacks: its form, its end, or that anything was said."""

from __future__ import annotations

import json

import pytest

from gateway_core.rules.escalation import SEEN, distrust
from gateway_core.rules.terms import Terms

BOAT = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "masts": {"type": "integer"}},
    "required": ["name", "masts"],
    "additionalProperties": False,
}
GOOD = '{"name": "Ann", "masts": 2}'


@pytest.mark.parametrize(
    ("terms", "answer", "checks"),
    [
        (Terms(json=True), "Ann has two masts.", ["form"]),
        (Terms(json=True), '{"name": "Ann"', ["form"]),
        (Terms(json=True), f"```json\n{GOOD}\n```", ["form"]),
        (Terms(json=True), "", ["form"]),
        (Terms(json=True, schema=BOAT), '{"name": "Ann"}', ["schema"]),
        (Terms(json=True, schema=BOAT), '{"name": "Ann", "masts": "two"}', ["schema"]),
        (Terms(cut=True), "It has many", ["capped"]),
        (Terms(declined=True), "", ["declined"]),
        (Terms(json=True, schema=BOAT, cut=True), '{"name": "An', ["capped"]),
        (Terms(json=True, declined=True), "I cannot.", ["declined"]),
    ],
)
def test_what_is_broken_is_never_trusted(terms: Terms, answer: str, checks: list[str]) -> None:
    found = distrust("Tell me of a boat.", answer, terms)
    assert (found.value, found.certain) == (1.0, True)
    assert [reason.check for reason in found.reasons] == checks
    assert all(reason.why for reason in found.reasons)


@pytest.mark.parametrize("terms", [Terms(), Terms(json=True), Terms(json=True, schema=BOAT)])
def test_a_good_answer_is_judged_by_its_signs(terms: Terms) -> None:
    found = distrust("Tell me of a boat.", GOOD, terms)
    assert found == distrust("Tell me of a boat.", GOOD)
    assert not found.certain
    assert found.value < 0.3


@pytest.mark.parametrize("terms", [Terms(), Terms(json=True)])
def test_long_json_is_read_from_its_beginning(terms: Terms) -> None:
    answer = json.dumps([{"name": f"boat {number}"} for number in range(2_000)])
    assert len(answer) > SEEN
    found = distrust("List boats in JSON.", answer, terms)
    assert not {"json", "form"} & {reason.check for reason in found.reasons}
