"""wrk as the load where it is installed: it leaves more of its core to the provider than Python can."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.support.real import find

_SCRIPT = """
local whole = "{request}"
request = function() return whole end
done = function(summary)
  local e = summary.errors
  local errors = e.status + e.read + e.write + e.timeout
  io.write(string.format("requests=%d errors=%d us=%d\\n", summary.requests, errors, summary.duration))
end
"""
_SUMMARY = re.compile(r"requests=(\d+) errors=(\d+) us=(\d+)")


def installed() -> bool:
    return find("wrk") is not None


def run(
    url: str, request: bytes, folder: Path, *, connections: int, seconds: float, cores: set[int]
) -> tuple[int, float]:
    """Requests answered, and seconds. Raises RuntimeError where any request failed."""
    script = folder / "request.lua"
    escaped = "".join(f"\\{byte:03d}" for byte in request)
    script.write_text(_SCRIPT.replace("{request}", escaped), encoding="ascii")
    program = find("wrk")
    assert program is not None
    done = subprocess.run(
        [program, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(script), url],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )
    found = _SUMMARY.search(done.stdout)
    if found is None or int(found[2]):
        raise RuntimeError(f"wrk: {done.stdout}{done.stderr}")
    return int(found[1]), int(found[3]) / 1e6
