"""The only SQL of the project: the ledger, its rollups, the policy log and the exact cache."""

from __future__ import annotations

from enum import StrEnum


class Durability(StrEnum):
    """What the ledger survives."""

    PROCESS = "process"
    """The death of any process: SQLite's synchronous=NORMAL."""
    POWER = "power"
    """Also the power cord: synchronous=FULL."""
    STRICT = "strict"
    """As `power`; the pipeline further withholds the last byte until `Ledger.settled`."""
