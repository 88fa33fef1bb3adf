"""Listings of models, as the official SDKs read them."""

from __future__ import annotations

import json

from anthropic.types import ModelInfo
from google.genai.types import Model as GeminiModel
from openai.types import Model as OpenAIModel

from gateway_core.formats import DIALECTS, ModelCard
from gateway_core.model.call import DialectName
from tests.gateway_core.formats.canned import answering

KNOWN = ModelCard("known-1", "acme", 1_767_225_600, context_window=200_000, max_output=64_000)
UNKNOWN = ModelCard("text-embedding-9", "acme", 0)


def test_openai_lists_models() -> None:
    for dialect in (DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES):
        with answering(DIALECTS[dialect].model_list([KNOWN, UNKNOWN])) as place:
            listed = list(place.openai().models.list())
        assert [model.id for model in listed] == ["known-1", "text-embedding-9"]
        assert (listed[0].owned_by, listed[0].created) == ("acme", 1_767_225_600)
    card = json.loads(DIALECTS[DialectName.OPENAI_CHAT].model_card(KNOWN))
    assert OpenAIModel.model_validate(card).object == "model"
    assert (card["context_window"], card["max_output_tokens"]) == (200_000, 64_000)


def test_anthropic_lists_models_with_the_sizes_that_agents_read() -> None:
    dialect = DIALECTS[DialectName.ANTHROPIC]
    with answering(dialect.model_list([KNOWN, UNKNOWN])) as place:
        listed = list(place.anthropic().models.list())
    assert [model.id for model in listed] == ["known-1", "text-embedding-9"]
    card = ModelInfo.model_validate_json(dialect.model_card(KNOWN))
    assert (card.max_input_tokens, card.max_tokens) == (200_000, 64_000)
    assert card.created_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert json.loads(dialect.model_list([])) == {
        "data": [],
        "has_more": False,
        "first_id": None,
        "last_id": None,
    }


def test_google_lists_models() -> None:
    dialect = DIALECTS[DialectName.GEMINI]
    with answering(dialect.model_list([KNOWN, UNKNOWN])) as place, place.genai() as client:
        listed = list(client.models.list())
    assert [model.name for model in listed] == ["models/known-1", "models/text-embedding-9"]
    assert (listed[0].input_token_limit, listed[0].output_token_limit) == (200_000, 64_000)
    assert listed[0].supported_actions == ["generateContent", "streamGenerateContent", "countTokens"]
    assert listed[1].supported_actions == ["embedContent", "batchEmbedContents", "countTokens"]
    assert isinstance(listed[0], GeminiModel)
