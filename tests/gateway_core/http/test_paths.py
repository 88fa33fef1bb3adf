"""What a path asks for."""

from __future__ import annotations

import pytest

from gateway_core.http.paths import dialect_of, find_door
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI


@pytest.mark.parametrize(
    ("method", "path", "dialect", "operation", "upstream"),
    [
        ("POST", "/v1/chat/completions", CHAT, Operation.GENERATE, "/chat/completions"),
        ("POST", "/openai/v1/chat/completions", CHAT, Operation.GENERATE, "/chat/completions"),
        ("POST", "/v1/responses", RESPONSES, Operation.GENERATE, "/responses"),
        ("POST", "/v1/embeddings", CHAT, Operation.EMBED, "/embeddings"),
        ("POST", "/v1/messages", ANTHROPIC, Operation.GENERATE, "/v1/messages"),
        (
            "POST",
            "/anthropic/v1/messages/count_tokens",
            ANTHROPIC,
            Operation.COUNT,
            "/v1/messages/count_tokens",
        ),
        (
            "POST",
            "/v1beta/models/gemini-3-pro:streamGenerateContent",
            GEMINI,
            Operation.GENERATE,
            "/v1beta/models/gemini-3-pro:streamGenerateContent",
        ),
        ("POST", "/v1/models/g:countTokens", GEMINI, Operation.COUNT, "/v1/models/g:countTokens"),
        (
            "POST",
            "/gemini/v1beta/models/g:embedContent",
            GEMINI,
            Operation.EMBED,
            "/v1beta/models/g:embedContent",
        ),
        ("GET", "/v1/models", CHAT, Operation.MODELS, "/models"),
        ("GET", "/v1beta/models", GEMINI, Operation.MODELS, "/v1beta/models"),
    ],
)
def test_doors(method: str, path: str, dialect: DialectName, operation: Operation, upstream: str) -> None:
    door = find_door(method, path, "", {})
    assert (door.dialect, door.operation, door.upstream_path) == (dialect, operation, upstream)


@pytest.mark.parametrize(
    ("headers", "dialect"),
    [({}, CHAT), ({"anthropic-version": "2026-10-21"}, ANTHROPIC), ({"x-goog-api-key": "k"}, GEMINI)],
)
def test_three_formats_share_one_list_of_models(headers: dict[str, str], dialect: DialectName) -> None:
    assert find_door("GET", "/v1/models", "", headers).dialect is dialect


def test_a_models_own_page() -> None:
    assert find_door("GET", "/v1/models/mylab/qwen3-32b", "", {}).model == "mylab/qwen3-32b"


def test_tags_stand_in_front_of_everything() -> None:
    door = find_door("POST", "/@project=web,mode=vibing/openai/v1/chat/completions", "", {})
    assert (dict(door.tags), door.prefix, door.path) == (
        {"project": "web", "mode": "vibing"}, "openai", "/v1/chat/completions",
    )  # fmt: skip


def test_gemini_streams_by_its_verb() -> None:
    assert find_door("POST", "/v1beta/models/g:streamGenerateContent", "alt=sse", {}).stream
    assert not find_door("POST", "/v1beta/models/g:generateContent", "", {}).stream


@pytest.mark.parametrize("query", ["key=abc", "alt=sse&key=abc", "API_KEY=x", "access_token=x"])
def test_a_credential_in_the_url_is_refused(query: str) -> None:
    with pytest.raises(Refusal, match="credential in the URL") as caught:
        find_door("POST", "/v1beta/models/g:generateContent", query, {})
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/unknown"),
        ("DELETE", "/v1/models"),
        ("POST", "/v1beta/models/g:tuneModel"),
        ("GET", "/favicon.ico"),
    ],
)
def test_other_paths_are_not_served(method: str, path: str) -> None:
    with pytest.raises(Refusal) as caught:
        find_door(method, path, "", {})
    assert caught.value.status == 404


def test_broken_tags_in_the_path_are_named() -> None:
    with pytest.raises(Refusal, match="tags in the path"):
        find_door("POST", "/@web/v1/messages", "", {})


@pytest.mark.parametrize(
    ("path", "dialect"),
    [("/v1/messages/x", ANTHROPIC), ("/v1beta/x", GEMINI), ("/v1/responses", RESPONSES), ("/nowhere", CHAT)],
)
def test_refusals_take_the_likeliest_format(path: str, dialect: DialectName) -> None:
    assert dialect_of(path, {}) is dialect


def test_a_tag_in_the_path_may_hold_a_slash_where_it_is_encoded() -> None:
    door = find_door("POST", "/@branch=fix%2Fcart,project=a%20b/v1/chat/completions", "", {})
    assert door.tags == {"branch": "fix/cart", "project": "a b"}
    assert door.path == "/v1/chat/completions"


@pytest.mark.parametrize(
    "query", ["key=s", "alt=sse&key=s", "k%65y=s", "API_KEY=s", "token=s", "x-goog-api-key=s", "a;key=s"]
)
def test_a_credential_in_the_url_is_refused_however_it_is_written(query: str) -> None:
    with pytest.raises(Refusal, match="credential in the URL") as caught:
        find_door("POST", "/v1/chat/completions", query, {})
    assert caught.value.status == 400


def test_other_queries_are_let_through() -> None:
    assert find_door("POST", "/v1/chat/completions", "alt=sse&monkey=1&tokens=5", {}).upstream_path
