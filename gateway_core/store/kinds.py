"""What the tables of the schema have in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, text

WHOLE: Any = BigInteger().with_variant(Integer(), "sqlite")
STRICT = {"sqlite_strict": True}
NOUGHT = {"server_default": text("0")}
KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}
