"""Cache marks set for a client: where they pay, four at the most, and every other byte as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats.anthropic.cache_marks import with_cache_marks

LONG = "word " * 1000
MARK = {"type": "ephemeral"}


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def assistant(content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


AGENT = {
    "model": "claude-sonnet-4-5",
    "system": LONG,
    "tools": [{"name": "a", "input_schema": {}, "description": LONG}, {"name": "b", "input_schema": {}}],
    "messages": [
        user(LONG),
        assistant([{"type": "tool_use", "id": "t", "name": "a", "input": {}}]),
        user([{"type": "tool_result", "tool_use_id": "t", "content": "ten"}]),
        assistant("Ten."),
        user("Thanks, and now?"),
    ],
}


def marked(body: Any, least: int = 4096, life: str = "5m") -> tuple[Any, tuple[str, ...]]:
    out, names = with_cache_marks(json.dumps(body).encode(), least=least, life=life)
    return json.loads(out), names


def test_all_four_places_of_an_agents_call() -> None:
    out, names = marked(AGENT)
    assert names == ("tools", "system", "message 2", "message 4")
    assert out["tools"][-1]["cache_control"] == MARK
    assert out["system"] == [{"type": "text", "text": LONG, "cache_control": MARK}]
    assert out["messages"][2]["content"][0]["cache_control"] == MARK
    assert out["messages"][4]["content"] == [
        {"type": "text", "text": "Thanks, and now?", "cache_control": MARK}
    ]
    assert json.dumps(out).count("cache_control") == 4


def test_an_hour_is_said_as_such() -> None:
    out, _ = marked(AGENT, life="1h")
    assert out["tools"][-1]["cache_control"] == {"type": "ephemeral", "ttl": "1h"}


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({**AGENT, "system": [{"type": "text", "text": LONG, "cache_control": MARK}]}, ()),
        ({"system": "Short.", "messages": [user("Hi")]}, ()),
        ({"system": LONG, "messages": [user("Hi")]}, ("system",)),
        ({"system": LONG, "messages": [user(" ")] * 2}, ("system",)),
        ({"messages": [user("Hi"), assistant(LONG), user("Go on.")]}, ("message 2",)),
        ({"messages": [user(LONG), assistant([{"type": "thinking"}]), user([])]}, ("message 0",)),
        ({"tools": [{"name": "a", "description": LONG}], "messages": [user("Hi")]}, ("tools", "message 0")),
    ],
)  # fmt: skip
def test_only_where_it_pays(body: Any, names: tuple[str, ...]) -> None:
    out, found = marked(body)
    assert found == names
    if not names:
        assert out == body


@given(
    st.lists(st.text(min_size=1).filter(str.strip), min_size=3, max_size=7),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_without_the_marks_it_is_what_it_was(texts: list[str], indent: int | None, ascii: bool) -> None:
    """Also where a message holds the text of another, escapes, or all white space there is."""
    turns = [user(text) if at % 2 == 0 else assistant(text) for at, text in enumerate(texts)]
    body = {**AGENT, "messages": turns}
    raw = json.dumps(body, indent=indent, ensure_ascii=ascii).encode("utf-8", "surrogatepass")
    out, names = with_cache_marks(raw, least=100)
    assert len(names) == 4
    found = json.loads(out)
    for at in (int(name.split()[1]) for name in names[2:]):
        (block,) = found["messages"][at]["content"]
        assert block.pop("cache_control") == MARK
        found["messages"][at]["content"] = block["text"]
    del found["tools"][-1]["cache_control"]
    found["system"] = found["system"][0]["text"]
    assert found == body
