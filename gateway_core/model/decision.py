"""Why a call goes where it goes, in the words in which it is kept and explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from gateway_core.model.value import value


@value
class Shape:
    """What a call looked like to the rules, kept so that other rules can be tried on it later."""

    asked: str
    """The model's name as the client wrote it: a model, an alias, a group, `auto`."""
    target: str
    """What that name alone leads to: 'openai/gpt-5'."""
    context: int = 0
    """Likely tokens of the input."""
    messages: int = 1
    tools: bool = False
    images: bool = False
    operation: str = "generate"
    off: bool = False
    """The client asked for no routing."""
    conversation: str | None = None
    """Tells apart the conversations of one client; a hash, where the client names none."""
    score: float | None = None
    """How complex the last request looked, 0 to 1; None where nobody asked."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """What each sign added to the score."""
    judge: str = ""
    """Who scored: the rule, or a model that has learned."""


@value
class Decision:
    """A call's shape and what was decided on it."""

    shape: Shape
    targets: tuple[str, ...]
    """In the order in which they are tried."""
    route: str | None
    reason: str
    complexity: str | None = None
    passed_over: Mapping[str, str] = field(default_factory=dict)
    """Routes that came before and did not match, with the first condition that failed."""
    shadow: Mapping[str, str] = field(default_factory=dict)
    """Routes that only watch, with the target that each would have chosen."""
    kept: str | None = None
    """Why a conversation stays where it is, or what its moving away costs."""
    thresholds: tuple[float, float] | None = None
    """Scores from which a request was medium and hard; None where nobody scored."""
    margin: float = 0.0
    """How little under one of them it counted as reached."""
    overruled: tuple[str, ...] = ()
    """What changed the routes' word afterwards, in words: a thrown switch, a budget near its limit."""
    tried: tuple[str, ...] = ()
    """The order of the targets after that; empty where nothing changed it."""
