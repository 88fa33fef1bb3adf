"""The policy as a whole and how it came about; mode rules, and switches thrown in a hurry."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class ModeRuleAnswer(Answer):
    """The mode of matching calls that name none."""

    mode: str
    match: dict[str, str]


class ModeRulesAnswer(Answer):
    rules: list[ModeRuleAnswer]
    """The first that matches counts."""
    revision: Revision


class EditAnswer(Answer):
    """A step of the policy's history."""

    n: int
    at: str
    who: str
    what: str
    undoes: int | None
    """The edit that this one took back."""
    lines: list[str]
    """What it changed, as lines of TOML: '-' before, '+' after."""
    names: list[str]
    """The budgets, throttles and routes that it made, changed or removed."""


class HistoryAnswer(Answer):
    edits: list[EditAnswer]
    """The latest first."""
    revision: Revision
    """Of the whole policy."""


class PolicyAnswer(Answer):
    toml: str
    revision: Revision


class UndoneAnswer(Answer):
    what: str
    """budgets | throttles | routes | routing | policy, …"""


class PanicAnswer(Answer):
    """A switch that was thrown: `restraint` is stop or cheap."""

    restraint: str
    match: dict[str, str]
    since: str
    who: str


class PanicsAnswer(Answer):
    panics: list[PanicAnswer]
    revision: Revision
