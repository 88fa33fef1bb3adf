"""A policy or a configuration that is wrong changes nothing, and says which line it is."""

from __future__ import annotations

from typing import Any

from tests.support.gateway import Gateways, RunningGateway, started
from tests.support.wires import CHAT

GOOD = """
[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "0.000001"
window = "total"

[[throttles]]
name = "ann"
match = { user = "ann" }
requests_per_minute = 1000
"""

BAD = {
    "a limit that is no amount": ('limit_usd = "0.000001"', 'limit_usd = "a lot"'),
    "a limit below nothing": ('limit_usd = "0.000001"', 'limit_usd = "-1"'),
    "a limit that is not finite": ('limit_usd = "0.000001"', 'limit_usd = "NaN"'),
    "an unknown window": ('window = "total"', 'window = "fortnight"'),
    "a key that does not exist": ("limit_usd", "budget_usd"),
    "a budget without a name": ('name = "web"\n', ""),
    "a throttle without a limit": ("requests_per_minute = 1000\n", ""),
    "TOML that is none": ("[[throttles]]", "[[throttles"),
    "two budgets of one name": (GOOD, GOOD + '[[budgets]]\nname = "web"\nlimit_usd = "5"\n'),
}
"""What is wrong, as an edit of the good one. What stands before the fault must not come into force."""


def in_force(gateway: RunningGateway) -> Any:
    return gateway.admin("GET", "policy")["toml"]


def refuses_the_web(gateway: RunningGateway) -> bool:
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    return gateway.http.post(CHAT.path, json=CHAT.ask("Any room?"), headers=headers).status_code == 402


def test_a_wrong_policy_leaves_the_old_one_in_force(gateways: Gateways) -> None:
    gateway = gateways.start(GOOD)
    before = in_force(gateway)
    more = '[[budgets]]\nname = "all"\nmatch = {}\nlimit_usd = "0"\nwindow = "total"\n'
    for what, (good, bad) in BAD.items():
        wrong = more + GOOD.replace(good, bad)
        answer = gateway.admin_response("PUT", "policy", json={"toml": wrong})
        assert (what, answer.status_code) == (what, 400), answer.text
        assert "Traceback" not in answer.text and "\\n" not in answer.json()["error"]["message"]
        assert in_force(gateway) == before
    assert refuses_the_web(gateway)
    other = gateway.http.post(CHAT.path, json=CHAT.ask("And I?"), headers=CHAT.credential(gateway.token))
    assert other.status_code == 200, "the budget before the fault never came into force"


def test_a_wrong_configuration_stops_the_start_and_the_right_one_goes_on(gateways: Gateways) -> None:
    gateway = gateways.start()
    assert gateway.stop() == 0
    text = gateway.config.read_text(encoding="utf-8")
    for what in ("a limit that is no amount", "a key that does not exist", "TOML that is none"):
        good, bad = BAD[what]
        gateway.config.write_text(text + GOOD.replace(good, bad), encoding="utf-8")
        done = started(gateway)
        assert (what, done.returncode) == (what, 2)
        (line,) = done.stderr.strip().splitlines()
        assert str(gateway.config) in line
    gateway.config.write_text(text, encoding="utf-8")
    assert gateways.again(gateway.data, gateway.config).http.get("/health/ready").status_code == 200
