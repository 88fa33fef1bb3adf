"""One run of an SDK: all its cases against one gateway, and the rows that each of them left."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.support.gateway import Row, RunningGateway
from tests.support.installed import NODE, need_client
from tests.support.processes import clean_environment
from tests.support.real import need

DRIVERS = Path(__file__).parent
SECONDS = 110


@dataclass
class Driven:
    """What one SDK, pointed at a model, said to each case."""

    gateway: RunningGateway
    sdk: str
    model: str

    @cached_property
    def lines(self) -> dict[str, Any]:
        """By case; the process runs once, when the first case is asked for."""
        home = self.gateway.config.parent
        done = subprocess.run(
            [*self._driver(), self.gateway.url, self.gateway.token, self.model],
            env={**clean_environment(home), "LLMCONSOLE_CLIENTS": str(NODE), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return {line["case"]: line for line in map(json.loads, done.stdout.splitlines())}

    def _driver(self) -> list[str]:
        """What runs the cases: a script for Node, or for Python."""
        name = self.sdk.removeprefix("python-")
        if name != self.sdk:
            return [sys.executable, "-m", f"tests.clients.python_drivers.{name}_cases"]
        need_client("node", "node_modules")
        (node,) = need("node")
        return [node, str(DRIVERS / "node" / f"{name}.mjs")]

    @cached_property
    def _rows(self) -> list[Row]:
        assert self.lines
        return self.gateway.export()

    def said(self, case: str) -> Any:
        """What a case came to."""
        line = self.lines[case]
        assert "error" not in line, line["error"]
        return line["value"]

    def rows(self, case: str) -> list[Row]:
        """The rows of a case."""
        return [row for row in self._rows if row["tags"].get("case") == case]

    def row(self, case: str) -> Row:
        """The only row of a case, which was served and cost something."""
        (row,) = self.rows(case)
        assert (row["outcome"], row["certainty"]) == ("ok", "computed"), row
        assert float(row["cost_usd"]) > 0
        return row
