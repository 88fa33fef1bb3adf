"""What the gateway runs with: read from its file at the start, and of its policy what is set once."""

from __future__ import annotations

from urllib.parse import urlsplit

from gateway_core.http.admin.answers.settings import SettingsAnswer
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.messages import capture_rules
from gateway_core.http.admin.subject import subject

router = subject("status")


@router.get("/settings")
async def settings(gateway: Gateway) -> SettingsAnswer:
    """The settings in force."""
    own = gateway.settings
    cache = gateway.policies.current.exact_cache
    return SettingsAnswer(
        config=str(own.config),
        config_exists=own.config.is_file(),
        data=str(own.data),
        host=own.host,
        port=urlsplit(gateway.url).port or own.port,
        durability=own.durability,
        timezone=str(gateway.timezone),
        retries=own.retries,
        require_token=own.require_token,
        max_body_mb=own.max_body_mb,
        peer_tags=own.peer_tags,
        modes=list(own.modes),
        exact_cache=cache.on,
        exact_cache_when=dict(cache.when),
        exact_cache_ttl_seconds=cache.ttl_seconds,
        keep_days=own.keep_days,
        capture=capture_rules(gateway),
        channels=gateway.alerts.channels,
        guard=own.guard.on,
        bell=own.alerts.bell,
        log_level=own.log_level,
        version=gateway.version,
        prices_dated=gateway.prices.dated,
        watchers=gateway.bus.watchers,
    )
