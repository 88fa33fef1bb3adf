"""OpenAI's Chat Completions and Embeddings, and everybody who speaks them.

Source: platform.openai.com/docs/api-reference/chat, …/chat-streaming, …/embeddings.
"""

from __future__ import annotations

from gateway_core.formats.openai_chat.dialect import OpenAIChat

__all__ = ["OpenAIChat"]
