"""Two answers to the same request, held against each other by what a person can repeat.

A gain is what the strong model's answer is better by: 1, 0 (as good as each other) or -1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway_core.model.value import value
from gateway_core.rules.agreement import agree
from gateway_core.rules.answered import NO_JSON, json_in
from gateway_core.rules.opinions.finals import final_of
from gateway_core.rules.schemas import fits


@value
class Said:
    """What one model answered. calls: names and arguments of tools that it called."""

    words: str
    calls: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    """It was ended by its output cap."""


@value
class Asked:
    """What both were asked. json: the answer has to be JSON, and fit `schema` where there is one."""

    prompt: str
    json: bool = False
    schema: Mapping[str, Any] | None = None


@value
class Verdict:
    """gain: None where nothing can be said."""

    gain: float | None
    how: str
    """By what, in a few words."""
    sure: bool = True
    """A judge would add nothing."""


def check(asked: Asked, cheap: Said, strong: Said) -> Verdict:
    """What the checks say; None and unsure where only a reader could tell."""
    if cheap.cut or strong.cut:
        return Verdict(None, "an answer was cut by its cap")
    if cheap.calls or strong.calls:
        return _tools(cheap, strong)
    if not cheap.words.strip() or not strong.words.strip():
        return Verdict(float(bool(strong.words.strip()) - bool(cheap.words.strip())), "an empty answer")
    if asked.json:
        return _json(asked.schema, cheap, strong)
    said = agree(cheap.words, strong.words)
    if said.same and said.by == "exact":
        return Verdict(0.0, "same words")
    return _finals(asked.prompt, cheap, strong) or (
        Verdict(0.0, "mostly the same words", sure=False)
        if said.same
        else Verdict(None, "no check compares them", sure=False)
    )


def _tools(cheap: Said, strong: Said) -> Verdict:
    if _called(cheap) == _called(strong):
        return Verdict(0.0, "same tool calls")
    return Verdict(None, "other tool calls", sure=False)


def _called(said: Said) -> list[tuple[str, Any]]:
    """Names, and arguments by what they mean; those that are no JSON as they are written."""
    meant = [(name, text, json_in(text)) for name, text in said.calls]
    return [(name, text if found is NO_JSON else found) for name, text, found in meant]


def _json(schema: Mapping[str, Any] | None, cheap: Said, strong: Said) -> Verdict:
    found = json_in(cheap.words), json_in(strong.words)
    cheap_fits, strong_fits = (each is not NO_JSON and fits(each, schema) for each in found)
    if not (cheap_fits and strong_fits):
        told = f"{'schema' if schema else 'JSON'}: fits {_who(cheap=cheap_fits, strong=strong_fits)}"
        return Verdict(float(strong_fits) - float(cheap_fits), told)
    if found[0] == found[1]:
        return Verdict(0.0, "same JSON")
    return Verdict(None, "other JSON", sure=False)


def _who(*, cheap: bool, strong: bool) -> str:
    return "neither" if not (cheap or strong) else "the strong only" if strong else "the cheap only"


def _finals(prompt: str, cheap: Said, strong: Said) -> Verdict | None:
    first, other = final_of(prompt, cheap.words), final_of(prompt, strong.words)
    if first is None or other is None:
        return None
    if first == other:
        return Verdict(0.0, f"same final answer {first}")
    return Verdict(1.0, f"final answer {first}, not {other}", sure=False)
