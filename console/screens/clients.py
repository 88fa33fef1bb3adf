"""The clients that a person may point at the gateway, and what each is started or set up by."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from console.pointing import Setup, Target, every_variable, setups


@dataclass(frozen=True, slots=True)
class Client:
    """title: as people call it; setup: its name among the setups, '' for a program of which nothing is known;
    started: it is a program that `llmconsole run` starts."""

    title: str
    setup: str
    started: bool = False

    def line(self, command: str, tags: Mapping[str, str]) -> str:
        """The line for a shell that does it all, without a secret in it. command: the words that call us."""
        told = "".join(f" --tag {shlex.quote(f'{key}={value}')}" for key, value in tags.items())
        if self.started:
            return f"{command} run{told} -- {self.setup}"
        return f'eval "$({command} env{f" {self.setup}" if self.setup else ""}{told})"'

    def variables(self, target: Target) -> Setup:
        return setups(target)[self.setup] if self.setup else every_variable(target)


CLIENTS = (
    Client("Claude Code", "claude", started=True),
    Client("Codex", "codex", started=True),
    Client("Gemini CLI", "gemini", started=True),
    Client("OpenCode", "opencode", started=True),
    Client("Aider", "aider", started=True),
    Client("OpenAI SDK, curl", "openai"),
    Client("Anthropic SDK", "anthropic"),
    Client("Google SDK", "google-genai"),
    Client("LangChain", "langchain"),
    Client("llm", "llm"),
    Client("something else", ""),
)
