"""Which calls that pass through cost nothing."""

from __future__ import annotations

import pytest

from gateway_core.rules.free_paths import costs_nothing

ODD = (".", " ", "?", "#", ";x", "\0", "%2e%2e", "a;b", "a/b")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/anything"),
        ("DELETE", "/v1/files/file-1"),
        ("POST", "/v1/files"),
        ("POST", "/upload/v1beta/files"),
        ("POST", "/v1/uploads/u1/parts"),
        ("POST", "/v1/moderations"),
        ("POST", "/v1/responses/resp_1/cancel"),
        ("POST", "/v1/messages/batches/b1/cancel"),
        ("POST", "/v1beta/batches/b1:cancel"),
        ("POST", "/v1/chat/completions/chatcmpl-1"),
        ("POST", "/v1/conversations"),
        ("POST", "/v1/conversations/conv_1"),
        ("POST", "/v1/conversations/conv_1/items"),
    ],
)
def test_reading_keeping_counting_and_cancelling_is_free(method: str, path: str) -> None:
    assert costs_nothing(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/images/generations"),
        ("POST", "/v1/batches"),
        ("POST", "/v1/messages/batches"),
        ("POST", "/v1/fine_tuning/jobs"),
        ("POST", "/v1/vector_stores"),
        ("POST", "/v1/files/x/y"),
        ("POST", "/v1/chat/completions/"),
        ("POST", "/v1/images/x/cancel"),
        *(("POST", f"/v1/chat/completions/{odd}") for odd in ODD),
        ("POST", "/v1/conversations/%2e%2e/chat/completions"),
        ("POST", "/v1/conversations//chat/completions"),
        ("POST", "/v1/conversations/c1/items/../x"),
        ("PUT", "/v1/files"),
        ("PATCH", "/v1beta/cachedContents/c"),
    ],
)
def test_all_else_may_cost(method: str, path: str) -> None:
    assert not costs_nothing(method, path)
