"""A body made ready for a provider that speaks Gemini; its path is made elsewhere."""

from __future__ import annotations

from gateway_core.formats.gemini.request import CAP, CONFIG, config_of, spelled
from gateway_core.formats.json_object import JsonObject, read_body, read_list, read_object
from gateway_core.formats.single_cap import changed_cap
from gateway_core.formats.splice import encoded, splice
from gateway_core.model.call import Ask

_NESTED = ("generateContentRequest", "generate_content_request")


def prepare_body(body: bytes, ask: Ask, *, model: str, output_cap: int | None) -> bytes:
    """The body with its cap as it has to be, and the model's name where the body repeats the path's."""
    cap = changed_cap(ask, output_cap)
    other_model = model != ask.model and b'"model"' in body
    if cap is None and not other_model:
        return body
    found = read_body(body)
    values = _named(found, model) if other_model else {}
    if cap is not None:
        config = config_of(found)
        values[spelled(found, CONFIG)] = splice(config, {spelled(config, CAP): encoded(cap)})
    return splice(found, values)


def _named(found: JsonObject, model: str) -> dict[str, bytes]:
    """The values that name a model: on top, in the requests of a batch, in the request to be counted."""
    values = {}
    if "model" in found.values:
        values["model"] = encoded(f"models/{model}")
    for key in _NESTED:
        if inner := found.raw(key):
            values[key] = _renamed(inner, model)
    if batch := found.raw("requests"):
        requests = [_renamed(bytes(each), model) for each in read_list(batch, "'requests'")]
        values["requests"] = b"[" + b",".join(requests) + b"]"
    return values


def _renamed(inner: bytes, model: str) -> bytes:
    found = read_object(inner, "a request")
    return splice(found, _named(found, model))
