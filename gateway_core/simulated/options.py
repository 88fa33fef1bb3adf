"""What a simulated provider is started with."""

from __future__ import annotations

from dataclasses import dataclass

EPOCH = 1_790_000_000
"""2026-09-21T14:13:20Z: the `created` of every answer, so that the same request gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the provider behaves. Knobs of a single request (see `knobs`) are stronger."""

    speed: float = 1.0
    """Divides every waiting time that comes from a model's tempo."""
    fail_rate: float = 0.0
    """Share of calls, 0 to 1, that end in 429, 500 or an overload."""
    seed: int = 0
    """Same seed and same requests: same answers, and the same calls fail."""
    created: int = EPOCH
    plain: bool = False
    """One canned answer a format without reading the request: the load of benchmarks."""
    chunk_gap: float = 0.0
    """Seconds between two chunks of a stream in the plain mode."""
    chunks: int = 100
    """Content chunks of a stream in the plain mode."""
    cache_life: float = 300.0
    """Seconds for which a prompt stays in the cache; what is marked to stay an hour does twelve times so."""
    models: tuple[str, ...] = ()
    """Further model names that exist, as shell patterns: 'qwen3:*'."""
