"""Preparing a body in the formats that have one name for the output cap and never ask for usage."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gateway_core.formats.json_object import read_body
from gateway_core.formats.splice import encoded, splice
from gateway_core.model.call import Ask, Operation

_NOTHING: Mapping[str, int] = MappingProxyType({})


def changed_cap(ask: Ask, output_cap: int | None) -> int | None:
    """The cap that has to be written into a body; None where the body is right as it is."""
    wanted = ask.operation is Operation.GENERATE and output_cap != ask.output_cap
    return output_cap if wanted else None


def prepare_single_cap(
    body: bytes, ask: Ask, *, key: str, model: str, output_cap: int | None, more: Mapping[str, int] = _NOTHING
) -> bytes:
    """The body with its model, its cap under `key`, and further numbers, as they have to be."""
    other_model = bool(ask.model) and model != ask.model
    cap = changed_cap(ask, output_cap)
    if not other_model and cap is None and not more:
        return body
    values = {name: encoded(number) for name, number in more.items()}
    if other_model:
        values["model"] = encoded(model)
    if cap is not None:
        values[key] = encoded(cap)
    return splice(read_body(body), values)
