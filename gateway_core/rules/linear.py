"""A linear model over few signs and many words, fitted in well under a second without a library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import mul
from statistics import fmean, pstdev

from gateway_core.model.value import value
from gateway_core.rules.quality import chance

Example = Mapping[str, float]
"""What is known of one call: amounts by name; a word's name is "#" and its hash."""
PASSES = 6
RIDGE = 20.0
"""How strongly weights are held near 0, in examples."""
COMMON = 3
"""Examples that a word has to be in."""
LEAN = 1 / 3
"""How much of what it foretells a model takes from the rule beside what it has learned."""


@value
class Linear:
    """The sum of `start` and each amount times its weight."""

    start: float
    weights: Mapping[str, float]

    def of(self, example: Example) -> float:
        """What the model foretells."""
        weights = self.weights
        return self.start + sum(weights[name] * amount for name, amount in example.items() if name in weights)


def fit(examples: Sequence[Example], wanted: Sequence[float]) -> Linear:
    """The ridge regression of what is wanted, by dual coordinate ascent: the same model every time."""
    start = sum(wanted) / max(1, len(wanted))
    rows, names = _rows(examples)
    weights = [0.0] * len(names)
    duals = [0.0] * len(rows)
    norms = [sum(map(mul, amounts, amounts)) for _, amounts in rows]
    order, numbers = list(range(len(rows))), chance(len(rows))
    for _ in range(PASSES):
        order.sort(key=lambda _: next(numbers))
        for index in order:
            places, amounts = rows[index]
            said = start + sum(map(mul, map(weights.__getitem__, places), amounts))
            step = (wanted[index] - said - RIDGE * duals[index]) / (RIDGE + norms[index])
            duals[index] += step
            for at, amount in zip(places, amounts, strict=True):
                weights[at] += step * amount
    return Linear(start, {name: weight for name, weight in zip(names, weights, strict=True) if weight})


def lean(model: Linear, examples: Sequence[Example], on: str = "rule") -> Linear:
    """The model, and a share of its own spread over the examples once more by the amounts of one name.

    Few outcomes make words look telling that are not; what is known without them steadies the order.
    """
    amounts = [example.get(on, 0.0) for example in examples]
    if len(examples) < 2 or not (spread := pstdev(amounts)):
        return model
    more = LEAN * pstdev([model.of(example) for example in examples]) / spread
    start = model.start - more * fmean(amounts)
    return Linear(start, {**model.weights, on: model.weights.get(on, 0.0) + more})


def _rows(examples: Sequence[Example]) -> tuple[list[tuple[list[int], list[float]]], list[str]]:
    """The places and amounts of each example's names, without words that hardly any has; name by place."""
    seen = Counter(chain.from_iterable(examples))
    names = [name for name, count in seen.items() if count >= COMMON or not name.startswith("#")]
    places = {name: at for at, name in enumerate(names)}
    rows = []
    for example in examples:
        known = [name for name in example if name in places]
        rows.append(([places[name] for name in known], [example[name] for name in known]))
    return rows, names
