"""The ledger as a whole: reports, exports, proofs, copies."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from console import shapes
from console.client.asking import COPYING, Asking, Where, given, matching
from console.shapes import wrapped
from console.shapes.overviews import FirstSeen, Overview
from console.shapes.weekly import Weekly, WeeklyReport
from console.wire import Param, decoded


class Ledger(Asking):
    """The ledger as a whole: reports, exports, proofs, copies."""

    async def report(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        by: Sequence[str] = (),
        where: Where | None = None,
        forgone: bool = False,
    ) -> shapes.Report:
        """since, until: RFC 3339 instants; by: `model`, `provider`, `token`, `day` or any tag key; forgone:
        with what would have been saved."""
        words = given(since=since, until=until, by=",".join(by) or None, forgone="true" if forgone else None)
        params = [*words, *matching(where)]
        return await self._wire.get("/report", shapes.Report, params)

    async def overview(
        self,
        *,
        since: str,
        until: str | None = None,
        by: Sequence[str] = (),
        where: Where | None = None,
        rows: bool = True,
        forgone: bool = False,
    ) -> Overview:
        """The report and all its parts, read at one instant; `rows`: with the hash of the rows, which takes
        as long as exporting them; forgone: with what would have been saved."""
        words = given(
            since=since,
            until=until,
            by=",".join(by),
            rows=None if rows else "false",
            forgone="true" if forgone else None,
        )
        params = [*words, *matching(where)]
        return await self._wire.get("/report/overview", Overview, params, timeout=COPYING)

    async def weekly(self) -> Weekly:
        """The report that the gateway writes once a week, and how the last one went."""
        return await self._wire.get("/report/weekly", Weekly)

    async def schedule(self, report: WeeklyReport | None, *, over: str | None = None) -> Weekly:
        """Schedules it, or ends that. over: the revision that this is made over; ClientError 412 where it is
        another one by now."""
        if report is None:
            return decoded(await self._wire.send("DELETE", "/report/weekly", over=over), Weekly)
        words = {key: value for key, value in asdict(report).items() if value is not None}
        return await self._wire.put("/report/weekly", words, Weekly, over=over)

    async def first_seen(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """The values of tag keys, and of `token`, in the order in which the ledger met them."""
        params = given(keys=",".join(keys))
        return (await self._wire.get("/report/names", FirstSeen, params)).names

    def export(
        self,
        format: str = "jsonl",
        *,
        since: str | None = None,
        until: str | None = None,
        where: Where | None = None,
    ) -> AsyncGenerator[bytes]:
        """Every ledger row as jsonl or csv, piece by piece."""
        params = [("format", format), *given(since=since, until=until), *matching(where)]
        return self._wire.stream("/export", params)

    async def doctor(self, *, ledger_only: bool = False) -> tuple[shapes.Check, ...]:
        """Whether all is well, fault by fault; ledger_only: the proof of the ledger and nothing else."""
        params: list[Param] = [("only", "ledger")] if ledger_only else []
        return (await self._wire.get("/doctor", wrapped.Checks, params, timeout=COPYING)).checks

    async def backup(self, file: Path) -> shapes.Backup:
        """Copies the ledger into a new file at an absolute path of the gateway's machine."""
        answer = await self._wire.send("POST", "/backup", {"file": str(file)}, timeout=COPYING)
        return decoded(answer, shapes.Backup)
