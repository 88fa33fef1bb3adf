"""Reads TOML key by key, so that every mistake is named with file, line and the nearest known key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from gateway_core.model.errors import ConfigError

T = TypeVar("T")
_KINDS = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}


@dataclass
class Table:
    """One table of a document. Ask for each key you know, then call `done`, which refuses the rest."""

    values: Mapping[str, Any]
    source: str
    """Name of the file, for messages."""
    text: str = field(default="", repr=False)
    where: tuple[str, ...] = ()
    known: set[str] = field(default_factory=set)

    @classmethod
    def parse(cls, text: str, source: str) -> Table:
        """The document's top table. Raises ConfigError where it is no TOML."""
        try:
            return cls(tomllib.loads(text), source, text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{source}: this is not TOML: {error}") from None

    def get(self, key: str, kind: type[T], default: T) -> T:
        """The value of a key, which must be of that kind."""
        self.known.add(key)
        value = self.values.get(key, default)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(key, f"{key} must be {_KINDS[kind]}, not {value!r}")
        return value

    def maybe(self, key: str, kind: type[T]) -> T | None:
        """The value of a key, None where it is absent."""
        self.known.add(key)
        return self.get(key, kind, kind()) if key in self.values else None

    def choice(self, key: str, options: tuple[str, ...], default: str) -> str:
        """A text out of a few."""
        value = self.get(key, str, default)
        if value not in options:
            self.wrong(key, f"{key} = {value!r}; choose one of {', '.join(options)}")
        return value

    def table(self, key: str) -> Table:
        """A table below this one; an empty one where it is absent."""
        return self._below(self.get(key, dict, {}), key)

    def tables(self, key: str) -> list[Table]:
        """A list of tables ([[key]])."""
        found = self.get(key, list, [])
        if not all(isinstance(each, dict) for each in found):
            self.wrong(key, f"{key} must be a list of tables; write [[{key}]] above each")
        return [self._below(each, key) for each in found]

    def children(self) -> dict[str, Table]:
        """All keys of a table whose keys are the user's own names."""
        return {key: self.table(key) for key in self.values}

    def done(self) -> None:
        """Raises ConfigError if the table holds a key that nobody asked for."""
        for key in self.values:
            if key not in self.known:
                near = difflib.get_close_matches(key, self.known, n=1, cutoff=0.5)
                mend = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(self.known))}"
                self.wrong(key, f"unknown key {key!r}; {mend}")

    def wrong(self, key: str, problem: str) -> NoReturn:
        """Raises ConfigError with file, line and section in front of the problem."""
        section = f" in [{'.'.join(self.where)}]" if self.where else ""
        line = self._line(key)
        raise ConfigError(f"{self.source}{f', line {line}' if line else ''}{section}: {problem}")

    def _below(self, values: Mapping[str, Any], key: str) -> Table:
        return Table(values, self.source, self.text, (*self.where, key))

    def _line(self, key: str) -> int | None:
        """The line of the key, looked for below the header of its section and shown with its value."""
        lines = self.text.splitlines()
        named = re.compile(rf"""(^|[\s{{,.\[])["']?{re.escape(key)}["']?\s*(=|\]|\.)""")
        start = 0
        if self.where:
            header = re.compile(rf"""^\s*\[+.*{re.escape(self.where[-1])}["']?\s*[\].]""")
            start = next((i for i, line in enumerate(lines) if header.match(line)), 0)
        hits = [i + 1 for i in range(start, len(lines)) if named.search(lines[i])]
        value = self.values.get(key)
        exact = [i for i in hits if str(value) in lines[i - 1]] if isinstance(value, str | int) else []
        return next(iter(exact or hits), None)
