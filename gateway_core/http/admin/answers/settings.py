"""What the gateway runs with."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer
from gateway_core.http.admin.answers.messages import CaptureAnswer


class SettingsAnswer(Answer):
    """The settings in force. No secret and no address that holds one."""

    config: str
    """The file that they were read from; it need not exist."""
    config_exists: bool
    data: str
    host: str
    port: int
    """The one that is listened on, also where the file asks for any free one."""
    durability: str
    timezone: str
    retries: int
    require_token: bool
    max_body_mb: int
    peer_tags: bool
    modes: list[str]
    exact_cache: bool
    """Whether calls that do not say are answered from the exact cache."""
    exact_cache_when: dict[str, str]
    exact_cache_ttl_seconds: int
    keep_days: int | None
    """Days after which rows are dropped and their sums stay; None: never."""
    capture: list[CaptureAnswer]
    """Whose messages are kept; none: nobody's."""
    channels: list[str]
    """Ways of alerts out of this gateway, by names that hold no secret."""
    guard: bool
    bell: bool
    log_level: str
    version: str
    prices_dated: str
    watchers: int
