"""Makes the samples anew, the same every time: `python -m benchmarks.judgement.generate`.

They are in the public
domain (CC0), and prove the bench, not a router: what models do on them is a formula.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway_core.rules.quality import chance

SAMPLES = Path(__file__).parent / "samples"
NAMES = ("Ann", "Bob", "Cem", "Dora", "Eli", "Fay")
THINGS = ("apples", "books", "coins", "pens", "shells", "stamps")
STEPS = (
    "buys {} more",
    "gives {} away",
    "finds twice as many as before",
    "sells half of them",
    "loses {} and finds {} again",
    "gets as many as {} friends with {} each have",
)
FACTS = (
    ("the capital of {}", ("France", "Peru", "Kenya", "Japan", "Norway", "Chad")),
    ("the colour of {}", ("grass", "milk", "soot", "rust", "snow", "ink")),
)
_ALL = 1 << 32


def routing(rows: int) -> Iterator[dict[str, Any]]:
    """Word problems of one to six steps: the cheap model fails more with each, the strong one hardly."""
    numbers = chance(7)
    for _ in range(rows):
        steps = 1 + next(numbers) % 6
        yield {
            "prompt": _problem(numbers, steps),
            "cheap": int(next(numbers) / _ALL < 0.95 - 0.13 * steps),
            "strong": int(next(numbers) / _ALL < 0.98 - 0.02 * steps),
        }


def _problem(numbers: Iterator[int], steps: int) -> str:
    name, thing = NAMES[next(numbers) % 6], THINGS[next(numbers) % 6]
    done = ", then ".join(
        STEPS[next(numbers) % 6].format(2 + next(numbers) % 30, 2 + next(numbers) % 9) for _ in range(steps)
    )
    return f"{name} has {2 + next(numbers) % 40} {thing}. {name} {done}. How many {thing} has {name} now?"


def caching() -> Iterator[dict[str, Any]]:
    """Each question is put once, then asked in other words; beside it others in nearly the same words."""
    for form, subjects in FACTS:
        for at, subject in enumerate(subjects):
            what, other = form.format(subject), form.format(subjects[at - 1])
            answer = f"answer to {what}"
            yield {"put": f"What is {what}?", "answer": answer}
            yield {"get": f"What is {what}?", "same": answer}
            yield {"get": f"Please tell me {what}.", "same": answer}
            yield {"get": f"What is not {what}?", "same": None}
            yield {"get": f"What is {what} and {other}?", "same": None}
    yield {"put": "How much is 12 less 7?", "answer": "5"}
    yield {"get": "How much is 7 less 12?", "same": None}
    yield {"get": "How much is 12 less 8?", "same": None}


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    for name, lines in (("word-problems", routing(600)), ("questions", caching())):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (SAMPLES / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
