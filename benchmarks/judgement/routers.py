"""What can be scored: a router gives each prompt of a table a number, more where a strong model is needed."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Sequence
from importlib import import_module
from statistics import fmean

from benchmarks.judgement.data import Routing
from gateway_core.lessons import answer_outcome, prompt_outcome
from gateway_core.rules.complexity import measure
from gateway_core.rules.escalation import distrust
from gateway_core.rules.learning import Outcome, foreteller
from gateway_core.rules.quality import chance

Router = Callable[[Routing], Sequence[float]]


class NoRouter(Exception):
    """A router that cannot be had or that failed; its text says why."""


def router(name: str, labels: int) -> Router:
    """length, rule, distrust, learned, learned-distrust, or what nobody can know beforehand (`best`, the gain
    itself; `wrong`, how bad the cheap answer was); else `module:function` from a prompt to a number, or a
    command."""
    if name in BUILTIN:
        return BUILTIN[name]
    if name in LEARNED:
        return lambda table: learned(LEARNED[name](table), labels)
    module, _, function = name.partition(":")
    if function and " " not in name and "/" not in name:
        return _imported(module, function)
    return lambda table: _asked(name, table)


def learned(outcomes: Sequence[Outcome], labels: int) -> list[float]:
    """Each outcome scored by a model of `labels` others, drawn anew for each fifth of the table."""
    numbers, size = chance(labels), len(outcomes)
    fold = [next(numbers) % 5 for _ in range(size)]
    found = [0.0] * size
    for each in range(5):
        others = [at for at in range(size) if fold[at] != each]
        others.sort(key=lambda _: next(numbers))
        _predict(outcomes, others[:labels], [at for at in range(size) if fold[at] == each], found)
    return found


def _predict(outcomes: Sequence[Outcome], seen: list[int], unseen: list[int], found: list[float]) -> None:
    model = foreteller([outcomes[at] for at in seen])
    usual = fmean(outcomes[at].gain for at in seen)
    for at in unseen:
        found[at] = model.of(outcomes[at].features) - usual


def _prompts(table: Routing) -> list[Outcome]:
    return [
        prompt_outcome(prompt, cheap, strong)
        for prompt, cheap, strong in zip(table.prompts, table.cheap, table.strong, strict=True)
    ]


def _answers(table: Routing) -> list[Outcome]:
    answers = _cheap_answers(table)
    return [
        answer_outcome(prompt, answer, cheap, strong)
        for prompt, answer, cheap, strong in zip(
            table.prompts, answers, table.cheap, table.strong, strict=True
        )
    ]


def _cheap_answers(table: Routing) -> tuple[str, ...]:
    if table.answers is None:
        raise NoRouter(f'{table.name}: distrust needs the cheap answers; give each line its "answer"')
    return table.answers


def _distrusted(table: Routing) -> list[float]:
    return [
        distrust(prompt, answer).value
        for prompt, answer in zip(table.prompts, _cheap_answers(table), strict=True)
    ]


BUILTIN: dict[str, Router] = {
    "length": lambda table: [len(prompt) for prompt in table.prompts],
    "rule": lambda table: [measure(prompt).value for prompt in table.prompts],
    "distrust": _distrusted,
    "best": lambda table: table.gains,
    "wrong": lambda table: [1 - cheap for cheap in table.cheap],
}
LEARNED: dict[str, Callable[[Routing], Sequence[Outcome]]] = {
    "learned": _prompts,
    "learned-distrust": _answers,
}


def _imported(module: str, function: str) -> Router:
    try:
        score = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise NoRouter(f"{module}:{function} cannot be imported: {error}") from None
    return lambda table: [float(score(prompt)) for prompt in table.prompts]


def _asked(command: str, table: Routing) -> list[float]:
    """A command that reads {"prompt": …, "answer": …} lines and prints a number for each."""
    answers = table.answers or [""] * len(table.prompts)
    lines = "".join(
        json.dumps({"prompt": prompt, "answer": answer}) + "\n"
        for prompt, answer in zip(table.prompts, answers, strict=True)
    )
    try:
        done = subprocess.run(shlex.split(command), input=lines, capture_output=True, text=True, check=True)
        found = [float(line) for line in done.stdout.split()]
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise NoRouter(f"{command!r} failed: {error}") from None
    if len(found) != len(table.prompts):
        raise NoRouter(f"{command!r} printed {len(found)} numbers for {len(table.prompts)} prompts")
    return found
