"""What a chat completion, a response or embeddings ask for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats import DIALECTS
from gateway_core.model.call import ANY_THINKING, Ask, DialectName, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.rules.need import Need

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
HI = [{"role": "user", "content": "hi"}]


def chat(operation: Operation = Operation.GENERATE, **fields: Any) -> Ask:
    body = {"model": "m", "messages": HI} | fields
    return DIALECTS[CHAT].read(operation, json.dumps(body, separators=(",", ":")).encode())


def responses(**fields: Any) -> Ask:
    body = {"model": "m", "input": "hi"} | fields
    return DIALECTS[RESPONSES].read(Operation.GENERATE, json.dumps(body, separators=(",", ":")).encode())


def test_a_plain_chat() -> None:
    size = len(json.dumps(HI, separators=(",", ":")))
    assert chat() == Ask(CHAT, Operation.GENERATE, "m", input_bytes=size, messages=1)


def test_a_plain_response() -> None:
    assert responses() == Ask(RESPONSES, Operation.GENERATE, "m", input_bytes=len('"hi"'), messages=1)
    assert responses(input=[1, 2, 3], instructions="be brief").messages == 4


@pytest.mark.parametrize(
    ("fields", "cap"),
    [
        ({"max_tokens": 5}, 5),
        ({"max_completion_tokens": 6}, 6),
        ({"max_tokens": 5, "max_completion_tokens": 6}, 6),
        ({"max_tokens": 5, "max_completion_tokens": None}, 5),
        ({"max_tokens": 90_000, "max_completion_tokens": 6}, 90_000),
        ({"max_tokens": -1, "max_completion_tokens": 6}, None),
        ({"max_tokens": 100.0}, 100),
        ({"max_tokens": -1}, None),
        ({"max_tokens": None}, None),
        ({"max_tokens": 0}, 0),
    ],
)
def test_the_cap_of_a_chat(fields: dict[str, Any], cap: int | None) -> None:
    assert chat(**fields).output_cap == cap


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, True),
        ({"stream": True}, False),
        ({"stream": True, "stream_options": None}, False),
        ({"stream": True, "stream_options": {}}, False),
        ({"stream": True, "stream_options": {"include_usage": False}}, False),
        ({"stream": True, "stream_options": {"include_usage": None}}, False),
        ({"stream": True, "stream_options": {"include_usage": True}}, True),
    ],
)
def test_whether_a_stream_was_asked_for_usage(fields: dict[str, Any], asked: bool) -> None:
    assert chat(**fields).usage_asked is asked


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"model": None}, "names no 'model'"),
        ({"model": ""}, "names no 'model'"),
        ({"model": 5}, "'model' must be a text"),
        ({"model": "a\nb"}, "no name of a model"),
        ({"model": "m" * 300}, "no name of a model"),
        ({"max_tokens": "5"}, "'max_tokens' must be a whole number"),
        ({"max_tokens": 5.5}, "'max_tokens' must be a whole number"),
        ({"max_tokens": True}, "'max_tokens' must be a whole number"),
        ({"n": "2"}, "'n' must be a whole number"),
        ({"stream": "true"}, "'stream' must be true or false"),
        ({"stream": 1}, "'stream' must be true or false"),
        ({"stream": True, "stream_options": []}, "'stream_options' must be a JSON object"),
        ({"stream": True, "stream_options": {"include_usage": 1}}, "'include_usage' must be true or false"),
        ({"tools": {"type": "function"}}, "'tools' must be a list of objects"),
        ({"tools": [1]}, "'tools' must be a list of objects"),
        ({"user": 5}, "'user' must be a text"),
    ],
)
def test_a_field_that_cannot_be_meant_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(Refusal, match=says) as refused:
        chat(**fields)
    assert (refused.value.status, refused.value.code) == (400, "invalid_request")


def test_how_many_answers_are_asked_for() -> None:
    assert (chat().candidates, chat(n=3).candidates, chat(n=None).candidates, chat(n=0).candidates) == (
        1,
        3,
        1,
        1,
    )


FUNCTION = {"type": "function", "function": {"name": "f", "parameters": {}}}


def test_tools_of_the_client_and_of_the_provider() -> None:
    assert not chat(tools=[]).has_tools
    assert chat(tools=[FUNCTION]).has_tools
    assert chat(tools=[FUNCTION]).server_tools == ()
    assert chat(functions=[{"name": "f"}]).has_tools
    assert chat(tools=[{"type": "openrouter:web_search"}, FUNCTION]).server_tools == ("web_search",)
    assert chat(web_search_options={}).server_tools == ("web_search",)


def test_tools_that_a_response_runs() -> None:
    client = [{"type": kind, "name": "x"} for kind in ("function", "custom", "namespace", "local_shell")]
    server = [
        {"type": kind}
        for kind in (
            "web_search",
            "web_search_preview_2025_03_11",
            "web_search_2025_08_26",
            "mcp",
            "file_search",
        )
    ]
    ask = responses(tools=client + server)
    assert ask.has_tools
    assert ask.server_tools == ("web_search", "mcp", "file_search")


@pytest.mark.parametrize(
    ("fields", "elsewhere"),
    [
        ({}, False),
        ({"previous_response_id": "resp_1"}, True),
        ({"previous_response_id": None}, False),
        ({"conversation": {"id": "conv_1"}}, True),
        ({"prompt": {"id": "pmpt_1"}}, True),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, True),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]}]}, True),
        (
            {"input": [{"role": "user", "content": [{"type": "input_file", "file_url": "https://a/b.pdf"}]}]},
            True,
        ),
        ({"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "file-1"}]}]}, True),
        (
            {
                "input": [
                    {"role": "user", "content": [{"type": "input_image", "image_url": "https://a/b.png"}]}
                ]
            },
            False,
        ),
    ],
)
def test_input_that_is_kept_elsewhere(fields: dict[str, Any], elsewhere: bool) -> None:
    assert responses(**fields).by_reference is elsewhere


def test_who_asks() -> None:
    metadata = {
        "project": "web",
        "count": 5,
        "bad key": "x",
        "long": "y" * 400,
        "mode": "building",
        "empty": "",
    }
    ask = chat(user="ann", metadata=metadata, prompt_cache_key="thread-7", service_tier="flex")
    assert ask.tags == {"user": "ann", "project": "web", "mode": "building"}
    assert (ask.session, ask.service_tier) == ("thread-7", "flex")
    assert responses(prompt_cache_key="thread-7", user="bob").session == "thread-7"
    assert responses(metadata={"team": "core"}).tags == {"team": "core"}
    assert chat(metadata="nothing of the kind").tags == {}


def test_only_so_many_tags_are_taken() -> None:
    assert len(chat(metadata={f"k{number}": "v" for number in range(100)}).tags) == 32


def test_embeddings() -> None:
    body = b'{"model":"e","input":["one","two"],"encoding_format":"base64"}'
    ask = DIALECTS[CHAT].read(Operation.EMBED, body)
    assert ask == Ask(CHAT, Operation.EMBED, "e", input_bytes=len('["one","two"]'), messages=2)


@pytest.mark.parametrize("dialect", DialectName)
def test_a_path_that_passes_through_is_read_in_passing(dialect: DialectName) -> None:
    read = DIALECTS[dialect].read
    ask = read(Operation.OTHER, b'{"model":"m","stream":true}', path_model=None)
    assert (ask.model, ask.stream) == ("m", True)
    assert read(Operation.OTHER, b"--boundary\r\n\xff").model == ""
    assert read(Operation.MODELS, b"").operation is Operation.MODELS


@pytest.mark.parametrize("field", ["n", "max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("number", [10**9 * 4, 10**18, -(10**18), 1e300])
def test_numbers_beyond_any_hold_are_refused(field: str, number: float) -> None:
    fields: dict[str, Any] = {field: number}
    with pytest.raises(Refusal, match=f"'{field}' must be .* at the most") as caught:
        chat(**fields)
    assert caught.value.status == 400


def test_nobody_answers_a_million_times() -> None:
    with pytest.raises(Refusal, match="'n' must be 1024 at the most"):
        chat(n=10**6)


def test_what_openrouter_may_run_instead_or_beside_has_no_limit() -> None:
    ask = chat(models=["openai/gpt-4o", "anthropic/claude-opus-4.1"], plugins=[{"id": "web"}])
    assert (ask.server_tools, ask.server_uses) == (("models", "plugins"), None)


@pytest.mark.parametrize(
    ("kinds", "other"), [(None, False), ([], False), (["text"], False), (["text", "audio"], True)]
)
def test_output_that_a_stream_does_not_show_as_text(kinds: list[str] | None, other: bool) -> None:
    ask = chat(modalities=kinds, stream=True)
    assert ask.other_output == other
    need = Need.of(ask, Target("openai", "m"), None, hides_nothing=True)
    assert need.hidden == (None if other else 0)


@pytest.mark.parametrize(
    ("fields", "thinking"),
    [
        ({}, None),
        ({"reasoning_effort": "none"}, 0),
        ({"reasoning_effort": "high"}, ANY_THINKING),
        ({"reasoning_effort": "none", "reasoning": {"effort": "high"}}, ANY_THINKING),
        ({"reasoning_effort": "none", "thinking": {"type": "enabled"}}, ANY_THINKING),
        ({"prediction": {"type": "content", "content": "x"}}, ANY_THINKING),
    ],
)
def test_output_that_may_be_billed_unseen(fields: dict[str, Any], thinking: int | None) -> None:
    assert chat(**fields).thinking == thinking
