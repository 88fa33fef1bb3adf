"""The status that a refusal has for a client, by its headers or by the program that calls."""

from __future__ import annotations

import pytest

from gateway_core.http.refusals import refusal_answer, status_for
from gateway_core.model.call import DialectName
from gateway_core.model.errors import NO_KEY, Refusal

SPENT, KEYLESS, FORBIDDEN = (
    Refusal(402, "budget_spent", "x"),
    Refusal(401, NO_KEY, "x"),
    Refusal(401, "no", "x"),
)
CODEX = {"originator": "codex_exec"}


@pytest.mark.parametrize(
    ("refusal", "headers", "app", "status"),
    [
        (SPENT, {}, "", 402),
        (SPENT, CODEX, "", 400),
        (SPENT, {"user-agent": "OpenAI/Python 2.20.0"}, "aider", 400),
        (SPENT, {"user-agent": "aider/1"}, "", 400),
        (SPENT, {}, "claude", 402),
        (KEYLESS, CODEX, "", 400),
        (KEYLESS, {}, "aider", 401),
        (FORBIDDEN, CODEX, "", 401),
    ],
)
def test_clients_that_would_try_again_get_a_400(
    refusal: Refusal, headers: dict[str, str], app: str, status: int
) -> None:
    assert status_for(refusal, headers, app) == status


def test_a_missing_key_is_not_to_be_tried_again() -> None:
    for refusal, final in ((KEYLESS, True), (FORBIDDEN, False)):
        _, headers, _ = refusal_answer(refusal, DialectName.ANTHROPIC, "01TEST", {})
        assert ((b"x-should-retry", b"false") in headers) == final
