"""A report as a person asks for it, asked of a gateway and written in any format."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.reports import (
    FORGONE,
    INCLUDED,
    MASKED,
    OF_EACH,
    OF_MANY_PARTS,
    REQUESTS,
    Origin,
    Pseudonyms,
    Whole,
    render,
    render_whole,
)
from console.reports.requests import requests_of
from console.reports.steps import zone_of

if TYPE_CHECKING:
    from console.client import AdminClient
    from console.shapes import Report


PARQUET = "parquet"
"""The format that is no text."""


@dataclass(frozen=True, slots=True)
class Order:
    """since, until: words such as month, 7d, 2026-11-01. mask: pseudonyms instead of names."""

    since: str = "month"
    until: str | None = None
    by: tuple[str, ...] = ("project", "model")
    where: Mapping[str, str] = field(default_factory=dict)
    format: str = "table"
    mask: bool = False
    include: tuple[str, ...] = INCLUDED

    def words(self, output: str | None = None) -> str:
        """The command line that makes the same report."""
        words = ["llmconsole", "report", "--since", self.since]
        words += ["--until", self.until] if self.until else []
        words += ["--by", ",".join(self.by)]
        words += [word for key, value in self.where.items() for word in ("--where", f"{key}={value}")]
        words += ["--include", ",".join(self.include) or "none"] if set(self.include) != set(INCLUDED) else []
        words += ["--mask"] if self.mask else []
        words += ["--format", self.format]
        return shlex.join(words) + (f" -o {shell_path(output)}" if output else "")


def shell_path(text: str) -> str:
    """A path quoted for a shell, which is to find the home folder all the same."""
    return f"~/{shlex.quote(text[2:])}" if len(text) > 2 and text.startswith("~/") else shlex.quote(text)


async def make(client: AdminClient, order: Order) -> str:
    """The text of the report. Raises what the client raises."""
    if order.format not in OF_MANY_PARTS:
        found, simulated = await find(client, order)
        return render(found, order.format, simulated=simulated)
    simulated, names = (await client.status()).simulated, await _names(client, order)
    return render_whole(await _whole(client, order, names), order.format, simulated=simulated)


async def make_bytes(client: AdminClient, order: Order) -> bytes:
    """The report as a file holds it: the text, or Parquet. Raises what the client raises, and Trouble where a
    library is missing."""
    if order.format != PARQUET:
        return (await make(client, order)).encode()
    # Loading the library is for those who want the format.
    from console.reports import parquet

    parquet.need_parquet()
    found, simulated = await find(client, order)
    return parquet.report(found, simulated=simulated)


async def find(client: AdminClient, order: Order) -> tuple[Report, bool]:
    """The rows of the report, masked where that is asked for, and whether all of it is simulated. Raises what
    the client raises."""
    simulated, names = (await client.status()).simulated, await _names(client, order)
    found = await client.report(
        since=order.since,
        until=order.until,
        by=order.by,
        where=order.where,
        forgone=FORGONE in order.include,
    )
    return names.report(found) if names else found, simulated


async def _names(client: AdminClient, order: Order) -> Pseudonyms | None:
    return Pseudonyms(await client.first_seen(MASKED)) if order.mask else None


async def _whole(client: AdminClient, order: Order, names: Pseudonyms | None) -> Whole:
    found = await client.overview(
        since=order.since,
        until=order.until,
        by=order.by,
        where=order.where,
        rows=order.format == "html",
        forgone=FORGONE in order.include,
    )
    budgets, version = await client.budgets(), (await client.status()).version
    program, where = f"llmconsole {version}", order.where
    if names is not None:
        found, budgets, where = names.overview(found), names.budgets(budgets), names.match(where)
    told = [word for key, value in where.items() for word in ("--where", f"{key}={value}")]
    export = shlex.join(["llmconsole", "export", "--since", found.since, "--until", found.until, *told])
    made_by = program if names else f"{getpass.getuser()} with {program}"
    origin = Origin(datetime.now(UTC), made_by, where, f"{export} | sha256sum")
    requests = None
    if REQUESTS in order.include and order.format in OF_EACH:
        rows = client.export("jsonl", since=found.since, until=found.until, where=order.where)
        requests = await requests_of(rows, names, zone_of(found.timezone))
    return Whole(found, budgets, origin, frozenset(order.include), requests)
