"""The sections [alerts] and [guard] of the configuration, key by key. An address is never repeated."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from gateway_core.model.alerts import AlertSettings
from gateway_core.model.money import nano_from_usd
from gateway_core.rules.watch import Action, BurnRule, CallRule, GuardRules
from gateway_core.settings.table import Table

_HOLDER = re.compile(r"keyring\Z|env:[A-Za-z_][A-Za-z0-9_]*\Z|file:.")
_ADDRESS = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*\Z|[A-Za-z][A-Za-z0-9+.-]*://\S+\Z")
_ACTIONS = tuple(Action)


def read_alerts(table: Table) -> AlertSettings:
    """[alerts]. Raises ConfigError naming file, line and the mend."""
    base = AlertSettings()
    settings = AlertSettings(
        webhook=_webhook(table),
        webhook_secret=_holder(table),
        notify=_addresses(table),
        retry_seconds=_within(table, "retry_seconds", base.retry_seconds, 1, 3600),
        landing=table.get("landing", bool, base.landing),
        bell=table.get("bell", bool, base.bell),
    )
    table.done()
    return settings


def read_guard(table: Table) -> GuardRules:
    """[guard]. Raises ConfigError naming file, line and the mend."""
    base = GuardRules()
    rules = GuardRules(
        on=table.get("on", bool, base.on),
        stop_seconds=60.0 * _within(table, "stop_minutes", round(base.stop_seconds / 60), 1, 1440),
        repeat=_calls(table.table("repeat"), base.repeat, timed=True),
        errors=_calls(table.table("errors"), base.errors, timed=True),
        fan_out=_calls(table.table("fan_out"), base.fan_out, timed=False),
        burn=_burn(table.table("burn"), base.burn),
    )
    table.done()
    return rules


def _calls(table: Table, base: CallRule, *, timed: bool) -> CallRule:
    minutes = _within(table, "minutes", round(base.seconds / 60), 1, 60) if timed else 0
    rule = CallRule(_within(table, "calls", base.calls, 2, 10_000), 60.0 * minutes, _action(table))
    table.done()
    return rule


def _burn(table: Table, base: BurnRule) -> BurnRule:
    text = table.maybe("above_usd", str)
    floor = base.floor_nano
    if text is not None:
        try:
            floor = nano_from_usd(text)
        except ValueError as error:
            table.wrong("above_usd", f"above_usd: {error}")
    rule = BurnRule(_within(table, "times", base.times, 2, 1000), floor, _action(table))
    table.done()
    return rule


def _action(table: Table) -> Action:
    return Action(table.choice("action", _ACTIONS, Action.ALERT))


def _webhook(table: Table) -> str:
    text = _quiet_text(table, "webhook", "an address in quotes")
    if not text:
        return ""
    try:
        url = urlsplit(text)
        usable = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        usable = False
    if not usable or not text.isascii() or not text.isprintable() or " " in text:
        table.wrong("webhook", "webhook must be an http:// or https:// address")
    if "@" in urlsplit(text).netloc:
        table.wrong("webhook", "webhook must not hold a name or password; each post is signed instead")
    return text


def _holder(table: Table) -> str:
    text = _quiet_text(table, "webhook_secret", "'keyring', 'env:NAME' or 'file:PATH'") or "keyring"
    if not _HOLDER.match(text):
        table.wrong(
            "webhook_secret",
            "webhook_secret must be 'keyring', 'env:NAME' or 'file:PATH'; the secret itself does not belong "
            "into a file: llmconsole alerts secret",
        )
    return text


def _addresses(table: Table) -> tuple[str, ...]:
    table.known.add("notify")
    value = table.values.get("notify", [])
    if not isinstance(value, list):
        table.wrong("notify", "notify must be a list of addresses, such as ['env:MY_ADDRESS']")
    for number, each in enumerate(value, 1):
        if not isinstance(each, str) or not _ADDRESS.match(each):
            table.wrong("notify", f"entry {number} of notify is no address of apprise and no env:NAME")
    if len(set(value)) < len(value):
        table.wrong("notify", "notify names one address twice")
    return tuple(value)


def _quiet_text(table: Table, key: str, wanted: str) -> str:
    """A text that may be a secret, so that a mistake does not repeat it."""
    table.known.add(key)
    value = table.values.get(key, "")
    if not isinstance(value, str):
        table.wrong(key, f"{key} must be {wanted}")
    return value.strip()


def _within(table: Table, key: str, default: int, low: int, high: int) -> int:
    value = table.get(key, int, default)
    if not low <= value <= high:
        table.wrong(key, f"{key} = {value}; it may be {low} to {high}")
    return value
