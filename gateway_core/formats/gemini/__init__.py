"""Google's Gemini.

Source: ai.google.dev/api/generate-content, …/tokens, …/embeddings. Fields are proto JSON: both camelCase and
snake_case are taken in requests, and a count of zero is left out of answers.
"""

from __future__ import annotations

from gateway_core.formats.gemini.dialect import Gemini

__all__ = ["Gemini"]
