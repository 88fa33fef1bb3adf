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
    milliseconds of every start. One that extends another is a Struct before it comes here: it has no defaults
    of its own.
    """
    made: Any = cls if issubclass(cls, msgspec.Struct) else _struct(cls)
    made.__dataclass_fields__ = _Fields()
    return made  # type: ignore[no-any-return]


def _struct(cls: type[Any]) -> Any:
    """The class as its body says it, made anew by msgspec."""
    body = {name: _default(value) for name, value in vars(cls).items() if name not in _OF_EVERY_CLASS}
    fields = [(name, vars(cls).get(name)) for name in cls.__annotations__]
    compared = [name for name, value in fields if not isinstance(value, Field) or value.compare]
    if compared != list(cls.__annotations__):
        said = attrgetter(*compared)
        body |= {"__eq__": _equal(said), "__hash__": lambda self: hash(said(self))}
    return _META(cls.__name__, (msgspec.Struct,), body, frozen=True, kw_only=True)


def _default(value: Any) -> Any:
    """A field's default as msgspec says it; what is no field stays as it is."""
    if not isinstance(value, Field):
        return value
    factory = value.default_factory
    return value.default if factory is MISSING else msgspec.field(default_factory=factory)


def _equal(said: Callable[[Any], object]) -> Callable[[Any, object], bool]:
    """Equality by what these fields say; msgspec itself compares all of them."""
    return lambda self, other: type(self) is type(other) and said(self) == said(other)


class _Fields:
    """The fields as `replace`, `fields` and `asdict` look for them, made when one of these first does."""

    def __get__(self, one: object, cls: Any) -> Mapping[str, Field[Any]]:
        like: Any = make_dataclass(cls.__name__, cls.__struct_fields__)
        cls.__dataclass_fields__ = like.__dataclass_fields__
        return cls.__dataclass_fields__  # type: ignore[no-any-return]
