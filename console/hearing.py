"""What a terminal sends that is no UTF-8: each such byte is a '�', where Textual would end over it.

A terminal may send Alt and a key as one byte above 127, or be set to another encoding.
"""

from __future__ import annotations

import sys
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable
from functools import partial

from textual.driver import Driver

_NAME = "getincrementaldecoder"


def forgiving(driver: type[Driver]) -> type[Driver]:
    """The driver, once its module makes decoders that take any bytes."""
    module = sys.modules[driver.__module__]
    if hasattr(module, _NAME):
        setattr(module, _NAME, _decoder)
    return driver


def _decoder(encoding: str) -> Callable[[], IncrementalDecoder]:
    return partial(getincrementaldecoder(encoding), errors="replace")
