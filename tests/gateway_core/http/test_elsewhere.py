"""Whose path it is that the gateway has no words for."""

from __future__ import annotations

import pytest

from gateway_core.http.paths import find_door
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI
VERSION = {"anthropic-version": "2026-10-21"}
GOOGLE = {"x-goog-api-key": "k"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "provider", "dialect", "upstream"),
    [
        ("POST", "/v1/files", {}, "openai", CHAT, "/files"),
        ("POST", "/v1/files", VERSION, "anthropic", ANTHROPIC, "/v1/files"),
        ("POST", "/v1/messages/batches", {}, "anthropic", ANTHROPIC, "/v1/messages/batches"),
        ("GET", "/v1/files", GOOGLE, "gemini", GEMINI, "/v1/files"),
        ("GET", "/v1beta/files/f%2F1", {}, "gemini", GEMINI, "/v1beta/files/f%2F1"),
        ("GET", "/v1/responses/r1", {}, "openai", RESPONSES, "/responses/r1"),
        ("POST", "/openai/v1/x%20y", {}, "openai", CHAT, "/x%20y"),
        ("PATCH", "/gemini/v1alpha/anything", {}, "gemini", GEMINI, "/v1alpha/anything"),
        ("DELETE", "/anthropic/v1/skills/s1", {}, "anthropic", ANTHROPIC, "/v1/skills/s1"),
    ],
)
def test_a_path_has_one_provider_and_goes_there_as_it_is(
    method: str, path: str, headers: dict[str, str], provider: str, dialect: DialectName, upstream: str
) -> None:
    door = find_door(method, path, "", headers)
    assert door.operation is Operation.OTHER
    assert (door.prefix, door.dialect, door.upstream_path) == (provider, dialect, upstream)


def test_tags_in_front_are_taken_off() -> None:
    door = find_door("GET", "/@project=web/openai/v1/files", "", {})
    assert (dict(door.tags), door.path, door.upstream_path) == ({"project": "web"}, "/v1/files", "/files")


def test_a_verb_of_gemini_names_its_model() -> None:
    assert find_door("POST", "/gemini/v1beta/models/g%2F1:predict", "", {}).model == "g/1"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/unheard_of"),
        ("POST", "/openai/v2/files"),
        ("POST", "/openai//v1/files"),
        ("POST", "/openai/openai/v1/files"),
        ("TRACE", "/openai/v1/files"),
        ("POST", "/v1/chat/completions/"),
        ("POST", "/v1beta/models/g:tuneModel"),
    ],
)
def test_what_is_nobodys_is_not_served(method: str, path: str) -> None:
    with pytest.raises(Refusal) as caught:
        find_door(method, path, "", {})
    assert caught.value.status == 404
