"""How each client finds its gateway and what its requests look like, as it was seen to send them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.checkup.files import CODEX_KEY, CODEX_URL

Json = dict[str, Any]
_ADDRESS = re.compile(r"https?://[^\s\"'\\,}\]]+")


@dataclass(frozen=True, slots=True)
class Format:
    """A wire format as a client of it speaks. `versioned`: its base URL ends in the version."""

    versioned: str
    path: Callable[[str], str]
    auth: Callable[[str], Mapping[str, str]]
    body: Callable[[str], Json]


def _bearer(token: str) -> Mapping[str, str]:
    return {"authorization": f"Bearer {token}"}


CHAT = Format(
    "/v1",
    lambda model: "/chat/completions",
    _bearer,
    lambda model: {"model": model, "messages": _said(), "max_completion_tokens": 1},
)
RESPONSES = Format(
    "/v1",
    lambda model: "/responses",
    _bearer,
    lambda model: {"model": model, "input": _said(), "max_output_tokens": 16, "store": False},
)
MESSAGES = Format(
    "",
    lambda model: "/v1/messages",
    _bearer,
    lambda model: {"model": model, "messages": _said(), "max_tokens": 1},
)
GEMINI = Format(
    "",
    lambda model: f"/v1beta/models/{model}:generateContent",
    lambda token: {"x-goog-api-key": token},
    lambda model: {
        "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
        "generationConfig": {"maxOutputTokens": 1},
    },
)


def _said() -> list[Json]:
    return [{"role": "user", "content": "Hi"}]


@dataclass(frozen=True, slots=True)
class Way:
    """One client. Of several variables the first that is set counts."""

    title: str
    format: Format
    urls: tuple[str, ...] = ()
    """Variables that hold its base URL; none: it reads that from a file only."""
    keys: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Files below the home or the working folder that may point it elsewhere."""
    headers: Mapping[str, str] | None = None
    """By which it is known."""
    against: Mapping[str, str] | None = None
    """Variables that must not be set beside, and why."""
    versions: tuple[str, ...] = ()
    """Further endings that an address in its files may have."""
    note: str = ""
    """What no request can show."""
    env: str = ""
    """What `llmconsole env` calls it, where that is another name."""
    library: bool = False
    """It runs inside a program of the user's, and is none itself."""


_CURSOR = "its requests come from Cursor's own servers, which cannot reach a gateway on this machine"
_ANTHROPIC_HEADERS = {"anthropic-version": "2023-06-01"}

WAYS: Mapping[str, Way] = {
    "claude": Way(
        "Claude Code",
        MESSAGES,
        ("ANTHROPIC_BASE_URL",),
        ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"),
        (".claude/settings.json", ".claude/settings.local.json"),
        {**_ANTHROPIC_HEADERS, "user-agent": "claude-cli/2 (external, doctor)", "x-app": "cli"},
        {"ANTHROPIC_API_KEY": "Claude Code asks which of the two keys is meant: unset it"},
    ),
    "codex": Way(
        "Codex",
        RESPONSES,
        (CODEX_URL,),
        (CODEX_KEY,),
        (".codex/config.toml",),
        {"user-agent": "codex_exec/0 (doctor)", "originator": "codex_exec"},
        note="Codex reads no base URL from a variable: `llmconsole env codex` gives it options instead",
    ),
    "gemini": Way(
        "Gemini CLI",
        GEMINI,
        ("GOOGLE_GEMINI_BASE_URL",),
        ("GEMINI_API_KEY",),
        (".gemini/settings.json", ".gemini/.env"),
        {"user-agent": "GeminiCLI/0 (doctor)"},
        {"GOOGLE_API_KEY": "Gemini CLI prefers it to GEMINI_API_KEY: unset it"},
    ),
    "opencode": Way(
        "opencode",
        CHAT,
        (),
        (),
        (".config/opencode/opencode.json", "opencode.json"),
        {"user-agent": "opencode/0 (doctor)"},
        versions=("/v1beta",),
        note="opencode takes its providers from OPENCODE_CONFIG_CONTENT or opencode.json",
    ),
    "aider": Way(
        "aider",
        CHAT,
        ("OPENAI_API_BASE", "OPENAI_BASE_URL"),
        ("OPENAI_API_KEY",),
        (".aider.conf.yml",),
        {"user-agent": "aider/0 (doctor)"},
    ),
    "llm": Way(
        "llm",
        CHAT,
        ("OPENAI_BASE_URL",),
        ("OPENAI_API_KEY",),
        (".config/io.datasette.llm/extra-openai-models.yaml",),
        {"user-agent": "llm/0 (doctor)"},
    ),
    "openai": Way("OpenAI's SDK", CHAT, ("OPENAI_BASE_URL",), ("OPENAI_API_KEY",), library=True),
    "anthropic": Way(
        "Anthropic's SDK",
        MESSAGES,
        ("ANTHROPIC_BASE_URL",),
        ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
        headers=_ANTHROPIC_HEADERS,
        library=True,
    ),
    "google-genai": Way(
        "Google's SDK",
        GEMINI,
        ("GOOGLE_GEMINI_BASE_URL",),
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        library=True,
    ),
    "vercel": Way(
        "Vercel's AI SDK", CHAT, ("OPENAI_BASE_URL",), ("OPENAI_API_KEY",), env="openai", library=True
    ),
    "langchain": Way(
        "LangChain", CHAT, ("OPENAI_BASE_URL", "OPENAI_API_BASE"), ("OPENAI_API_KEY",), library=True
    ),
    "pydantic-ai": Way(
        "Pydantic AI", CHAT, ("OPENAI_BASE_URL",), ("OPENAI_API_KEY",), env="langchain", library=True
    ),
    "continue": Way("Continue", CHAT, files=(".continue/config.yaml",)),
    "zed": Way("Zed", CHAT, files=(".config/zed/settings.json",)),
    "cursor": Way("Cursor", CHAT, note=_CURSOR),
    "curl": Way("curl", CHAT, headers={"user-agent": "curl/8 (doctor)"}),
}


def addresses(path: Path) -> list[str] | None:
    """The addresses that a settings file names, where they may be a base URL; None where it is not there.

    Raises ValueError where a file that should be TOML or JSON is none.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if path.suffix == ".toml":
        return _below(tomllib.loads(text))
    if path.suffix == ".json" and path.parent.name != "zed":
        return _below(json.loads(text or "{}"))
    # YAML, .env, and JSON with comments.
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("#", "//"))]
    return _ADDRESS.findall("\n".join(lines))


def _below(value: object, key: str = "") -> list[str]:
    """Addresses in values whose keys speak of one."""
    if isinstance(value, dict):
        return [found for name, each in value.items() for found in _below(each, str(name))]
    if isinstance(value, list):
        return [found for each in value for found in _below(each, key)]
    named = any(word in key.lower() for word in ("url", "base", "endpoint"))
    return _ADDRESS.findall(value) if isinstance(value, str) and named else []
