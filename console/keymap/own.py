"""The user's own keys: a preset and changes to it, from keys.toml in the config folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from console.keymap import KEYS, spelled

PRESETS: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "vim": {
        "list.page_down": "ctrl+d,pagedown",
        "list.page_up": "ctrl+u,pageup",
        "app.undo": "u",
        "app.redo": "ctrl+r",
        "calls.column_left": "h,left",
        "calls.column_right": "l,right",
        "call.newer": "h,left",
        "call.older": "l,right",
        "app.logs": "O",
    },
}
KEYS_FILE = "keys.toml"
BESIDE = ("everywhere", "list", "calls", "dashboard")
"""Places whose keys are valid at the same time."""


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """keys: what Textual's keymap is set to, by the ids of keys. problems: sentences for the person."""

    keys: Mapping[str, str]
    problems: tuple[str, ...] = ()


def own_keys(file: Path) -> OwnKeys:
    """What a file says; without one, the keys as they are. What is wrong in it is told and left out."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return OwnKeys({})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return OwnKeys({}, (f"{file.name}: {error}",))
    preset = table.get("preset", "default")
    if preset not in PRESETS:
        return OwnKeys({}, (f"{file.name}: preset {preset!r} is none of {', '.join(PRESETS)}",))
    known = {key.id for key in KEYS}
    wanted = table.get("keys", {})
    problems = [f"{file.name}: there is no {key!r}" for key in table if key not in ("preset", "keys")]
    good: dict[str, str] = {}
    for id, keys in wanted.items() if isinstance(wanted, dict) else ():
        if id not in known:
            problems.append(f"{file.name}: no key is called {id!r}{_nearest(id, known)}")
        elif not isinstance(keys, str) or not keys:
            problems.append(f"{file.name}: {id} must be keys as text, 'f' or 'ctrl+d,pagedown'")
        else:
            good[id] = keys
    keys = {**PRESETS[preset], **good}
    return OwnKeys(keys, (*problems, *clashes(keys)))


def preset_of(file: Path) -> str:
    """The preset that a file asks for; the default where it says none or cannot be read."""
    try:
        named = tomllib.loads(file.read_text(encoding="utf-8")).get("preset", "default")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return "default"
    return named if named in PRESETS else "default"


def choose_preset(file: Path, preset: str) -> None:
    """Writes the preset into the file; all else in it stays. Raises OSError, and ValueError for a file that
    is no TOML."""
    # Only who changes the preset pays for loading it.
    import tomlkit

    text = file.read_text(encoding="utf-8") if file.exists() else ""
    document = tomlkit.parse(text)
    if "preset" in document:
        document["preset"] = preset
        text = tomlkit.dumps(document)
    else:
        # Before everything else: behind a table it would belong to that.
        text = f'preset = "{preset}"\n{text}'
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def clashes(own: Mapping[str, str]) -> list[str]:
    """Keys that now do two things in one place, in sentences."""
    told = []
    for place in sorted({key.where for key in KEYS}):
        beside = BESIDE if place in BESIDE else (place, "everywhere")
        taken: dict[str, str] = {}
        for key in (key for key in KEYS if key.where in beside):
            for one in own.get(key.id, key.key).split(","):
                other = taken.setdefault(one, key.id)
                if other != key.id and (key.id in own or other in own):
                    told.append(f"keys.toml: {spelled(one)} is both {other} and {key.id}")
    return sorted(set(told))


def _nearest(id: str, known: set[str]) -> str:
    near = get_close_matches(id, known, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
