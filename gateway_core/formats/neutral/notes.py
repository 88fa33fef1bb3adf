"""What a translation could not carry over: gathered on the way, told to the client and to the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST = 24
"""Names that are told one by one; a longer list says how many more there are."""
_SETS = ("generationConfig", "output_config", "text")
"""Fields that hold settings, of which only some were not understood."""
_EMPTY: tuple[object, ...] = ("", [], {}, ())
"""Values that, like null and false, ask for nothing."""


class Notes:
    """Names of what was dropped, each once, in the order in which it was met."""

    def __init__(self) -> None:
        self._dropped: dict[str, None] = {}

    def drop(self, name: str) -> None:
        """Something that the other format cannot say."""
        self._dropped[name] = None

    def drop_if(self, name: str, value: object) -> None:
        """The same, where the client asked for it at all."""
        if value is not None and value is not False and value not in _EMPTY:
            self.drop(name)

    def own(self, fields: Mapping[str, Any], *, same: bool, of: str = "") -> dict[str, Any]:
        """Fields of one format: written on in that format, noted in any other. of: what they stand on."""
        if same:
            return dict(fields)
        for key, value in fields.items():
            if key in _SETS and isinstance(value, dict):
                self.own(value, same=False, of=key)
            else:
                self.drop_if(f"{of}.{key}" if of else key, value)
        return {}

    @property
    def dropped(self) -> tuple[str, ...]:
        """The names, at the most `MOST` of them."""
        names = tuple(self._dropped)
        return names if len(names) <= MOST else (*names[:MOST], f"and {len(names) - MOST} more")
