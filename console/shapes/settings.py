"""What the gateway runs with, as the admin plane answers it."""

from __future__ import annotations

from console.shapes.frame import shape
from console.shapes.messages import Capture


@shape
class Settings:
    """The settings in force; `config` is the file that they were read from, which need not exist."""

    config: str
    config_exists: bool
    data: str
    host: str
    port: int
    durability: str
    timezone: str
    retries: int
    require_token: bool
    max_body_mb: int
    peer_tags: bool
    modes: tuple[str, ...]
    exact_cache: bool
    exact_cache_when: dict[str, str]
    exact_cache_ttl_seconds: int
    keep_days: int | None = None
    """None: rows are kept for ever."""
    capture: tuple[Capture, ...] = ()
    """Whose messages are kept; none: nobody's."""
    channels: tuple[str, ...]
    guard: bool
    bell: bool
    log_level: str
    version: str
    prices_dated: str
    watchers: int
