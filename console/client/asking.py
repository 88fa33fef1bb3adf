"""What every part of the client asks through, and how a question's words are written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from console.wire import Param, Wire

PATIENT = 40.0
"""Seconds for what asks providers or reads the whole ledger."""
COPYING = 3600.0
"""Seconds for what copies, prices or proves a ledger of any size."""

Where = Mapping[str, str]
"""Tags and `model`, `provider`, `token`, `outcome`, `cache` to wanted values; a value may end in `*`."""


class Asking:
    """Asks the gateway at the other end of a wire."""

    _wire: Wire


def text_of(amount: Decimal | str | None) -> str | None:
    """Dollars as the admin plane reads them."""
    return f"{amount:f}" if isinstance(amount, Decimal) else amount


def given(**params: str | None) -> list[Param]:
    """The parameters that were given."""
    return [(key, value) for key, value in params.items() if value is not None]


def matching(where: Where | None) -> list[Param]:
    """A filter as parameters."""
    return [("where", f"{key}={value}") for key, value in (where or {}).items()]
