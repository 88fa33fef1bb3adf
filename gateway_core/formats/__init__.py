"""Wire formats: bytes to words and back, pure. One package a dialect, found by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gateway_core.formats.anthropic import Anthropic
from gateway_core.formats.dialect import Dialect, ModelCard, StreamMeter
from gateway_core.formats.gemini import Gemini
from gateway_core.formats.openai_chat import OpenAIChat
from gateway_core.formats.openai_responses import OpenAIResponses
from gateway_core.model.call import DialectName

__all__ = ["DIALECTS", "Dialect", "ModelCard", "StreamMeter"]

DIALECTS: Mapping[DialectName, Dialect] = MappingProxyType(
    {each.name: each for each in (OpenAIChat(), OpenAIResponses(), Anthropic(), Gemini())}
)
