"""The keys of the story that the screens are drawn from: some stored, one found, some missing."""

from __future__ import annotations

from console import shapes


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
