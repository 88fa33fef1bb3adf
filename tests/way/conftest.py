"""What the tests of the whole way share."""

from __future__ import annotations

import pytest

from tests.support.wires import WIRES, Wire


@pytest.fixture(params=WIRES, ids=lambda wire: wire.name)
def wire(request: pytest.FixtureRequest) -> Wire:
    """Each wire format in turn."""
    chosen: Wire = request.param
    return chosen
