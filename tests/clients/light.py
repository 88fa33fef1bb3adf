"""What spares the agents work at their start that says nothing about a gateway: about a third of a run.

`tests/clients/test_pages.py` starts every agent without it, as a person does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_MAKERS = {
    "openai": ("OPENAI_API_KEY", ("gpt-5-mini", "gpt-5-nano")),
    "anthropic": ("ANTHROPIC_API_KEY", ("claude-sonnet-4-5",)),
    "google": ("GEMINI_API_KEY", ("gemini-2.5-flash",)),
}
"""The models that are asked for, and the variable that each maker's key is in."""


def light(folder: Path) -> dict[str, str]:
    """Variables for an agent; what they name is written into the folder.

    Gemini CLI starts itself a second time, to have more memory; opencode reads a list of all models,
    and asks whether there are more of them.
    """
    models = folder / "models.json"
    models.write_text(json.dumps({maker: _maker(maker) for maker in _MAKERS}), encoding="utf-8")
    return {
        "GEMINI_CLI_NO_RELAUNCH": "true",
        "OPENCODE_DISABLE_MODELS_FETCH": "1",
        "OPENCODE_MODELS_PATH": str(models),
    }


def _maker(name: str) -> dict[str, Any]:
    """As https://models.dev/api.json writes a maker."""
    variable, models = _MAKERS[name]
    return {
        "id": name,
        "name": name,
        "env": [variable],
        "npm": f"@ai-sdk/{name}",
        "models": {model: _model(model) for model in models},
    }


def _model(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "attachment": True,
        "reasoning": True,
        "temperature": True,
        "tool_call": True,
        "open_weights": False,
        "release_date": "2025-08-07",
        "last_updated": "2025-08-07",
        "modalities": {"input": ["text", "image"], "output": ["text"]},
        "cost": {"input": 1, "output": 5},
        "limit": {"context": 200_000, "output": 64_000},
    }
