"""Objects of a request as they are read: each field once, of the type it has to be, the rest kept."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from gateway_core.formats.json_object import invalid

_SNAKE = re.compile(r"_([a-z])")


class Fields:
    """One object. A field that is read is taken out; `rest` is what nobody read.

    where: names the object for a person ('messages[2]'); camel: keys may be spelled in snake_case too.
    Every reader raises Refusal 400 for a value of another type, null counts as missing.
    """

    __slots__ = ("_camel", "_values", "where")

    def __init__(self, value: object, where: str, *, camel: bool = False) -> None:
        if not isinstance(value, dict):
            raise invalid(f"{where} must be an object")
        self._values: dict[str, Any] = (
            {_camel(key): each for key, each in value.items()} if camel else dict(value)
        )
        self._camel = camel
        self.where = where

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def take(self, key: str) -> Any:
        """Any value."""
        return self._values.pop(key, None)

    def text(self, key: str) -> str | None:
        """A text."""
        value: str | None = self._of(key, str, "a text")
        return value

    def need(self, key: str) -> str:
        """A text that has to be there."""
        value = self.text(key)
        if value is None:
            raise invalid(f"{self.where} has no {key!r}")
        return value

    def flag(self, key: str) -> bool | None:
        """True or false."""
        value: bool | None = self._of(key, bool, "true or false")
        return value

    def number(self, key: str) -> float | None:
        """A number."""
        value = self.take(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            self._wrong(key, "a number")
        return value

    def whole(self, key: str) -> int | None:
        """A whole number."""
        value = self.number(key)
        if value is not None and value != int(value):
            self._wrong(key, "a whole number")
        return None if value is None else int(value)

    def mapping(self, key: str) -> dict[str, Any] | None:
        """An object as it is."""
        value: dict[str, Any] | None = self._of(key, dict, "an object")
        return value

    def inner(self, key: str) -> Fields | None:
        """An object to be read."""
        value = self.mapping(key)
        return None if value is None else Fields(value, f"{self.where}.{key}".lstrip("."), camel=self._camel)

    def each(self, key: str) -> list[Fields]:
        """The objects of a list; none where it is missing."""
        items = self._of(key, list, "a list") or []
        where = f"{self.where}.{key}".lstrip(".")
        return [Fields(item, f"{where}[{at}]", camel=self._camel) for at, item in enumerate(items)]

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list; a single text counts as a list of one."""
        value = self.take(key)
        listed = [value] if isinstance(value, str) else value or []
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            self._wrong(key, "a list of texts")
        return tuple(listed)

    def rest(self) -> dict[str, Any]:
        """What was not read."""
        return self._values

    def unknown(self, what: str, kind: object) -> NoReturn:
        """Refuses what no rule says how to translate."""
        raise invalid(
            f"{self.where}: {what} {str(kind)[:80]!r} cannot be translated for the provider of this model",
            code="untranslatable",
        )

    def _of(self, key: str, kind: type, what: str) -> Any:
        value = self.take(key)
        if value is not None and (
            not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))
        ):
            self._wrong(key, what)
        return value

    def _wrong(self, key: str, what: str) -> NoReturn:
        raise invalid(f"{f'{self.where}.{key}'.lstrip('.')} must be {what}")


def _camel(key: str) -> str:
    return _SNAKE.sub(lambda found: found[1].upper(), key) if "_" in key else key
