"""llmconsole logs, on a real gateway: its lines by level, no secret in them, and where the file is."""

from __future__ import annotations

import json

from tests.console.conftest import CommandLine
from tests.support.gateway import PROVIDER_KEY, Gateways
from tests.support.processes import wait_for
from tests.support.wires import CHAT


def test_what_the_gateway_says_can_be_read_and_holds_no_secret(
    gateways: Gateways, llmconsole: CommandLine
) -> None:
    gateway = gateways.start(top='log_level = "debug"')
    llmconsole.data = gateway.data
    headers = CHAT.credential(gateway.token)
    for fault in ("usage=absurd", "status=401", "status=500"):
        gateway.http.post(CHAT.path, json=CHAT.ask(f"[[sim {fault}]]"), headers=headers)

    def lines() -> list[dict[str, str]]:
        return list(json.loads(llmconsole.done("logs", "--json", "-n", "5000"))["lines"])

    wait_for(lambda: any("booked as an estimate" in line["text"] for line in lines()), what="the doubt")
    told = llmconsole.done("logs", "--level", "warning")
    assert "WARNING gateway_core.bus: call " in told
    assert "listening on" not in told
    assert "listening on" in llmconsole.done("logs", "-n", "5000")
    found = json.loads(llmconsole.done("logs", "--json"))
    assert found["file"] == str(gateway.config.parent / "gateway.log")
    written = json.dumps(lines()) + gateway.child.output
    for secret in (PROVIDER_KEY, gateway.token, gateway.admin_token):
        assert secret not in written
