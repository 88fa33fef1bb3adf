"""What the gateway runs with, as its admin plane tells it."""

from __future__ import annotations

from tests.support.gateway import PROVIDER_KEY, Gateways

TOP = """
keep_rows = "400d"
retries = 2
modes = ["vibing", "building", "reviewing"]
"""
POLICY = """
[cache]
exact = { when = { app = "bot" }, ttl = "1h" }
[alerts]
webhook = "http://127.0.0.1:9/secret-path"
bell = true
"""


def test_the_settings_in_force_are_told_without_any_secret(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY, top=TOP)
    answer = gateway.admin_response("GET", "settings")
    assert PROVIDER_KEY not in answer.text and "secret-path" not in answer.text
    told = answer.json()
    assert told["config"] == str(gateway.config) and told["config_exists"]
    assert told["data"] == str(gateway.data)
    assert gateway.url.endswith(f":{told['port']}")
    assert (told["keep_days"], told["retries"], told["modes"][2]) == (400, 2, "reviewing")
    assert (told["exact_cache"], told["exact_cache_when"]) == (True, {"app": "bot"})
    assert told["exact_cache_ttl_seconds"] == 3600
    assert told["channels"] == ["webhook"] and told["bell"] and told["guard"]
    assert told["timezone"] == "UTC" and told["durability"] == "process"
