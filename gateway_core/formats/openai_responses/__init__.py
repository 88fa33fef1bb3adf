"""OpenAI's Responses.

Source: platform.openai.com/docs/api-reference/responses, …/responses-streaming.
"""

from __future__ import annotations

from gateway_core.formats.openai_responses.dialect import OpenAIResponses

__all__ = ["OpenAIResponses"]
