"""Tags and what they are called."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer


class TagAnswer(Answer):
    key: str
    value: str
    calls: int
    cost_usd: str


class TagsAnswer(Answer):
    tags: list[TagAnswer]


class TagNameAnswer(Answer):
    key: str
    value: str
    """As calls were written with it."""
    name: str


class TagNamesAnswer(Answer):
    names: list[TagNameAnswer]


class RenamedAnswer(Answer):
    """What a renaming changes, or would."""

    calls: int
    cost_usd: str
    rules: list[str]
    """Budgets, throttles, routes and mode rules that match on the old values."""
    applied: bool
