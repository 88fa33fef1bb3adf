"""What panels say of amounts and calls."""

from __future__ import annotations

from decimal import Decimal

import pytest

from console.panels.words import plain_dollars


@pytest.mark.parametrize("amount", ["100", "62.50", "1,204", "0.0002", "0.005"])
def test_a_limit_stands_as_it_was_set(amount: str) -> None:
    assert plain_dollars(Decimal(amount.replace(",", ""))) == amount
