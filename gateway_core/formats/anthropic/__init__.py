"""Anthropic's Messages.

Source: platform.claude.com/docs/en/api/messages, …/messages-streaming, …/errors.
"""

from __future__ import annotations

from gateway_core.formats.anthropic.dialect import Anthropic

__all__ = ["Anthropic"]
