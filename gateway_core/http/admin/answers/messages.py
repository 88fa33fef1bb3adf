"""What was asked and answered, of calls whose owner keeps that."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer


class TurnAnswer(Answer):
    role: str
    text: str
    """What is no text is named in brackets."""


class MessagesAnswer(Answer):
    at: str
    until: str
    """When it is deleted by itself."""
    cut: bool
    """Something is missing: it was too long, or the answer did not end."""
    asked: list[TurnAnswer]
    answer: str


class CaptureAnswer(Answer):
    match: dict[str, str]
    days: int


class KeptMessagesAnswer(Answer):
    calls: int
    bytes: int
    rules: list[CaptureAnswer]
    """Whose messages are kept; none: nobody's."""


class DeletedAnswer(Answer):
    deleted: int
    """Calls whose messages are gone."""
