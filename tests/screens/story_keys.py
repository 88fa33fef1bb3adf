"""The keys of the story that the screens are drawn from: some stored, one found, some missing."""

from __future__ import annotations

from datetime import timedelta

from console import shapes
from console.shapes.settings import Settings
from tests.screens.story_clock import NOW, stamp

TOKENS = (
    shapes.Token(
        name="default",
        tags={},
        created_at=stamp(NOW - timedelta(days=24)),
        last_used_at=stamp(NOW - timedelta(seconds=4)),
    ),
    shapes.Token(
        name="laptop of ana",
        tags={"user": "ana", "team": "platform"},
        created_at=stamp(NOW - timedelta(days=9)),
        last_used_at=stamp(NOW - timedelta(minutes=12)),
    ),
    shapes.Token(name="ci", tags={"app": "ci"}, created_at=stamp(NOW - timedelta(hours=3))),
    shapes.Token(
        name="old laptop",
        tags={"user": "bo"},
        created_at=stamp(NOW - timedelta(days=60)),
        revoked_at=stamp(NOW - timedelta(days=2)),
        last_used_at=stamp(NOW - timedelta(days=3)),
    ),
)
SETTINGS = Settings(
    config="~/.config/llmconsole/config.toml",
    config_exists=True,
    data="~/.local/share/llmconsole",
    host="127.0.0.1",
    port=4141,
    durability="process",
    timezone="Europe/Berlin",
    retries=0,
    require_token=True,
    max_body_mb=32,
    peer_tags=True,
    modes=("vibing", "building"),
    exact_cache=True,
    exact_cache_when={"app": "review-bot"},
    exact_cache_ttl_seconds=3_600,
    keep_days=None,
    channels=("webhook", "json:3f2a91bc"),
    guard=True,
    bell=False,
    log_level="info",
    version="0.1.0",
    prices_dated="2026-11-21",
    watchers=1,
)


KEYS_AT = {"openrouter": "https://openrouter.ai/settings/keys", "groq": "https://console.groq.com/keys"}
"""Where a person makes one."""
LAST_OK = {"anthropic": 4, "openai": 130}
"""Seconds since the story's providers answered well."""


def keyring(usable: bool = True) -> shapes.Keyring:
    if usable:
        return shapes.Keyring(backend="Secret Service", usable=True)
    return shapes.Keyring(
        backend="none",
        usable=False,
        problem="no Secret Service answers on this session bus",
        mend="install gnome-keyring, or set the provider's own variable",
    )


def keys(any_key: bool) -> tuple[shapes.KeyState, ...]:
    def key(provider: str, title: str, source: str, hint: str | None, url: str, env: str) -> shapes.KeyState:
        return shapes.KeyState(
            provider=provider,
            title=title,
            source=source if any_key or source == "none" else "missing",
            hint=hint if any_key else None,
            base_url=url,
            needs_key=source != "none",
            key_env=(env,) if env else (),
            key_url=KEYS_AT.get(provider, ""),
            last_ok_at=stamp(NOW - timedelta(seconds=LAST_OK[provider])) if provider in LAST_OK else None,
            last_ok_ms=412.0 if provider in LAST_OK else None,
        )

    return (
        key(
            "anthropic", "Anthropic", "keyring", "••••9f2c", "https://api.anthropic.com", "ANTHROPIC_API_KEY"
        ),
        key("openai", "OpenAI", "keyring", "••••4f2c", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        key(
            "gemini",
            "Google Gemini",
            "env",
            "••••0kQ8",
            "https://generativelanguage.googleapis.com",
            "GEMINI_API_KEY",
        ),
        key(
            "openrouter", "OpenRouter", "missing", None, "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"
        ),
        key("groq", "Groq", "missing", None, "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        key("ollama", "Ollama", "none", None, "http://127.0.0.1:11434/v1", ""),
    )
