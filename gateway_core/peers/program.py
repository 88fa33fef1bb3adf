"""A program that calls, as tags: what it is called, and what its working folder says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway_core.model.tags import Tags
from gateway_core.peers.surroundings import found_tags

_RUNNERS = re.compile(r"(python|pypy|node|nodejs|bun|deno|ruby|perl|php|bash|zsh|sh|dash|uv|tsx)[\d.]*\Z")
"""Programs that run another one: what they run is the name that a person knows."""
_SUBCOMMANDS = ("run",)
"""Words between a runner and what it runs."""
_TAKES_A_WORD = ("-W", "-X", "-r", "--require", "--import", "--loader", "--env-file", "--with", "--python")
"""Options of runners whose value is the word behind them, and no script: `python -W error train.py`."""
_MODULE = re.compile(r"-[bBdEiIOPqsSuvx]*m\Z")
_CODE = re.compile(r"(-[bBdeEiIlOPqsSuvx]*c|-e|--eval|-p)\Z")


@dataclass(frozen=True, slots=True)
class Program:
    """A process: its command line, and its working folder where that can be read."""

    command: Sequence[str]
    folder: Path | None = None


def program_tags(program: Program, home: Path | None = None) -> Tags:
    """`app`, and `project` and `branch` of the working folder; none of a person's home, or of the root."""
    tags = {"app": name} if (name := program_name(program.command)) else {}
    folder, home = program.folder, home or Path.home()
    if folder is None or folder in (home, Path("/")) or not folder.is_dir():
        return tags
    return tags | found_tags(folder)


def program_name(command: Sequence[str]) -> str:
    """What a person calls it: 'claude', and for `python -m pkg.tool` or `node dist/cli.js` what is run."""
    if not command:
        return ""
    name = _base(command[0])
    if _RUNNERS.match(name) and (script := _script(command[1:])):
        return script
    return name


def _script(arguments: Sequence[str]) -> str:
    """The first word that is no option; after -m a module, after -c nothing that has a name."""
    words = iter(arguments)
    for word in words:
        if _MODULE.match(word):
            return _base(next(words, ""))
        if _CODE.match(word):
            return ""
        if word in _TAKES_A_WORD:
            next(words, None)
        elif word and not word.startswith("-") and word not in _SUBCOMMANDS:
            return _base(word)
    return ""


def _base(path: str) -> str:
    """Without its folder. A comma would end a tag; a program may write a whole title into its name."""
    return path.rstrip("/").rpartition("/")[2].lstrip("-").partition(" ")[0].replace(",", "_")[:64]
