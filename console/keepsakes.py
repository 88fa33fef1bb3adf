"""What the user has put together on the screen and is kept in the config folder: filters by name, columns."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from console.choices import user_folder

FILE = "console.toml"
LONGEST_NAME = 40


class Keepsakes:
    """Read anew each time, so that several consoles on one folder keep each other's. What is broken in the
    file counts as not there, and is not written over."""

    def filters(self) -> Mapping[str, str]:
        """Texts of filters by their names, in the order of names."""
        found = self._read().get("filters", {})
        table = found if isinstance(found, dict) else {}
        return {name: text for name, text in sorted(table.items()) if isinstance(text, str)}

    def columns(self) -> tuple[str, ...]:
        """The titles of the chosen columns of the calls, in their order; nothing where none were chosen."""
        found = self._read().get("columns", [])
        return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()

    def keep_filter(self, name: str, text: str | None) -> None:
        """Without a text it is forgotten. Raises OSError and ValueError for a file that cannot be changed."""
        kept = dict(self.filters())
        if text is None:
            kept.pop(name, None)
        else:
            kept[name] = text
        self._write("filters", kept)

    def keep_columns(self, titles: Sequence[str]) -> None:
        """Without any the usual ones come back. Raises as `keep_filter`."""
        self._write("columns", list(titles))

    def _read(self) -> dict[str, Any]:
        try:
            return tomllib.loads(_file().read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def _write(self, name: str, value: Any) -> None:
        # Only who keeps something pays for loading it.
        import tomlkit

        file = _file()
        document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.exists() else tomlkit.document()
        document.pop(name, None)
        if value:
            document[name] = value
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(tomlkit.dumps(document), encoding="utf-8")
        fresh.replace(file)


def _file() -> Path:
    return user_folder() / FILE
