"""The output cap in the word that a provider knows."""

from __future__ import annotations

import pytest

from gateway_core.formats.openai_chat.older_cap import in_older_word
from gateway_core.providers.provider import builtin_providers


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"model": "m", "max_tokens": 5}', b'{"model": "m", "max_tokens": 5}'),
        (b'{ "max_completion_tokens" : 5 , "model":"m"}', b'{ "max_tokens" : 5 , "model":"m"}'),
        (b'{"max_completion_tokens":5,"max_tokens":5}', b'{"max_tokens":5}'),
        (b'{"max_tokens":5,"max_completion_tokens":5}', b'{"max_tokens":5}'),
        (
            b'{"messages":[{"content":"\\"max_completion_tokens\\": 5"}]}',
            b'{"messages":[{"content":"\\"max_completion_tokens\\": 5"}]}',
        ),
    ],
)
def test_only_the_word_changes(body: bytes, result: bytes) -> None:
    assert in_older_word(body) == result


def test_who_knows_the_older_word_only() -> None:
    assert {name for name, provider in builtin_providers().items() if provider.older_cap} == {
        "deepseek",
        "mistral",
        "ollama",
        "together",
    }
