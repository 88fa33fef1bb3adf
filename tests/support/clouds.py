"""Providers inside clouds, all of them the simulated one: sections of a configuration, and keys."""

from __future__ import annotations

from pathlib import Path

from gateway_core.simulated.sigv4 import ACCESS, SECRET, SESSION, SESSION_ACCESS
from tests.support.simulated import SimulatedProvider

PAIR = f"{ACCESS}:{SECRET}"
SESSION_PAIR = f"{SESSION_ACCESS}:{SECRET}:{SESSION}"
BEARER = "bedrock-api-key-of-the-tests-5b8c"
CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
"""A model of Bedrock's, by an inference profile."""


def kept(folder: Path, name: str, text: str) -> Path:
    """A key file as a user has it: readable for nobody else."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def bedrock(simulated: SimulatedProvider, folder: Path, key: str = PAIR) -> str:
    """[providers.bedrock] with a key of its own."""
    file = kept(folder, "aws.key", key)
    return f"""
[providers.bedrock]
region = "eu-central-1"
base_url = "{simulated.url}"
api_key = "file:{file}"
"""


def vertex(simulated: SimulatedProvider, folder: Path, *, life: int = 3600, location: str = "global") -> str:
    """[providers.vertex] with the key file of a service account; life: seconds of its tokens."""
    account = simulated.http.get("/_account", params={"life": life}).text
    file = kept(folder, "account.json", account)
    return f"""
[providers.vertex]
project = "sim-project"
location = "{location}"
base_url = "{simulated.url}"
api_key = "file:{file}"
"""
