"""Learning from outcomes: a model over the rule's signs and words, and whether it surely beats the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from gateway_core.model.value import value
from gateway_core.rules.complexity import Part, Score, measure
from gateway_core.rules.escalation import Distrust, Reason
from gateway_core.rules.features import of_answer, of_prompt
from gateway_core.rules.linear import Example, Linear, fit, lean
from gateway_core.rules.quality import Interval, apgr, chance, difference

LEAST = 40
"""Outcomes below which nothing is learned."""
FOLDS = 4
KNOTS = 20
FORM = 1
"""The form of a kept lesson; another one is not read."""


@value
class Outcome:
    """One call that is known to have gone well or ill. rule: what the rule says of it."""

    features: Example
    rule: float
    gain: float
    """What the strong model is better by, or how bad the cheap answer was: -1 to 1."""


@value
class Lesson:
    """What was learned. knots: the same shares of calls by the model's own figure and by the rule's."""

    model: Linear
    knots: tuple[tuple[float, float], ...]
    labels: int
    rule: float
    learned: float
    """APGR of the rule and of the model, the latter on outcomes that it had not seen."""
    gain: Interval
    """The difference of the two."""
    date: str

    @property
    def beats_the_rule(self) -> bool:
        """Whether the lower bound of the gain is above nothing."""
        return self.gain.low > 0

    def judge(self, features: Example) -> float:
        """What the model foretells, on the rule's scale: thresholds keep their meaning. 0 to 1."""
        said = self.model.of(features)
        on_scale = _between(self.knots, said) + _SLOPE * (said - self.model.start)
        return min(1.0, max(0.0, on_scale))


_SLOPE = 0.01
"""How much the model's own figure counts, so that it ranks where the rule makes no difference."""


def _between(knots: tuple[tuple[float, float], ...], said: float) -> float:
    before, low = knots[0]
    if said <= before:
        return low
    for after, high in knots[1:]:
        if said <= after:
            return low + (high - low) * (said - before) / (after - before)
        before, low = after, high
    return low


class NotEnough(ValueError):
    """Too little to learn from; its text says what is missing."""


def learn(outcomes: Sequence[Outcome], date: str) -> Lesson:
    """The model of all outcomes, and its gain over the rule on outcomes held back. Raises NotEnough."""
    if len(outcomes) < LEAST:
        raise NotEnough(f"{len(outcomes)} outcomes are too few to learn from; it takes {LEAST}")
    gains = [outcome.gain for outcome in outcomes]
    if sum(gains) <= 0 or min(gains) == max(gains):
        raise NotEnough(
            "in these outcomes the strong model is no better than the cheap one: nothing to learn"
        )
    held_back, rule = _held_back(outcomes), [outcome.rule for outcome in outcomes]
    model = foreteller(outcomes)
    return Lesson(
        model,
        _knots([model.of(outcome.features) for outcome in outcomes], rule),
        len(outcomes),
        apgr(rule, gains),
        apgr(held_back, gains),
        difference(held_back, rule, gains),
        date,
    )


def foreteller(outcomes: Sequence[Outcome]) -> Linear:
    """The model that foretells the gains of outcomes."""
    features = [outcome.features for outcome in outcomes]
    return lean(fit(features, [outcome.gain for outcome in outcomes]), features)


def _held_back(outcomes: Sequence[Outcome]) -> list[float]:
    """For each outcome what a model says that has not seen it, nor one with the same features."""
    found = [0.0] * len(outcomes)
    fold_of: dict[tuple[str, ...], int] = {}
    numbers = chance(len(outcomes))
    folds = [fold_of.setdefault(tuple(sorted(each.features)), next(numbers) % FOLDS) for each in outcomes]
    for fold in range(FOLDS):
        seen = [outcome for at, outcome in enumerate(outcomes) if folds[at] != fold]
        model = foreteller(seen)
        # Without what is usual, which differs by fold: where many good ones are held back, it is lower.
        usual = fmean(outcome.gain for outcome in seen)
        for at, outcome in enumerate(outcomes):
            if folds[at] == fold:
                found[at] = model.of(outcome.features) - usual
    return found


def _knots(said: list[float], rule: list[float]) -> tuple[tuple[float, float], ...]:
    """The same quantiles of both, as many as differ."""
    said, rule = sorted(said), sorted(rule)
    last = len(said) - 1
    pairs = ((said[last * step // KNOTS], rule[last * step // KNOTS]) for step in range(KNOTS + 1))
    return tuple(dict(pairs).items())


def scored(lesson: Lesson, text: str, rule: Score) -> Score:
    """The score by what was learned: the rule's parts, and what was learned beside them."""
    judged = lesson.judge(of_prompt(text, measure(text)))
    return Score(judged, (*rule.parts, Part("learned", judged - rule.value)))


def doubted(lesson: Lesson, prompt: str, answer: str, rule: Distrust) -> Distrust:
    """The distrust by what was learned: the rule's reasons, and what was learned before them. What is certain
    stays as it is."""
    if rule.certain:
        return rule
    judged = lesson.judge(of_answer(prompt, answer, rule))
    learned = Reason("learned", judged - rule.value, f"as {lesson.labels:,} answers like it went")
    return Distrust(judged, (learned, *rule.reasons))


def to_plain(lesson: Lesson) -> dict[str, Any]:
    """A lesson in the words of JSON."""
    return {
        "form": FORM,
        "date": lesson.date,
        "labels": lesson.labels,
        "rule": lesson.rule,
        "learned": lesson.learned,
        "gain": [lesson.gain.value, lesson.gain.low, lesson.gain.high],
        "start": lesson.model.start,
        "weights": {name: float(f"{weight:.5g}") for name, weight in lesson.model.weights.items()},
        "knots": lesson.knots,
    }


def from_plain(plain: Mapping[str, Any]) -> Lesson:
    """The lesson of `to_plain`. Raises ValueError, KeyError and TypeError for anything else."""
    if plain["form"] != FORM:
        raise ValueError(f"form {plain['form']!r} is not {FORM}")
    weights = {str(name): float(weight) for name, weight in plain["weights"].items()}
    knots = tuple((float(said), float(rule)) for said, rule in plain["knots"])
    if not knots:
        raise ValueError("no knots")
    return Lesson(
        Linear(float(plain["start"]), weights),
        knots,
        int(plain["labels"]),
        float(plain["rule"]),
        float(plain["learned"]),
        Interval(*map(float, plain["gain"])),
        str(plain["date"]),
    )
