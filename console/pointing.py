"""How each client is pointed at the gateway: the variables it reads, and what it needs besides."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

COMMAND = "llmconsole"
HIDDEN = "••••"
TOKEN_VARIABLE = "LLMCONSOLE_TOKEN"


@dataclass(frozen=True, slots=True)
class Target:
    """Where clients are pointed: the gateway's root, its client token, and tags that ride in the path."""

    url: str
    token: str = field(repr=False)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The base URL as Anthropic's and Google's clients take it."""
        if not self.tags:
            return self.url
        words = ",".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in self.tags.items())
        return f"{self.url}/@{words}"

    @property
    def v1(self) -> str:
        """The base URL as OpenAI's clients take it."""
        return f"{self.root}/v1"


@dataclass(frozen=True, slots=True)
class Setup:
    """What one client needs. `without` are variables that would lead it elsewhere; `arguments` go right
    behind the program's name; `note` is for what no variable can do."""

    variables: Mapping[str, str]
    without: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    note: str = ""


def setups(target: Target) -> dict[str, Setup]:
    """Every known client by the name of its program or package."""
    root, v1, token = target.root, target.v1, target.token
    openai = {"OPENAI_BASE_URL": v1, "OPENAI_API_KEY": token}
    anthropic = {"ANTHROPIC_BASE_URL": root, "ANTHROPIC_API_KEY": token}
    return {
        "claude": Setup(
            {"ANTHROPIC_BASE_URL": root, "ANTHROPIC_AUTH_TOKEN": token}, without=("ANTHROPIC_API_KEY",)
        ),
        "codex": Setup({TOKEN_VARIABLE: token}, arguments=_codex(v1)),
        "gemini": Setup(
            {"GOOGLE_GEMINI_BASE_URL": root, "GEMINI_API_KEY": token},
            without=("GOOGLE_API_KEY",),
            note='without a screen it also needs "security": {"auth": {"selectedType": "gemini-api-key"}} '
            "in ~/.gemini/settings.json",
        ),
        "openai": Setup(openai),
        "anthropic": Setup(anthropic, without=("ANTHROPIC_AUTH_TOKEN",)),
        "google-genai": Setup({"GOOGLE_GEMINI_BASE_URL": root, "GOOGLE_API_KEY": token}),
        "opencode": Setup({"OPENCODE_CONFIG_CONTENT": _opencode(root, token)}),
        "aider": Setup(
            {
                "OPENAI_API_BASE": v1,
                "OPENAI_API_KEY": token,
                "ANTHROPIC_API_BASE": root,
                "ANTHROPIC_API_KEY": token,
            },
            note="name OpenAI's models as openai/NAME",
        ),
        "llm": Setup(openai),
        "langchain": Setup({**openai, **anthropic, "GOOGLE_GEMINI_BASE_URL": root, "GOOGLE_API_KEY": token}),
    }


def sh_lines(setup: Setup, client: str) -> list[str]:
    """What a POSIX shell, or an .envrc, is told so that this client calls the gateway."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in setup.variables.items()]
    lines += [f"unset {name}" for name in setup.without]
    if setup.arguments:
        lines.append(f"# start it as: {shlex.join((client, *setup.arguments))}")
    if setup.note:
        lines.append(f"# {setup.note}")
    return lines


def own_command(program: str, home: Path) -> str:
    """The words that call this very program from a shell in any folder, as clients run in their projects':
    'llmconsole' where it is on the path, '~/llmconsole/.venv/bin/llmconsole' in a checkout.
    program: what this process was started as, sys.argv[0]."""
    path = Path(program).absolute()
    if path.name != COMMAND or not path.exists():
        return COMMAND
    found = shutil.which(COMMAND)
    if found is not None and Path(found).resolve() == path.resolve():
        return COMMAND
    if path.is_relative_to(home):
        return f"~/{shlex.quote(str(path.relative_to(home)))}"
    return shlex.quote(str(path))


def hidden(token: str) -> str:
    """A token as a screen shows it: how it begins, and its last four letters."""
    begin, dash, _ = token.partition("-")
    return f"{begin + dash if dash else ''}{HIDDEN}{token[-4:]}"


def every_variable(target: Target) -> Setup:
    """One environment for a program of which nothing is known."""
    merged: dict[str, str] = {}
    for setup in setups(target).values():
        merged |= setup.variables
    # Both would be sent at once, and some clients stop to ask which one is meant.
    del merged["ANTHROPIC_AUTH_TOKEN"]
    return Setup(merged, without=("ANTHROPIC_AUTH_TOKEN",))


def _codex(v1: str) -> tuple[str, ...]:
    """Codex reads no base URL from the environment; it takes pieces of its config.toml as options."""
    settings = {
        "model_provider": "llmconsole",
        "model_providers.llmconsole.name": "llmconsole",
        "model_providers.llmconsole.base_url": v1,
        "model_providers.llmconsole.wire_api": "responses",
        "model_providers.llmconsole.env_key": TOKEN_VARIABLE,
    }
    return tuple(word for key, value in settings.items() for word in ("-c", f'{key}="{value}"'))


def _opencode(root: str, token: str) -> str:
    """Opencode's providers with our address; its packages want the version in the base URL."""
    versions = {"openai": "v1", "anthropic": "v1", "google": "v1beta"}
    providers = {
        name: {"options": {"baseURL": f"{root}/{version}", "apiKey": token}}
        for name, version in versions.items()
    }
    return json.dumps({"provider": providers}, separators=(",", ":"))
