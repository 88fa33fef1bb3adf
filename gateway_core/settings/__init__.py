"""Settings: config.toml, the environment and the command line, read once at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gateway_core.folder.places import config_file, data_folder
from gateway_core.model.alerts import AlertSettings
from gateway_core.model.errors import ConfigError
from gateway_core.model.policy import Policy
from gateway_core.providers.catalog import Provider, builtin_providers, configured_providers
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.watch import GuardRules
from gateway_core.settings.policy import read_policy
from gateway_core.settings.table import Table
from gateway_core.settings.watch import read_alerts, read_guard

DEFAULT_PORT = 4141
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEFAULT_MODES = ("vibing", "building")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the gateway is started with. Policy here is only the seed of a new data folder."""

    data: Path
    config: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    durability: str = "process"
    timezone: str = "local"
    retries: int = 0
    """Further tries of one target before the next one: 0 to 5."""
    require_token: bool = True
    max_body_mb: int = 32
    peer_tags: bool = True
    """Whether calls from this machine are tagged by their program, its working folder and git branch."""
    modes: tuple[str, ...] = DEFAULT_MODES
    providers: Mapping[str, Provider] = field(default_factory=builtin_providers)
    aliases: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Model names of the user's own: {'fast': 'openai/gpt-5-mini'}; a list makes a group, tried in order."""
    auto: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Models that `auto` means, by class of request: {'simple': ('ollama/qwen3:4b',)}."""
    policy: Policy = Policy()
    alerts: AlertSettings = AlertSettings()
    guard: GuardRules = GuardRules()
    simulated: bool = False
    """The money is not real: every screen and report says so."""
    log_level: str = "info"
    keep_days: int | None = None
    """Days after which the rows of calls are dropped and only their sums stay; None: never."""


def load_settings(
    *,
    data: str | os.PathLike[str] | None = None,
    config: str | os.PathLike[str] | None = None,
    host: str | None = None,
    port: int | None = None,
    simulated: bool | None = None,
) -> Settings:
    """Settings of this machine; what is given beats the file. Raises ConfigError with file, line and mend."""
    path = config_file(config)
    explicit = config is not None or "LLMCONSOLE_CONFIG" in os.environ
    settings = _read(_text(path, explicit), path, data_folder(data))
    if port is None and (text := os.environ.get("LLMCONSOLE_PORT")):
        port = _port_number(text)
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        simulated=settings.simulated if simulated is None else simulated,
    )
    if not 0 <= settings.port <= 65535:
        raise ConfigError(f"port {settings.port} is out of range; use 1 to 65535, or 0 for any free one")
    if settings.host not in LOOPBACK and not settings.require_token:
        raise ConfigError(
            f"host {settings.host!r} is open to other machines and require_token is false; set it to true"
        )
    return settings


def _text(path: Path, explicit: bool) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if explicit:
            raise ConfigError(f"{path}: no such file; name another with --config") from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


def _port_number(text: str) -> int:
    if not text.isdigit():
        raise ConfigError(f"LLMCONSOLE_PORT={text!r} is no port number; use 1 to 65535")
    return int(text)


def _read(text: str, path: Path, data: Path) -> Settings:
    top = Table.parse(text, str(path))
    base = Settings(data=data, config=path)
    _only(top, "database", "sqlite")
    _only(top, "shared_state", "memory")
    settings = replace(
        base,
        host=top.get("host", str, base.host),
        port=top.get("port", int, base.port),
        durability=top.choice("durability", ("process", "power", "strict"), base.durability),
        timezone=top.get("timezone", str, base.timezone),
        retries=_within(top, "retries", base.retries, 0, 5),
        require_token=top.get("require_token", bool, True),
        max_body_mb=_within(top, "max_body_mb", base.max_body_mb, 1, 1024),
        peer_tags=top.get("peer_tags", bool, True),
        modes=_modes(top),
        providers=_providers(top),
        aliases=_aliases(top.table("aliases")),
        auto=_auto(top.table("auto")),
        policy=read_policy(top),
        alerts=read_alerts(top.table("alerts")),
        guard=read_guard(top.table("guard")),
        simulated=top.get("simulated", bool, False),
        keep_days=_keep_days(top),
        log_level=top.choice("log_level", ("debug", "info", "warning", "error"), base.log_level),
    )
    top.done()
    return settings


def _within(top: Table, key: str, default: int, low: int, high: int) -> int:
    value = top.get(key, int, default)
    if not low <= value <= high:
        top.wrong(key, f"{key} = {value}; it may be {low} to {high}")
    return value


def _keep_days(top: Table) -> int | None:
    value = top.get("keep_rows", str, "")
    if not value:
        return None
    days = value.removesuffix("d")
    if days == value or not (days.isascii() and days.isdigit()) or not 1 <= int(days) <= 36_500:
        top.wrong("keep_rows", f"keep_rows = {value!r} is no number of days; write '400d', or leave it out")
    return int(days)


def _only(top: Table, key: str, served: str) -> None:
    """A key with one value in this version. Raises ConfigError for any other."""
    value = top.get(key, str, served)
    if value != served:
        top.wrong(key, f"{key} = {value!r} is not served by this version; use {served!r}")


def _modes(top: Table) -> tuple[str, ...]:
    modes = top.get("modes", list, list(DEFAULT_MODES))
    if not modes or not all(isinstance(mode, str) and mode.strip() for mode in modes):
        top.wrong("modes", "modes must list at least one name, such as ['vibing', 'building']")
    return tuple(modes)


def _aliases(table: Table) -> dict[str, str | tuple[str, ...]]:
    return {
        name: _names(table, name) if isinstance(value, list) else table.get(name, str, "")
        for name, value in table.values.items()
    }


def _auto(table: Table) -> dict[str, tuple[str, ...]]:
    found = {str(each): _names(table, str(each)) for each in Complexity if str(each) in table.values}
    table.done()
    return found


def _names(table: Table, key: str) -> tuple[str, ...]:
    names = table.get(key, list, [])
    if not names or not all(isinstance(name, str) and name for name in names):
        table.wrong(key, f"{key} must list at least one model name")
    return tuple(names)


def _providers(top: Table) -> dict[str, Provider]:
    table = top.table("providers")
    sections: dict[str, Mapping[str, Any]] = {name: each.values for name, each in table.children().items()}
    try:
        return configured_providers(sections)
    except ConfigError as error:
        named = next((key for key in _keys(sections) if repr(key) in error.message), "providers")
        table.wrong(named, error.message)


def _keys(sections: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Keys and section names, the innermost first, to find the line of a mistake."""
    return [key for section in sections.values() for key in section] + list(sections)
