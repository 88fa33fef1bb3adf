"""Routes, what holds for all of them, and second opinions."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class OpinionAnswer(Answer):
    """Whose calls are asked again of another model, what that may cost, and what it found."""

    name: str
    when: dict[str, str]
    cheap: str
    strong: str
    whose: str
    """both | cheap | strong: whose calls are asked again."""
    share: float
    judge: str
    """The model that compares what no check can; empty: checks alone."""
    usd_per_day: str
    enabled: bool
    rests: str | None
    """Why none of it is taken now; it is tried again some minutes later, or once it was edited."""
    spent_usd: str
    """Today."""
    taken: int
    """Opinions since `since`; of them: as good, the strong better, the cheap better."""
    equal: int
    strong_better: int
    cheap_better: int
    last_at: str | None
    revision: Revision


class OpinionsAnswer(Answer):
    since: str
    opinions: list[OpinionAnswer]
    rests: str | None
    """Why none of any is taken now."""


class RouteAnswer(Answer):
    name: str
    when: dict[str, str]
    use: list[str]
    """Tried in order; the next one on failure or refusal."""
    enabled: bool
    pick: str
    """order | weighted | price | latency | least_busy"""
    weights: list[int]
    escalate: float | None
    """Distrust of an answer, 0 to 1, from which the next target is asked."""
    shadow: bool
    """It only watches: what it would have done is kept with each decision."""
    pin: bool
    """A conversation stays where its first call went."""
    escalate_streams: bool
    revision: Revision


class RoutesAnswer(Answer):
    routes: list[RouteAnswer]
    """In the order in which they are tried."""
    revision: Revision


class RoutesServedAnswer(Answer):
    served: dict[str, int]
    """Calls by the name of the route that led them, also of routes that have gone since."""


class ThresholdsAnswer(Answer):
    """What holds for all routes, as in [routing]."""

    medium: float
    hard: float
    """Scores from which a call is medium, and hard."""
    margin: float
    """So little under one of them it counts as reached."""
    always_score: bool
    learn: bool
    pin: str
    """How long a conversation may pause and still be kept where it is, as '3600s'."""
    most_loss_usd: str
    """What moving a conversation up may cost at the most in lost prompt cache."""
    revision: str
    """For `If-Match`, so that a write is made over nothing else."""


class ClassesAnswer(Answer):
    """Calls by the class that each fell in."""

    since: str
    simple: int
    medium: int
    hard: int
    unscored: int
    """Calls that nobody scored, as no route asked."""
