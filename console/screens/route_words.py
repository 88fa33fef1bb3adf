"""What a person writes in the form of a rule, read and judged; and rules in words. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from console.decision_words import then_words
from console.limit_reading import Mistake
from console.present import counted, plain
from console.shapes import Route
from console.widgets.ink import Line

PICKS = ("order", "weighted", "price", "latency", "least_busy")
PICK_WORDS = {
    "order": "in the order written; the next one where one fails",
    "weighted": "by chance, each with its weight",
    "price": "the cheapest first",
    "latency": "the quickest first, as measured of late",
    "least_busy": "the one with the fewest calls under way first",
}
EVERY = "every call"


def read_when(text: str) -> dict[str, str]:
    """'mode=vibing context=<300 budget="web > 80%"' as conditions; nothing is every call."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise Mistake("when", 'a quote is open: write budget="web > 80%"') from None
    when: dict[str, str] = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not (key and sign and value):
            raise Mistake("when", f"{word!r}: write key=value, as mode=vibing or context=>50k")
        when[key] = value
    return when


def read_use(text: str) -> tuple[str, ...]:
    models = tuple(filter(None, re.split(r"[,\s]+", text)))
    if not models:
        raise Mistake("use", "one model at least, as gpt-5-mini; several are tried in order")
    return models


def read_weights(text: str, models: int) -> tuple[int, ...]:
    """Whole numbers, one for each model; nothing where nothing is written."""
    parts = list(filter(None, re.split(r"[,\s]+", text)))
    if not parts:
        return ()
    if len(parts) != models or not all(part.isdecimal() for part in parts) or not any(map(int, parts)):
        raise Mistake("weights", f"{models} whole numbers, one for each model, as 3, 1")
    return tuple(map(int, parts))


def read_escalate(text: str, models: int) -> float | None:
    """From what distrust on (0 to 1) the next model is asked; None where nothing is written."""
    if not text.strip():
        return None
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Mistake("escalate", "a number from 0 to 1, as 0.5, or nothing")
    if models < 2:
        raise Mistake("escalate", "it needs a second model, which is asked then")
    return share


def when_text(when: Mapping[str, str]) -> str:
    """The conditions as they are written in the form."""
    return " ".join(_quoted(f"{key}={value}") for key, value in when.items())


def when_words(route: Route) -> str:
    return plain(when_text(route.when)) or EVERY


def then_brief(route: Route) -> str:
    """The first target, and how many stand behind it: 'gpt-5-nano +1'."""
    first, *others = route.use
    return plain(first) + (f" +{len(others)}" if others else "")


def rule_lines(route: Route, served: int) -> list[Line]:
    """A rule, a line for each thing that it says."""
    lines: list[Line] = [
        [(plain(route.name), "bold text"), ("" if route.enabled else "  switched off", "warn")],
        [("when  ", "muted"), (when_words(route), "text")],
        [("then  ", "muted"), (then_words(route), "routed")],
        [("      ", ""), (PICK_WORDS.get(route.pick, route.pick), "faint")],
    ]
    if route.escalate is not None:
        told = f"the next model is asked where an answer's distrust is {route.escalate:g} or more"
        lines.append([("      ", ""), (told, "text")])
    if route.shadow:
        lines.append([("      ", ""), ("shadow: it only notes what it would have chosen", "held")])
    told = "stay with the model they began with" if route.pin else "are led anew at every call"
    lines += [[("      ", ""), (f"conversations {told}", "faint")], ()]
    led = "was led by it" if served == 1 else "were led by it"
    return [*lines, [("30 days  ", "muted"), (counted(served, "call"), "spend"), (f" {led}", "muted")]]


def _quoted(word: str) -> str:
    key, _, value = word.partition("=")
    return f'{key}="{value}"' if re.search(r"\s", value) else word
