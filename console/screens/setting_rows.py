"""The settings as rows: what each is, its value, and where it is changed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from console.keymap import glyph
from console.present import counted, matched, span
from console.shapes.settings import Settings

HERE = "here"
POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. where: HERE, POLICY, the key of config.toml that sets it, or '' for what nothing sets."""

    id: str
    group: str
    name: str
    value: str
    where: str
    told: str
    """What it means, in one sentence."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is chosen for this console alone."""

    mode: str
    theme: str
    preset: str
    markers: str
    mouse: str
    folder: str
    """Of what a user writes for the console."""


def rows(own: Own, found: Settings | None) -> tuple[Row, ...]:
    """found: what the gateway runs with, None while it has not said so."""
    return (*_console(own), *(() if found is None else _gateway(found)))


def _console(own: Own) -> tuple[Row, ...]:
    return (
        _set(
            "mode",
            "mode",
            own.mode,
            HERE,
            f"What calls count as that name no mode; {glyph('app.mode')} changes it too.",
        ),
        _own("theme", "theme", own.theme, "Colours; a file of your own in the folder below adds more."),
        _own("preset", "keys", own.preset, "The preset in keys.toml; single keys can be set there."),
        _own(
            "markers",
            "markers",
            own.markers,
            "What is drawn with: braille; block without its dots; ascii for fonts with neither.",
        ),
        _own(
            "mouse",
            "mouse",
            own.mouse,
            "On: shift-drag selects text in most terminals. Off: drag does; from the next start on.",
        ),
        Row("folder", "console", "own files", own.folder, "", "For a keys.toml and themes/*.toml of yours."),
    )


def _gateway(found: Settings) -> tuple[Row, ...]:
    days = "for ever" if found.keep_days is None else counted(found.keep_days, "day")
    return (
        _set("version", "version", found.version, "", "Of the gateway that this console is attached to."),
        _set("config", "config file", _config(found), "", "Read once, when the gateway starts."),
        _set("data", "data folder", found.data, "", "Ledger, tokens and logs; --data names another."),
        _set(
            "port",
            "listens on",
            f"{found.host}:{found.port}",
            "port",
            "Clients and consoles come there.",
        ),
        _set("zone", "time zone", found.timezone, "timezone", "Days, weeks and months begin in it."),
        _set(
            "durability",
            "durability",
            found.durability,
            "durability",
            "process: safe from any crash of it; power: from the power cord; strict: waits for the row.",
        ),
        _set("modes", "modes", ", ".join(found.modes), "modes", "The words that a call's mode may be."),
        _set(
            "cache",
            "exact cache",
            _cache(found),
            POLICY,
            "Which calls are answered again for nothing.",
        ),
        _set("rows", "rows kept", days, "keep_rows", "After that only their sums stay."),
        _set("messages", "messages kept", _captured(found), POLICY, "Of prompts and answers; P hides them."),
        _set("retries", "retries", str(found.retries), "retries", "Of one target; then the next one."),
        _set(
            "token",
            "client token",
            _token(found),
            "require_token",
            "What clients must send to be let in.",
        ),
        _set("peers", "callers", _peers(found), "peer_tags", "Programs of this machine, tagged by name."),
        _set(
            "body",
            "longest call",
            f"{found.max_body_mb} MB",
            "max_body_mb",
            "What is longer is a 413.",
        ),
        _set(
            "channels",
            "alerts go to",
            _channels(found),
            "alerts",
            f"{glyph('app.alerts')} lists them and sends a test.",
        ),
        _set(
            "guard",
            "runaway guard",
            _on(found.guard),
            "guard",
            "Looks for loops, fan-out, high burn.",
        ),
        _set("log", "log level", found.log_level, "log_level", "Of gateway.log in the data folder."),
        _set("prices", "prices dated", found.prices_dated, "", "A newer llmconsole has newer ones."),
        _set(
            "watchers",
            "watchers",
            str(found.watchers),
            "",
            "Consoles and programs that follow it.",
        ),
    )


def _own(id: str, name: str, value: str, told: str) -> Row:
    return Row(id, "console", name, value, HERE, told)


def _set(id: str, name: str, value: str, where: str, told: str) -> Row:
    return Row(id, "gateway", name, value, where, told)


def where_words(row: Row, found: Settings | None) -> str:
    """Where a setting is changed, as a sentence."""
    if row.where == HERE:
        return "⏎ changes it"
    if row.where == POLICY:
        return "in the policy: llmconsole policy show > FILE, then llmconsole policy apply FILE"
    if not row.where or found is None:
        return ""
    what = f"[{row.where}]" if row.where in ("alerts", "guard") else row.where
    return f"{what} in {found.config}, then start the gateway again"


def _config(found: Settings) -> str:
    return found.config if found.config_exists else f"{found.config} (there is none; all is as it comes)"


def _cache(found: Settings) -> str:
    if not found.exact_cache:
        return "only for calls that ask for it"
    return f"{matched(found.exact_cache_when)}, for {span(found.exact_cache_ttl_seconds)}"


def _captured(found: Settings) -> str:
    told = [f"of {matched(each.match)} for {counted(each.days, 'day')}" for each in found.capture]
    return ", ".join(told) or "nobody's"


def _token(found: Settings) -> str:
    return "needed" if found.require_token else "not needed on this machine"


def _peers(found: Settings) -> str:
    return "tagged by program, folder and branch" if found.peer_tags else "not looked at"


def _channels(found: Settings) -> str:
    told = [*found.channels, *(("the terminal's bell",) if found.bell else ())]
    return ", ".join(told) or "the console alone"


def _on(on: bool) -> str:
    return "on" if on else "off"
