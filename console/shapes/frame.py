"""What every shape is made by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, make_dataclass
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

import msgspec

T = TypeVar("T")
_META: Any = type(msgspec.Struct)
_OF_EVERY_CLASS = frozenset({"__dict__", "__weakref__"})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def shape(cls: type[T]) -> type[T]:
    """A frozen value made of an answer's JSON. Fields that a newer gateway adds are ignored.

    It is a msgspec.Struct that `dataclasses` takes for one of its own: a hundred dataclasses are eighty
    milliseconds of every start. One that extends another has no defaults of its own.
    """
    made: Any = cls if issubclass(cls, msgspec.Struct) else _struct(cls)
    made.__dataclass_fields__ = _Fields()
    return made  # type: ignore[no-any-return]


def _struct(cls: type[Any]) -> Any:
    words = {name: _said(word) for name, word in vars(cls).items() if name not in _OF_EVERY_CLASS}
    unseen = {name for name, word in vars(cls).items() if isinstance(word, Field) and word.compare is False}
    if unseen:
        seen = attrgetter(*(name for name in cls.__annotations__ if name not in unseen))
        words |= {"__eq__": _equal(seen), "__hash__": lambda self: hash(seen(self))}
    return _META(cls.__name__, (msgspec.Struct,), words, frozen=True, kw_only=True)


def _said(word: Any) -> Any:
    """What stands behind a field's name, as msgspec says it."""
    if not isinstance(word, Field):
        return word
    made = word.default_factory
    return word.default if made is MISSING else msgspec.field(default_factory=made)


def _equal(seen: Callable[[Any], object]) -> Callable[[Any, object], bool]:
    return lambda self, other: type(self) is type(other) and seen(self) == seen(other)


class _Fields:
    """The fields as `replace`, `fields` and `asdict` look for them: made when one first does."""

    def __get__(self, one: object, cls: Any) -> Mapping[str, Field[Any]]:
        like: Any = make_dataclass(cls.__name__, cls.__struct_fields__)
        cls.__dataclass_fields__ = like.__dataclass_fields__
        return cls.__dataclass_fields__  # type: ignore[no-any-return]
