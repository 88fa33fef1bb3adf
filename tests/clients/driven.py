"""One run of an SDK: all its cases against one gateway, and the rows that each of them left."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.support.certificates import Authority
from tests.support.gateway import Row, RunningGateway
from tests.support.installed import NODE, need_client
from tests.support.processes import clean_environment
from tests.support.real import need

DRIVERS = Path(__file__).parent
SECONDS = 110


@dataclass(frozen=True)
class Driven:
    """What one SDK, pointed at a model, said to each case, and the rows which that left in the ledger."""

    sdk: str
    model: str
    lines: dict[str, Any]
    ledger: list[Row]

    @classmethod
    def once(cls, kept: Path, sdk: str, model: str, start: Callable[[], RunningGateway]) -> Driven:
        """The run that is kept in the folder for all workers; the first who asks for it makes it."""
        file = kept / f"{sdk}-{model.replace(':', '-')}.json"
        with FileLock(f"{file}.lock"):
            if not file.exists():
                gateway = start()
                lines = _drive(gateway, sdk, model)
                part = file.with_suffix(".part")
                part.write_text(json.dumps({"lines": lines, "ledger": gateway.export()}), encoding="utf-8")
                part.replace(file)
        return cls(sdk, model, **json.loads(file.read_text(encoding="utf-8")))

    def said(self, case: str) -> Any:
        """What a case came to."""
        line = self.lines[case]
        assert "error" not in line, line["error"]
        return line["value"]

    def rows(self, case: str) -> list[Row]:
        """The rows of a case."""
        return [row for row in self.ledger if row["tags"].get("case") == case]

    def row(self, case: str) -> Row:
        """The only row of a case, which was served and cost something."""
        (row,) = self.rows(case)
        assert (row["outcome"], row["certainty"]) == ("ok", "computed"), row
        assert float(row["cost_usd"]) > 0
        return row


def _drive(gateway: RunningGateway, sdk: str, model: str) -> dict[str, Any]:
    """Runs all cases in one process; what it said by case."""
    done = subprocess.run(
        [*_driver(sdk), gateway.url, gateway.token, model],
        env=_environment(gateway.config.parent),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {line["case"]: line for line in map(json.loads, done.stdout.splitlines())}


def _environment(home: Path) -> dict[str, str]:
    """Nobody speaks TLS here, but every client of Python's reads whom it trusts: one authority will do."""
    authority = Authority(home)
    more = {"LLMCONSOLE_CLIENTS": str(NODE), "NO_COLOR": "1", "SSL_CERT_FILE": str(authority.file)}
    return clean_environment(home, more)


def _driver(sdk: str) -> list[str]:
    """What runs the cases: a script for Node, or for Python."""
    name = sdk.removeprefix("python-")
    if name != sdk:
        return [sys.executable, "-m", f"tests.clients.python_drivers.{name}_cases"]
    need_client("node", "node_modules")
    (node,) = need("node")
    return [node, str(DRIVERS / "node" / f"{name}.mjs")]
