"""The engine's face: what the console may import. Names load their module on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway_core.folders import config_file, data_folder

__all__ = ["config_file", "data_folder"]

# A command that only asks a running gateway must not pay for loading the engine.
_HOMES = {
    "config_file": "gateway_core.folders",
    "data_folder": "gateway_core.folders",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
