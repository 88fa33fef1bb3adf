"""How each shell sets a variable or an alias, keeps what was there before, and brings it back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

KEPT = "llmconsole_kept_"
"""Begins the names of the shell's own variables that hold what was there before. They are not exported: a
key that is put aside reaches no program under a name that nobody knows."""

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """What one shell is told, each line whole in itself. What is kept is not kept anew until it is brought
    back, so pointing twice keeps what was there before the first time.

    keep and restore take the gateway's URL beside a name. A shell that was started by a pointed one has our
    values and kept nothing: they are nothing to come back to, and go.
    """

    export: Callable[[str, str], str]
    unset: Callable[[str], str]
    keep: Callable[[str, str], str]
    """Keeps a variable, also that it is not set."""
    restore: Callable[[str, str], str]
    """Brings a variable back; where none is kept, it stays as it is unless it is ours."""
    alias: Callable[[str, str], Lines]
    """A name, and a command in its place; keeps what had that name."""
    unalias: Callable[[str], Lines]
    command: Callable[[str, Lines], str]
    """A program with arguments; the program itself, where an alias has its name."""


def _sh_ours(url: str) -> str:
    quoted = shlex.quote(url)
    return f"lc-*|*'\"lc-'*|{quoted}|{quoted}/*"


def _ours(url: str) -> str:
    """The same as a regular expression: a token, a piece of JSON that holds one, the URL or a path below."""
    return f'^lc-|"lc-|^{re.escape(url)}(/|$)'


def _sh_keep(name: str, url: str) -> str:
    kept = f"{KEPT}{name}"
    keep = f'case "${{{name}-}}" in {_sh_ours(url)}) {kept}= ;; *) {kept}="${{{name}+was:${name}}}" ;; esac'
    return f'[ "${{{kept}+kept}}" ] || {keep}'


def _sh_restore(name: str, url: str) -> str:
    kept = f"{KEPT}{name}"
    back = f'case "${kept}" in was:*) export {name}="${{{kept}#was:}}" ;; *) unset {name} ;; esac'
    gone = f'case "${{{name}-}}" in {_sh_ours(url)}) unset {name} ;; esac'
    return f'if [ "${{{kept}+kept}}" ]; then {back}; unset {kept}; else {gone}; fi'


def _sh_alias(name: str, command: str) -> Lines:
    kept = f"{KEPT}{name}"
    return (
        f'[ "${{{kept}+kept}}" ] || {kept}="$(alias {name} 2>/dev/null || :)"',
        f"alias {name}={shlex.quote(command)}",
    )


def _sh_unalias(name: str) -> Lines:
    kept = f"{KEPT}{name}"
    # Some shells print an alias as a command, others without the word.
    back = f'if [ -n "${kept}" ]; then eval "alias ${{{kept}#alias }}"; fi'
    return (f'if [ "${{{kept}+kept}}" ]; then unalias {name} 2>/dev/null || :; {back}; unset {kept}; fi',)


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _fish_keep(name: str, url: str) -> str:
    kept = f"{KEPT}{name}"
    ours = f"string match -qr {_fish(_ours(url))} -- ${name}"
    keep = f"if set -q {name}; and not {ours}; set -g {kept} was ${name}; else; set -g {kept}; end"
    return f"set -q {kept}; or {keep}"


def _fish_restore(name: str, url: str) -> str:
    kept = f"{KEPT}{name}"
    back = f"if set -q {kept}[1]; set -gx {name} ${kept}[2..-1]; end"
    gone = f"if string match -qr {_fish(_ours(url))} -- ${name}; set -e {name}; end"
    return f"if set -q {kept}; set -e {name}; {back}; set -e {kept}; else; {gone}; end"


def _fish_alias(name: str, command: str) -> Lines:
    kept = f"{KEPT}{name}"
    keep = f"set -g {kept}; functions -q {name}; and functions -c {name} {kept}"
    # No `alias`: what it adds to completions stays behind.
    return (f"set -q {kept}; or begin; {keep}; end", f"function {name}; {command} $argv; end")


def _fish_unalias(name: str) -> Lines:
    kept = f"{KEPT}{name}"
    back = f"if functions -q {kept}; functions -c {kept} {name}; functions -e {kept}; end"
    return (f"if set -q {kept}; functions -e {name}; {back}; set -e {kept}; end",)


def _powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _powershell_keep(name: str, url: str) -> str:
    kept = f"{KEPT}{name}"
    value = f"if ($env:{name} -match {_powershell(_ours(url))}) {{ $null }} else {{ $env:{name} }}"
    return f"if (-not (Test-Path Variable:global:{kept})) {{ $global:{kept} = {value} }}"


def _powershell_restore(name: str, url: str) -> str:
    kept = f"{KEPT}{name}"
    # A variable of the environment that is set to nothing is gone.
    back = f"$env:{name} = $global:{kept}; Remove-Variable {kept} -Scope Global"
    gone = f"$env:{name} = $null"
    ours = f"$env:{name} -match {_powershell(_ours(url))}"
    return f"if (Test-Path Variable:global:{kept}) {{ {back} }} elseif ({ours}) {{ {gone} }}"


def _powershell_alias(name: str, command: str) -> Lines:
    kept = f"{KEPT}{name}"
    keep = f"$global:{kept} = Get-Content Function:{name} -ErrorAction SilentlyContinue"
    return (
        f"if (-not (Test-Path Variable:global:{kept})) {{ {keep} }}",
        f"function global:{name} {{ {command} @args }}",
    )


def _powershell_unalias(name: str) -> Lines:
    kept = f"{KEPT}{name}"
    gone = f"Remove-Item Function:{name} -ErrorAction SilentlyContinue"
    back = f"if ($global:{kept}) {{ Set-Item Function:global:{name} $global:{kept} }}"
    return (
        f"if (Test-Path Variable:global:{kept}) {{ {gone}; {back}; Remove-Variable {kept} -Scope Global }}",
    )


def _posix_command(name: str, arguments: Lines) -> str:
    return " ".join(["command", name, *map(shlex.quote, arguments)])


def _powershell_command(name: str, arguments: Lines) -> str:
    return " ".join([f"& (Get-Command -CommandType Application {name})[0]", *map(_powershell, arguments)])


SHELLS = {
    "sh": Shell(
        lambda name, value: f"export {name}={shlex.quote(value)}",
        lambda name: f"unset {name}",
        _sh_keep,
        _sh_restore,
        _sh_alias,
        _sh_unalias,
        _posix_command,
    ),
    "fish": Shell(
        lambda name, value: f"set -gx {name} {_fish(value)}",
        lambda name: f"set -e {name}",
        _fish_keep,
        _fish_restore,
        _fish_alias,
        _fish_unalias,
        _posix_command,
    ),
    "powershell": Shell(
        lambda name, value: f"$env:{name} = {_powershell(value)}",
        lambda name: f"Remove-Item Env:{name} -ErrorAction SilentlyContinue",
        _powershell_keep,
        _powershell_restore,
        _powershell_alias,
        _powershell_unalias,
        _powershell_command,
    ),
}
