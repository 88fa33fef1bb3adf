"""The engine's face: what the console may import. Names load their module on first use."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway_core.folder.places import config_file, data_folder
    from gateway_core.formats.endings import finish_of
    from gateway_core.formats.neutral.answer import Finish
    from gateway_core.lessons import (
        Subject,
        answer_outcome,
        forget,
        learned_distrust,
        learned_score,
        prompt_outcome,
        recall,
        teach,
    )
    from gateway_core.model.errors import ConfigError, Fault, StartError
    from gateway_core.offline import offline_admin
    from gateway_core.peers.program import program_name
    from gateway_core.peers.surroundings import found_tags
    from gateway_core.rules.complexity import measure
    from gateway_core.rules.escalation import distrust
    from gateway_core.rules.learning import Lesson, NotEnough, Outcome
    from gateway_core.rules.likeness.figures import THRESHOLDS, Said, curve, curve_lines
    from gateway_core.rules.likeness.memory import Found, Memory
    from gateway_core.rules.terms import Terms
    from gateway_core.settings import load_settings

__all__ = [
    "THRESHOLDS",
    "ConfigError",
    "Fault",
    "Finish",
    "Found",
    "Lesson",
    "Memory",
    "NotEnough",
    "Outcome",
    "Said",
    "StartError",
    "Subject",
    "Terms",
    "answer_outcome",
    "config_file",
    "curve",
    "curve_lines",
    "data_folder",
    "distrust",
    "finish_of",
    "forget",
    "found_tags",
    "learned_distrust",
    "learned_score",
    "load_settings",
    "measure",
    "offline_admin",
    "program_name",
    "prompt_outcome",
    "recall",
    "teach",
]

# httpx loads its own command line, and with it click, rich and pygments, unless that cannot be imported:
# half of its start-up time, for something that nobody here calls.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

# A command that only asks a running gateway must not pay for loading the engine.
_HOMES = {
    "THRESHOLDS": "gateway_core.rules.likeness.figures",
    "ConfigError": "gateway_core.model.errors",
    "Fault": "gateway_core.model.errors",
    "Finish": "gateway_core.formats.neutral.answer",
    "Found": "gateway_core.rules.likeness.memory",
    "Lesson": "gateway_core.rules.learning",
    "Memory": "gateway_core.rules.likeness.memory",
    "NotEnough": "gateway_core.rules.learning",
    "Outcome": "gateway_core.rules.learning",
    "Said": "gateway_core.rules.likeness.figures",
    "StartError": "gateway_core.model.errors",
    "Subject": "gateway_core.lessons",
    "Terms": "gateway_core.rules.terms",
    "answer_outcome": "gateway_core.lessons",
    "config_file": "gateway_core.folder.places",
    "curve": "gateway_core.rules.likeness.figures",
    "curve_lines": "gateway_core.rules.likeness.figures",
    "data_folder": "gateway_core.folder.places",
    "distrust": "gateway_core.rules.escalation",
    "finish_of": "gateway_core.formats.endings",
    "forget": "gateway_core.lessons",
    "found_tags": "gateway_core.peers.surroundings",
    "learned_distrust": "gateway_core.lessons",
    "learned_score": "gateway_core.lessons",
    "load_settings": "gateway_core.settings",
    "measure": "gateway_core.rules.complexity",
    "offline_admin": "gateway_core.offline",
    "program_name": "gateway_core.peers.program",
    "prompt_outcome": "gateway_core.lessons",
    "recall": "gateway_core.lessons",
    "teach": "gateway_core.lessons",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
