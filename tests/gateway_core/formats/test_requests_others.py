"""What a message, a count or Gemini's content asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats import DIALECTS
from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.model.errors import Refusal

ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI
HI = [{"role": "user", "content": "hi"}]
CONTENTS = [{"parts": [{"text": "hi"}]}]


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def message(operation: Operation = Operation.GENERATE, **fields: Any) -> Ask:
    return DIALECTS[ANTHROPIC].read(operation, compact({"model": "m", "messages": HI} | fields))


def gemini(
    operation: Operation = Operation.GENERATE, *, model: str | None = "g", stream: bool = False, **fields: Any
) -> Ask:
    body = compact({"contents": CONTENTS} | fields)
    return DIALECTS[GEMINI].read(operation, body, path_model=model, path_stream=stream)


def test_a_plain_message() -> None:
    ask = message(max_tokens=64, system="be brief", stream=True)
    assert ask == Ask(
        ANTHROPIC,
        Operation.GENERATE,
        "m",
        stream=True,
        output_cap=64,
        input_bytes=len(compact(HI)) + len('"be brief"'),
        messages=2,
    )


def test_a_count_of_tokens() -> None:
    assert message(Operation.COUNT).operation is Operation.COUNT
    assert gemini(Operation.COUNT).operation is Operation.COUNT


def test_a_message_without_a_model_is_refused() -> None:
    with pytest.raises(Refusal, match="names no 'model'"):
        message(model=None)


def test_tools_that_anthropic_runs() -> None:
    client = [
        {"name": "f", "input_schema": {"properties": {"type": {"type": "web_search_20250305"}}}},
        {"type": "custom", "name": "g"},
        {"type": "bash_20250124", "name": "bash"},
        {"type": "text_editor_20250728", "name": "edit"},
        {"type": "tool_search_tool_regex_20251119", "name": "search"},
    ]
    assert message(tools=client).server_tools == ()
    server = [
        {"type": kind} for kind in ("web_search_20260209", "web_fetch_20250910", "code_execution_20250825")
    ]
    ask = message(tools=client + server, mcp_servers=[{"type": "url", "url": "https://a"}])
    assert ask.server_tools == ("web_search", "web_fetch", "code_execution", "mcp")


@pytest.mark.parametrize(
    ("user_id", "tags", "session"),
    [
        ('{"device_id":"d","account_uuid":"a","session_id":"0a1b-2c"}', {}, "0a1b-2c"),
        ('{"session_id":5}', {}, None),
        ('{"session_id":"' + "x" * 400 + '"}', {}, None),
        ("{broken", {}, None),
        ("user_0f3a_account_8d_session_1b2c3d4e-5f60", {}, "1b2c3d4e-5f60"),
        ("ann", {"user": "ann"}, None),
        ("0" * 65, {}, None),
        ("a\nb", {}, None),
        (None, {}, None),
        (7, {}, None),
    ],
)
def test_who_sends_a_message(user_id: object, tags: dict[str, str], session: str | None) -> None:
    ask = message(metadata={"user_id": user_id})
    assert (ask.tags, ask.session) == (tags, session)


def test_fast_mode_is_a_tier() -> None:
    assert message(service_tier="auto").service_tier == "auto"
    assert message(service_tier="auto", speed="fast").service_tier == "fast"


@pytest.mark.parametrize(
    ("fields", "elsewhere"),
    [
        ({}, False),
        ({"container": "container_1"}, True),
        ({"container": None}, False),
        ({"messages": [{"content": [{"type": "container_upload", "file_id": "f"}]}]}, True),
        (
            {"messages": [{"content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]}]},
            True,
        ),
        (
            {
                "messages": [
                    {"content": [{"type": "document", "source": {"type": "url", "url": "https://a"}}]}
                ]
            },
            True,
        ),
        (
            {"messages": [{"content": [{"type": "image", "source": {"type": "url", "url": "https://a"}}]}]},
            False,
        ),
    ],
)
def test_input_that_is_kept_elsewhere(fields: dict[str, Any], elsewhere: bool) -> None:
    assert message(**fields).by_reference is elsewhere


def test_plain_content_for_gemini() -> None:
    ask = gemini(
        stream=True,
        systemInstruction={"parts": [{"text": "s"}]},
        safetySettings=[{"category": "c"}],
    )
    size = len(compact(CONTENTS)) + len(compact({"parts": [{"text": "s"}]}))
    assert ask == Ask(GEMINI, Operation.GENERATE, "g", stream=True, input_bytes=size, messages=2)


@pytest.mark.parametrize(
    "config",
    [
        {"generationConfig": {"maxOutputTokens": 7, "candidateCount": 2}},
        {"generation_config": {"max_output_tokens": 7, "candidate_count": 2}},
        {"generationConfig": {"max_output_tokens": 7, "candidateCount": 2}},
    ],
)
def test_both_spellings_of_gemini(config: dict[str, Any]) -> None:
    ask = gemini(**config)
    assert (ask.output_cap, ask.candidates) == (7, 2)
    assert gemini(cached_content="c").by_reference == gemini(cachedContent="c").by_reference is True
    assert gemini(service_tier="FLEX").service_tier == gemini(serviceTier="flex").service_tier == "flex"


@pytest.mark.parametrize(
    "fields",
    [
        {"generationConfig": {}, "generation_config": {"maxOutputTokens": 9}},
        {"generationConfig": {"maxOutputTokens": 9, "max_output_tokens": 10_000}},
        {"generationConfig": []},
        {"generationConfig": {"maxOutputTokens": "9"}},
    ],
)
def test_a_config_that_can_mean_two_things_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        gemini(**fields)
    assert refused.value.status == 400


def test_gemini_needs_a_model_in_the_path() -> None:
    with pytest.raises(Refusal, match="the path names no model"):
        gemini(model=None)


def test_tools_that_google_runs() -> None:
    functions = {"functionDeclarations": [{"name": "f"}]}
    assert gemini(tools=[functions]).has_tools
    assert gemini(tools=[functions]).server_tools == ()
    ask = gemini(tools=[functions, {"googleSearch": {}, "urlContext": {}}, {"code_execution": {}}])
    assert ask.server_tools == ("web_search", "url_context", "code_execution")
    assert gemini(tools=[{"google_search_retrieval": {}}]).server_tools == ("web_search",)
    assert not gemini(tools=[]).has_tools


def test_embeddings_of_gemini() -> None:
    request = {"model": "models/e", "content": {"parts": [{"text": "x"}]}}
    ask = DIALECTS[GEMINI].read(Operation.EMBED, compact({"requests": [request] * 3}), path_model="e")
    assert (ask.model, ask.messages) == ("e", 3)
    assert DIALECTS[GEMINI].read(Operation.EMBED, compact(request), path_model="e").messages == 1


def test_a_file_for_gemini_is_kept_elsewhere() -> None:
    part = {"fileData": {"fileUri": "https://a/files/1", "mimeType": "video/mp4"}}
    ask = gemini(contents=[{"parts": [part]}])
    assert (ask.media_items, ask.by_reference, ask.has_images) == (1, True, False)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"fallbacks": [{"model": "claude-opus-4-1"}]}, ("fallbacks",)),
        ({"fallbacks": None}, ()),
        (
            {"context_management": {"edits": [{"type": "compact_20260112"}]}, "system": "x" * 50_000},
            ("compaction",),
        ),
        ({"context_management": {"edits": [{"type": "compact_20260112"}]}}, ()),
        (
            {"context_management": {"edits": [{"type": "clear_thinking_20251015"}]}, "system": "x" * 50_000},
            (),
        ),
    ],
)
def test_what_is_billed_beside_a_message_has_no_limit(fields: dict[str, Any], names: tuple[str, ...]) -> None:
    ask = message(**fields)
    assert (ask.server_tools, ask.server_uses) == (names, None)


def test_a_number_of_uses_that_nobody_could_pay_is_no_limit() -> None:
    ask = message(tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": 10**12}])
    assert ask.server_uses is None


@pytest.mark.parametrize(
    ("config", "other"),
    [
        ({}, False),
        ({"responseModalities": ["TEXT"]}, False),
        ({"responseModalities": ["TEXT", "IMAGE"]}, True),
        ({"response_modalities": ["AUDIO"]}, True),
    ],
)
def test_output_that_a_stream_does_not_show_as_text(config: dict[str, Any], other: bool) -> None:
    assert gemini(generationConfig=config).other_output == other
