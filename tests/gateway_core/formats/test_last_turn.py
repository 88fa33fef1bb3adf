"""The last turn of a request, taken out in every format; whatever is no person's plain words stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats.last_turn import take_last
from gateway_core.model.call import DialectName
from tests.support.wires import WIRES, Wire

CHAT, MESSAGES = DialectName.OPENAI_CHAT, DialectName.ANTHROPIC
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_it_is_taken_out_and_nothing_else(wire: Wire) -> None:
    one, other = wire.ask("How do I sort a list?"), wire.ask("How do I boil an egg?")
    dialect = DialectName(wire.name)
    assert take_last(dialect, one) == "How do I sort a list?"
    assert take_last(dialect, other) == "How do I boil an egg?"
    assert one == other
    assert "sort" not in json.dumps(one)


def test_parts_are_joined_and_their_marks_stay() -> None:
    parts = [{"type": "text", "text": "One."}, {"type": "text", "text": "Two.", "cache_control": {"a": 1}}]
    fields = {"messages": [{"role": "user", "content": parts}]}
    assert take_last(MESSAGES, fields) == "One.\nTwo."
    assert fields["messages"][0]["content"] == [
        {"type": "text", "text": None},
        {"type": "text", "text": None, "cache_control": {"a": 1}},
    ]


def test_earlier_turns_stay() -> None:
    turns = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    fields: dict[str, Any] = {"messages": turns}
    assert take_last(CHAT, fields) == "c"
    assert [turn["content"] for turn in fields["messages"]] == ["a", "b", None]


@pytest.mark.parametrize(
    "turns",
    [
        [],
        "no list",
        None,
        [{"role": "assistant", "content": "mine"}],
        [{"role": "tool", "content": "result"}],
        [{"role": "user", "content": [{"type": "text", "text": "look"}, IMAGE]}],
        [{"role": "user", "content": [{"type": "tool_result", "content": "x"}]}],
        [{"role": "user", "content": []}],
        [{"role": "user", "content": None}],
        ["text"],
    ],
)
def test_anything_else_is_left_as_it_is(turns: Any) -> None:
    fields = {"messages": json.loads(json.dumps(turns))}
    found = take_last(CHAT, fields)
    if isinstance(turns, str):
        assert found == "no list"
    else:
        assert (found, fields["messages"]) == (None, turns)
