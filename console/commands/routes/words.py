"""The options by which a route is written on the command line, and the body that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from console.commands.frame import SHARE, pairs
from console.trouble import WRONG_USE, Trouble

F = TypeVar("F", bound=Callable[..., Any])
PICKS = ("order", "weighted", "price", "latency", "least_busy")
_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("--when",), {"multiple": True, "metavar": "K=V", "help": "A condition; several must all hold."}),
    (("--every-call",), {"is_flag": True, "help": "No condition."}),
    (("--use",), {"metavar": "MODEL,…", "help": "Models, tried in order."}),
    (("--pick",), {"type": click.Choice(PICKS), "help": "In which order they are tried."}),
    (("--weights",), {"metavar": "N,…", "help": "With --pick weighted: the share of each model."}),
    (
        ("--escalate",),
        {
            "type": SHARE,
            "metavar": "X",
            "help": "Distrust from which the next one is asked.",
        },
    ),
    (("--shadow/--no-shadow",), {"default": None, "help": "Only watch, and note what it would choose."}),
    (("--pin/--no-pin",), {"default": None, "help": "Whether conversations stay where they began."}),
    (("--before",), {"metavar": "NAME", "help": "Its place: before that route."}),
)


def route_options(command: F) -> F:
    """Adds the options of a route."""
    for names, settings in reversed(_OPTIONS):
        command = click.option(*names, **settings)(command)
    return command


def route_body(words: dict[str, Any]) -> dict[str, Any]:
    """The body that the options say, without what nobody said. Raises Trouble."""
    body = {
        key: words[key] for key in ("pick", "escalate", "shadow", "pin", "before") if words[key] is not None
    }
    if words["when"] and words["every_call"]:
        raise Trouble("--every-call and --when say two things; give one of them", WRONG_USE)
    if words["when"] or words["every_call"]:
        body["when"] = dict(pairs(words["when"], "--when"))
    if words["use"] is not None:
        body["use"] = [each.strip() for each in words["use"].split(",") if each.strip()]
    if words["weights"] is not None:
        body["weights"] = _weights(words["weights"])
    return body


def _weights(text: str) -> list[int]:
    try:
        return [int(each) for each in text.split(",")]
    except ValueError:
        raise Trouble(f"--weights {text!r} are no whole numbers; write --weights 3,1", WRONG_USE) from None
