"""A prompt's blocks: the same whatever marks wander over them, in every format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats.prompt_blocks import prompt_blocks
from gateway_core.model.call import DialectName

MARK = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}


def names(dialect: DialectName, body: Any) -> list[str]:
    return [f"{kind} {at}" for kind, at, _ in prompt_blocks(dialect, json.dumps(body).encode())]


TOOL = {"name": "find", "input_schema": {}}
HI = {"role": "user", "content": "Hi"}


@pytest.mark.parametrize(
    ("dialect", "body", "expected"),
    [
        (
            DialectName.ANTHROPIC,
            {"messages": [HI, HI], "system": [{"type": "text", "text": "a"}] * 2, "tools": [TOOL]},
            ["tool 0", "system 0", "system 1", "options 0", "message 0", "message 1"],
        ),
        (
            DialectName.OPENAI_CHAT,
            {"messages": [{"content": "rules", "role": "system"}, HI], "tools": [TOOL, TOOL]},
            ["tool 0", "tool 1", "options 0", "system 0", "message 1"],
        ),
        (
            DialectName.OPENAI_RESPONSES,
            {"instructions": "rules", "input": "Hi"},
            ["system 0", "options 0", "message 0"],
        ),
        (
            DialectName.GEMINI,
            {"systemInstruction": {"parts": [{"text": "rules"}]}, "contents": [{"parts": [{"text": "Hi"}]}]},
            ["system 0", "options 0", "message 0"],
        ),
    ],
)  # fmt: skip
def test_each_format_has_its_blocks(dialect: DialectName, body: Any, expected: list[str]) -> None:
    assert names(dialect, body) == expected


@pytest.mark.parametrize("pretty", [None, 2])
def test_marks_are_no_part_of_a_block(pretty: int | None) -> None:
    text = 'He said "cache_control": {"type"} \\ and \n left.'

    def blocks(marked: bool) -> list[bytes]:
        more = MARK if marked else {}
        blocks = [{"type": "text", "text": "a"}, {**more, "type": "text", "text": text}]
        one = [{"type": "text", "text": text, **more}] if marked else text
        body = {
            "tools": [{**TOOL, **more}],
            "messages": [{"role": "user", "content": one}, {"role": "user", "content": blocks}],
        }
        found = prompt_blocks(DialectName.ANTHROPIC, json.dumps(body, indent=pretty).encode())
        return [b"".join(data.split()) for _, _, data in found]

    assert blocks(True) == blocks(False)
    assert b"He" in blocks(True)[2]
