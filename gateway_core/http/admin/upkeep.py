"""Care of the ledger's file: a copy of it while it runs."""

from __future__ import annotations

from pathlib import Path

from gateway_core.http.admin.answers.reports import BackupAnswer
from gateway_core.http.admin.bodies import BackupBody
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.store.backup import back_up

router = subject("upkeep")


@router.post("/backup")
async def backup(body: BackupBody, gateway: Gateway) -> BackupAnswer:
    """Copies the ledger into a new file on the gateway's machine, with all that is settled until now."""
    target = Path(body.file)
    if not target.is_absolute():
        raise Refusal(400, "relative_path", f"{body.file[:200]!r} has no folder; give the whole path")
    await gateway.ledger.flush()
    copy = await read(back_up, gateway.ledger.path, target)
    return BackupAnswer(file=str(copy.file), bytes=copy.bytes, calls=copy.calls)
