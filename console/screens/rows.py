"""The list of a page: its rows, and the keys of every list."""

from __future__ import annotations

from console import keymap
from console.widgets.listing import Listing


class Rows(Listing):
    """Moved through by keys."""

    BINDINGS = keymap.bindings("list")
