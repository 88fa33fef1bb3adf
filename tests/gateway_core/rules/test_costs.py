"""What a call costs, from the bytes of its answer to nano-dollars, for every usage shape of the table.

The expected sums are plain arithmetic that stands beside each answer in `costs`.
"""

from __future__ import annotations

import random

import pytest

from gateway_core.formats import DIALECTS
from gateway_core.formats.served import with_served_tier
from gateway_core.model.call import Ask, Reading
from gateway_core.model.usage import Usage
from gateway_core.providers.user_prices import price_from_toml
from gateway_core.rules.pricing import cost
from tests.gateway_core.formats.streams import cut
from tests.gateway_core.rules.costs.shape import Shape
from tests.gateway_core.rules.costs.table import SHAPES, shape_id

STREAMED = [shape for shape in SHAPES if shape.stream is not None]


def asked(shape: Shape, *, stream: bool) -> Ask:
    """The request, as the dialect reads it."""
    return DIALECTS[shape.dialect].read(
        shape.operation, shape.request(stream=stream), path_model=shape.model, path_stream=stream
    )


def columns(usage: Usage) -> tuple[int, ...]:
    written = (usage.cache_write, usage.cache_write_1h)
    return usage.input, usage.cached_input, *written, usage.output, usage.reasoning


def assert_exact(shape: Shape, ask: Ask, reading: Reading) -> None:
    headers = [(name.encode(), value.encode()) for name, value in shape.headers.items()]
    reading = with_served_tier(reading, headers)
    assert reading.impossible is None and reading.usage is not None
    assert columns(reading.usage) == shape.columns
    price = price_from_toml(f"{shape.provider}/{shape.model}", shape.price)
    others = {name: price_from_toml(f"{shape.provider}/{name}", each) for name, each in shape.others.items()}
    found = cost(reading.usage, price, service_tier=ask.service_tier, region=ask.region, price_of=others.get)
    assert found == shape.nano
    if others:
        assert cost(reading.usage, price) is None, "what nobody can price is unpriced"


@pytest.mark.parametrize("shape", SHAPES, ids=shape_id)
def test_of_a_whole_answer(shape: Shape) -> None:
    reading = DIALECTS[shape.dialect].read_answer(shape.operation, shape.body)
    assert_exact(shape, asked(shape, stream=False), reading)


@pytest.mark.parametrize("shape", STREAMED, ids=shape_id)
def test_of_a_stream(shape: Shape) -> None:
    """Wherever its bytes are cut."""
    assert shape.stream is not None
    data, ask = shape.stream(shape.answer), asked(shape, stream=True)
    for places in ([], random.Random(shape.name).sample(range(len(data)), 12), list(range(len(data)))):
        meter = DIALECTS[shape.dialect].meter(ask, hide_usage=False)
        for piece in cut(data, places):
            meter.feed(piece)
        meter.close()
        assert meter.reading.finished
        assert_exact(shape, ask, meter.reading)


def test_each_shape_has_a_model_of_its_own() -> None:
    models = {(shape.provider, shape.model) for shape in SHAPES}
    assert len(models) == len(SHAPES)
