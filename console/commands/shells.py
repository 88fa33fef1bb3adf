"""How each shell says things: setting a variable so that what it was before can come back."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass

KEPT = "_llmconsole_was_"
"""Before the name of a shell variable, not exported, that keeps what a variable was before we set it."""
NOTHING = "(was not set)"
OURS = r"127\.0\.0\.1|localhost|^lc-"
"""What only we can have set, where nothing was kept: by another shell, or by a file."""


@dataclass(frozen=True, slots=True)
class Shell:
    """One shell. `point` and `drop` keep what was there the first time, `restore` brings it back."""

    point: Callable[[str, str], str]
    drop: Callable[[str], str]
    restore: Callable[[str], str]
    alias: Callable[[str, str], str]
    unalias: Callable[[str], str]
    quote: Callable[[str], str]


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _powershell_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sh_keep(name: str) -> str:
    return f': "${{{KEPT}{name}={chr(36)}{{{name}-{NOTHING}}}}}"'


def _sh_restore(name: str) -> str:
    kept = f"{KEPT}{name}"
    return (
        f'case "${{{kept}-{KEPT}}}" in "{NOTHING}") unset {name};; '
        f'"{KEPT}") case "${{{name}-}}" in *127.0.0.1*|*localhost*|lc-*) unset {name};; esac;; '
        f'*) export {name}="${kept}";; esac; unset {kept}'
    )


def _fish_keep(name: str) -> str:
    kept = f"{KEPT}{name}"
    return f"set -q {kept}; or set -q {name}; and set -q {kept}; or set -g {kept} ${name}"


def _fish_restore(name: str) -> str:
    kept = f"{KEPT}{name}"
    return (
        f'if set -q {kept}; test -n "${kept}"; and set -gx {name} ${kept}; or set -e {name}; set -e {kept}; '
        f"else if string match -qr '{OURS}' -- \"${name}\"; set -e {name}; end"
    )


def _powershell_keep(name: str) -> str:
    kept = f"{KEPT}{name}"
    return f"if (-not (Test-Path Variable:{kept})) {{ $global:{kept} = $env:{name} }}"


def _powershell_restore(name: str) -> str:
    kept, gone = f"{KEPT}{name}", f"Remove-Item Env:{name} -ErrorAction SilentlyContinue"
    return (
        f"if (Test-Path Variable:{kept}) {{ if ($global:{kept}) {{ $env:{name} = $global:{kept} }} "
        f"else {{ {gone} }}; Remove-Variable -Scope Global {kept} }} "
        f"elseif ($env:{name} -match '{OURS}') {{ {gone} }}"
    )


SHELLS = {
    "sh": Shell(
        point=lambda name, value: f"{_sh_keep(name)}; export {name}={shlex.quote(value)}",
        drop=lambda name: f"{_sh_keep(name)}; unset {name}",
        restore=_sh_restore,
        alias=lambda name, command: f"alias {name}={shlex.quote(command)}",
        unalias=lambda name: f"unalias {name} 2>/dev/null",
        quote=shlex.quote,
    ),
    "fish": Shell(
        point=lambda name, value: f"{_fish_keep(name)}; set -gx {name} {_fish_quoted(value)}",
        drop=lambda name: f"{_fish_keep(name)}; set -e {name}",
        restore=_fish_restore,
        alias=lambda name, command: f"alias {name} {_fish_quoted(command)}",
        unalias=lambda name: f"functions -e {name}",
        quote=shlex.quote,
    ),
    "powershell": Shell(
        point=lambda name, value: f"{_powershell_keep(name)}; $env:{name} = {_powershell_quoted(value)}",
        drop=lambda name: f"{_powershell_keep(name)}; Remove-Item Env:{name} -ErrorAction SilentlyContinue",
        restore=_powershell_restore,
        alias=lambda name, command: f"function global:{name} {{ {command} @args }}",
        unalias=lambda name: f"Remove-Item Function:{name} -ErrorAction SilentlyContinue",
        quote=_powershell_quoted,
    ),
}
