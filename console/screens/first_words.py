"""What the first page says: providers found, the limit in a sentence, the first call that came. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console import keymap
from console.panels.words import short_model, why_refused
from console.present import clock, counted, instant, tokens, usd_call
from console.screens.key_columns import by_use, source
from console.shapes import Call, Keyring, Keys, KeyState, KeyTest
from console.snapshot import Snapshot
from console.widgets.ink import EMPTY, Line, fit

_TITLE = 23
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def found_order(keys: Keys, asked: Mapping[str, KeyTest]) -> list[KeyState]:
    """Providers that can be called first, then those on this machine, then those without a key; of each kind
    those that most people use first."""

    def place(key: KeyState) -> tuple[int, tuple[int, str]]:
        answers = key.provider in asked and asked[key.provider].ok
        rank = 2 if key.source == "missing" else 0 if key.source != "none" or answers else 1
        return rank, by_use(key)

    return sorted(keys.keys, key=place)


def provider_row(key: KeyState, asked: Mapping[str, KeyTest], width: int) -> Line:
    """A provider, its key's last letters, and where that was found."""
    glyph, ink, words = source(key)
    if key.source == "env" and key.key_env:
        words = f"from {key.key_env[0]} of the environment"
    elif key.source == "missing":
        words = f"no key · {keymap.glyph('first.keys')} adds it"
        words += f", or set {key.key_env[0]}" if key.key_env else ""
    elif key.source == "none":
        glyph, ink, words = _here(key, asked.get(key.provider))
    muted = "faint" if key.source == "missing" or glyph == "○" else "muted"
    # On a narrow screen the words of a provider without a key need the room of one.
    hint = 11 if key.hint or width > 90 else 0
    return [
        (f"{glyph} ", ink),
        (fit(key.title, _TITLE), "text"),
        (fit(key.hint or "", hint), "spend"),
        (fit(words, max(0, width - _TITLE - hint - 2)), muted),
    ]


def _here(key: KeyState, test: KeyTest | None) -> tuple[str, str, str]:
    """A provider that needs no key: whether it answers at its address."""
    at = key.base_url.split("://", 1)[-1].split("/", 1)[0]
    if test is None:
        return "◐", "muted", f"needs no key · asking {at} …"
    if test.ok:
        count = counted(test.models, "model")
        return "●", "live", f"answers at {at} · {count}"
    return "○", "faint", f"needs no key · nothing answers at {at}"


def can_call(keys: Keys, asked: Mapping[str, KeyTest]) -> bool:
    """Some provider can be called now."""
    return any(
        (key.provider in asked and asked[key.provider].ok)
        if key.source == "none"
        else key.source != "missing"
        for key in keys.keys
    )


def unknown_to_auto(keys: Keys | None, asked: Mapping[str, KeyTest]) -> list[str]:
    """Providers that can be called and of which `auto` knows no model: on this machine, or the user's own."""
    own = [key.provider for key in keys.keys if key.own and key.source != "missing"] if keys else []
    return [*(name for name, test in asked.items() if test.ok and name not in own), *own]


def store_lines(keyring: Keyring, callable_: bool) -> list[Line]:
    """What to do next, and where a key that is added will be kept."""
    lines: list[Line] = []
    if callable_:
        lines.append([("✓ ", "bold live"), ("a provider can be called", "text")])
    else:
        lines.append([("! ", "bold warn"), ("no provider can be called yet: ", "text")])
        lines[-1] = [
            *lines[-1],
            (keymap.glyph("first.keys"), "bold key click=screen.add"),
            (" adds the key of the one marked", "muted"),
        ]
    if keyring.usable:
        lines.append([("  keys are kept in the OS keyring, ", "muted"), (keyring.backend, "text")])
    else:
        lines.append([("‼ ", "bold warn"), (f"no usable OS keyring: {keyring.problem}", "warn")])
        if keyring.mend:
            lines.append([("  ", "text"), (keyring.mend, "text")])
    demo: Line = [
        ("  ", "text"),
        (keymap.glyph("first.demo"), "bold key click=screen.demo"),
        (" the demo instead: simulated traffic, no key (", "muted"),
        ("llmconsole demo", "key"),
        (")", "muted"),
    ]
    return [*lines, demo]


def came(snap: Snapshot, since: str) -> Call | None:
    """The call to speak of: the first good one that began after an instant, else the latest of the others."""
    begun = instant(since)
    fresh = []
    for call in snap.calls:
        if instant(call.finished_at or call.started_at) < begun:
            break
        if instant(call.started_at) >= begun:
            fresh.append(call)
    good = [call for call in fresh if call.outcome in ("ok", "cache_hit")]
    return good[-1] if good else fresh[0] if fresh else None


def call_lines(snap: Snapshot, since: str, sending: bool) -> list[Line]:
    """What has come so far: nothing, a call under way, one that failed, or the one that worked."""
    call = came(snap, since)
    turn = SPINNER[int(snap.now.timestamp() * 4) % len(SPINNER)]
    if call is not None and call.outcome in ("ok", "cache_hit"):
        return _worked(call, snap)
    waiting = "the test is under way …  " if sending else "waiting for the first call …  "
    if not sending and any(instant(each.started_at) >= instant(since) for each in snap.in_flight):
        waiting = "a call is under way …  "
    lines: list[Line] = [[(waiting, "muted"), (turn, "live")]]
    if call is not None:
        why = why_refused(call.error or "") or call.outcome or "failed"
        lines.append([("✗ ", "alert"), (_told(call, snap), "text"), (why, "alert")])
    return lines


def _told(call: Call, snap: Snapshot) -> str:
    who = call.tags.get("client") or call.tags.get("app") or call.token
    at = clock(call.finished_at or call.started_at, snap.now.tzinfo)
    return f"{at}  {who} → {call.provider}  {short_model(call.model)}  "


def _worked(call: Call, snap: Snapshot) -> list[Line]:
    used = tokens(call.total_input + call.output_tokens)
    return [
        [
            ("✓ ", "bold live"),
            (_told(call, snap), "text"),
            (f"{used} tok  ", "muted"),
            (usd_call(call.cost_usd), "spend"),
        ],
        [
            ("It works. ", "bold live"),
            ("⏎", "bold key click=screen.next"),
            (" opens the dashboard.", "muted"),
        ],
    ]


def limit_words(name: str | None) -> Sequence[Line]:
    """What the limit will do. name: of the budget that is there already."""
    later = [
        (keymap.glyph("app.budgets"), "bold key"),
        (" all limits, ", "muted"),
        (keymap.glyph("app.undo"), "bold key"),
        (" takes it back", "muted"),
    ]
    there = f"the budget {name} is there already; another sum changes it"
    last = [[(there, "muted")], later] if name else [[("empty: no limit · later: ", "muted"), *later]]
    return (
        [("Everything that goes through here, each month. You are told at 80 %;", "text")],
        [("at the limit further calls are refused, and their clients told why.", "text")],
        EMPTY,
        *last,
    )
