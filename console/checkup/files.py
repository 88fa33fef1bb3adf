"""What a client's own settings files decide: values that beat the shell's, or stand in where it has none."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

CODEX_URL, CODEX_KEY = "base_url", "env_key"
"""Codex has no variable for its address; by these names its configuration is looked at as if it had."""
_LINE = re.compile(r"^(?:export\s+)?([\w-]+)\s*[:=]\s*(.*?)\s*$")
_AIDER = {
    "openai-api-base": "OPENAI_API_BASE",
    "openai-api-key": "OPENAI_API_KEY",
    "anthropic-api-key": "ANTHROPIC_API_KEY",
}


@dataclass(frozen=True, slots=True)
class Settled:
    """The variables as a client sees them in the end, and of which file those are that no shell has set."""

    variables: Mapping[str, str]
    places: Mapping[str, Path]

    def told(self, variable: str) -> str:
        """The variable in words: its name, and the file where it stands."""
        place = self.places.get(variable)
        return variable if place is None else f"{variable} in {place}"


def settled(name: str, variables: Mapping[str, str], home: Path, folder: Path) -> Settled:
    """What counts for that client. A file that cannot be read counts for nothing; that is told elsewhere."""
    if name not in _READERS:
        return Settled(variables, {})
    read, beats, files = _READERS[name]
    values, places = dict(variables), {}
    for path in dict.fromkeys(place / relative for relative in files for place in (home, folder)):
        try:
            found = read(path.read_text(encoding="utf-8"), variables)
        except (OSError, ValueError, AttributeError, TypeError):
            continue
        for key, value in found.items():
            if beats or not values.get(key):
                values[key], places[key] = value, path
    return Settled(values, places)


def _claude(text: str, variables: Mapping[str, str]) -> dict[str, str]:
    return {key: str(value) for key, value in json.loads(text).get("env", {}).items()}


def _dotenv(text: str, variables: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in _lines(text) if key.isupper()}


def _aider(text: str, variables: Mapping[str, str]) -> dict[str, str]:
    return {_AIDER[key]: value for key, value in _lines(text) if key in _AIDER}


def _codex(text: str, variables: Mapping[str, str]) -> dict[str, str]:
    config = tomllib.loads(text)
    if "model_provider" not in config:
        return {CODEX_URL: config["openai_base_url"]} if "openai_base_url" in config else {}
    provider = config.get("model_providers", {}).get(config["model_provider"], {})
    if "base_url" not in provider:
        return {}
    return {CODEX_URL: provider["base_url"], CODEX_KEY: variables.get(provider.get("env_key", ""), "")}


def _lines(text: str) -> list[tuple[str, str]]:
    """KEY=VALUE and `key: value`, without quotes."""
    found = [_LINE.match(line) for line in text.splitlines()]
    return [(each[1], each[2].strip("'\"")) for each in found if each is not None]


_Reader = Callable[[str, Mapping[str, str]], dict[str, str]]
_READERS: Mapping[str, tuple[_Reader, bool, tuple[str, ...]]] = {
    "claude": (_claude, True, (".claude/settings.json", ".claude/settings.local.json")),
    "gemini": (_dotenv, False, (".gemini/.env",)),
    "aider": (_aider, True, (".aider.conf.yml",)),
    "codex": (_codex, True, (".codex/config.toml",)),
}
"""How a client's files are read, whether they beat the shell, and which they are; of two the later counts."""
