"""The user's own keys: a preset and changes to it, from keys.toml in the config folder."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key, key_to_character

from console.keymap import KEYS, spelled
from console.keymap.together import together

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
_NAMES = frozenset(key.value for key in Keys if "<" not in key.value and "ctrl-" not in key.value)
"""Keys that are no signs, and what goes with them."""
_SIGNS = frozenset(KEY_NAME_REPLACEMENTS.values())


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
    if not isinstance(preset, str) or preset not in PRESETS:
        return OwnKeys({}, (f"{file.name}: preset {preset!r} is none of {', '.join(PRESETS)}",))
    problems = [f"{file.name}: there is no {key!r}" for key in table if key not in ("preset", "keys")]
    wanted = table.get("keys", {})
    if not isinstance(wanted, dict):
        return OwnKeys(PRESETS[preset], (*problems, f"{file.name}: keys must be a table, [keys]"))
    good: dict[str, str] = {}
    for id, keys in wanted.items():
        try:
            good[id] = _read(id, keys)
        except ValueError as error:
            problems.append(f"{file.name}: {error}")
    keys = {**PRESETS[preset], **good}
    return OwnKeys(keys, (*problems, *clashes(keys)))


def _read(id: str, keys: object) -> str:
    """The keys as Textual calls them. Raises ValueError with a sentence."""
    known = {key.id for key in KEYS}
    if id not in known:
        raise ValueError(f"no key is called {id!r}{_nearest(id, known)}")
    if not isinstance(keys, str) or not keys:
        raise ValueError(f"{id} must be keys as text, 'f' or 'ctrl+d,pagedown'")
    return ",".join(_named(id, one) for one in (keys.split(",") if len(keys) > 1 else keys))


def _named(id: str, word: str) -> str:
    """'?' → 'question_mark', ' f2' → 'f2'. Raises ValueError for what no terminal sends."""
    word = word.strip() or word
    if len(word) == 1:
        return _character_to_key(word)
    modifiers, _, last = word.rpartition("+")
    sign = key_to_character(last)
    typed = last in _SIGNS or (sign is not None and sign.isascii())
    if word in _NAMES or (typed and set(filter(None, modifiers.split("+"))) <= {"ctrl", "alt"}):
        return word
    raise ValueError(f"{id}: no terminal sends {word!r}{_nearest(word.lower(), _NAMES)}")


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
    told = set()
    for beside in together():
        taken: dict[str, str] = {}
        for key in beside:
            for one in own.get(key.id, key.key).split(","):
                other = taken.setdefault(one, key.id)
                if other != key.id and (key.id in own or other in own):
                    told.add(f"keys.toml: {spelled(one)} is both {other} and {key.id}")
    return sorted(told)


def _nearest(id: str, known: Collection[str]) -> str:
    near = get_close_matches(id, known, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
