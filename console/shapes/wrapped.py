"""Answers that hold one thing under its name, as the admin plane wraps it."""

from __future__ import annotations

from console.shapes import (
    Budget,
    Check,
    Edit,
    ModelPrice,
    ModeRule,
    Opinion,
    Panic,
    Question,
    Route,
    Tag,
    TagName,
    Throttle,
    Token,
)
from console.shapes.frame import shape


@shape
class ModeRules:
    rules: tuple[ModeRule, ...]
    revision: str = ""


@shape
class Checks:
    checks: tuple[Check, ...]


@shape
class Prices:
    prices: tuple[ModelPrice, ...]


@shape
class Budgets:
    budgets: tuple[Budget, ...]


@shape
class History:
    edits: tuple[Edit, ...]
    revision: str = ""
    """Of the whole policy."""


@shape
class Questions:
    questions: tuple[Question, ...]


@shape
class Throttles:
    throttles: tuple[Throttle, ...]


@shape
class Routes:
    routes: tuple[Route, ...]
    revision: str = ""


@shape
class Opinions:
    opinions: tuple[Opinion, ...]
    rests: str | None = None
    """Why none is taken now."""


@shape
class RoutesServed:
    served: dict[str, int]


@shape
class Tokens:
    tokens: tuple[Token, ...]


@shape
class Lifted:
    lifted: int


@shape
class Mode:
    mode: str
    revision: str = ""


@shape
class Undone:
    what: str


@shape
class Policy:
    toml: str
    revision: str = ""


@shape
class Panics:
    panics: tuple[Panic, ...]
    revision: str = ""


@shape
class Tags:
    tags: tuple[Tag, ...]


@shape
class TagNames:
    names: tuple[TagName, ...]
