"""Every provider's word for the end of an answer means what its format takes it for."""

from __future__ import annotations

import pytest

from gateway_core.formats.anthropic.translation.answers import FINISHES as ANTHROPIC
from gateway_core.formats.endings import FINISHES, finish_of
from gateway_core.formats.gemini.translation.answers import FILTERS
from gateway_core.formats.gemini.translation.answers import FINISHES as GEMINI
from gateway_core.formats.neutral.answer import Finish
from gateway_core.formats.openai_chat.translation.answers import FINISHES as CHAT
from gateway_core.formats.openai_responses.translation.answers import STATUSES as RESPONSES


def test_no_word_means_two_things() -> None:
    for words in (CHAT, RESPONSES, ANTHROPIC, GEMINI, dict.fromkeys(FILTERS, Finish.FILTERED)):
        for word, finish in words.items():
            assert FINISHES[word] is finish


@pytest.mark.parametrize(
    ("word", "finish"),
    [
        ("stop", Finish.STOP),
        ("STOP", Finish.STOP),
        ("end_turn", Finish.STOP),
        ("completed", Finish.STOP),
        ("length", Finish.LENGTH),
        ("max_tokens", Finish.LENGTH),
        ("MAX_TOKENS", Finish.LENGTH),
        ("incomplete", Finish.LENGTH),
        ("content_filter", Finish.FILTERED),
        ("refusal", Finish.FILTERED),
        ("safety", Finish.FILTERED),
        ("tool_calls", Finish.TOOLS),
        ("lenght", None),
        ("", None),
    ],
)
def test_a_word(word: str, finish: Finish | None) -> None:
    assert finish_of(word) is finish
