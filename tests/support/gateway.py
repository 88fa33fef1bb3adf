"""The gateway as a process of its own: started on a data folder, asked over its admin plane, killed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from gateway_core.clock import instant_text
from tests.support.forked import Forked, can_fork
from tests.support.processes import Child, clean_environment, wait_for

PROVIDERS = ("openai", "anthropic", "gemini")
PROVIDER_KEY = "provider-key-of-the-tests-7f3a"

Row = dict[str, Any]


def provider_sections(base_urls: Mapping[str, str], key_file: Path) -> str:
    """[providers.…] for the given base URLs, their key in a file as a user without a keyring has it."""
    return "".join(
        f'[providers.{name}]\nbase_url = "{url}"\napi_key = "file:{key_file}"\n'
        for name, url in base_urls.items()
    )


class GatewayProcess(Child):
    """`python -m gateway_core` beside its log, in a clean environment; forked where that is the same, unless
    it has to be `fresh`, as a user's is, to be measured."""

    def __init__(
        self, arguments: Sequence[str], *, log: Path, more: Mapping[str, str] | None, fresh: bool = False
    ) -> None:
        environment = clean_environment(log.parent, more)
        if can_fork(more) and not fresh:
            self.log = log
            with log.open("ab") as output, open(os.devnull, "rb") as nothing:
                files = nothing, output, output
                self.popen = Forked(
                    "gateway", arguments, files=files, environment=environment, cwd=log.parent
                )
        else:
            command = [sys.executable, "-m", "gateway_core", *arguments]
            super().__init__(command, log=log, environment=environment)


class RunningGateway:
    """One run of the gateway on a data folder; another run on the same folder is another object."""

    def __init__(
        self,
        data: Path,
        config: Path,
        *,
        options: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
        fresh: bool = False,
    ) -> None:
        self.data = data
        self.config = config
        arguments = ["--data", str(data), "--config", str(config), "--port", "0", *options]
        log = config.parent / "gateway.log"
        self.child = GatewayProcess(arguments, log=log, more=environment, fresh=fresh)
        try:
            self.url = wait_for(self._ready, what="the gateway")
        except BaseException:
            self.child.close()
            raise
        self.token = (data / "client.token").read_text(encoding="utf-8").strip()
        self.admin_token = (data / "admin.token").read_text(encoding="utf-8").strip()
        self.http = httpx.Client(base_url=self.url, trust_env=False, verify=False, timeout=30)
        self._since = ""

    def _ready(self) -> str | None:
        """The URL once DATA/gateway.json is this run's own, not one that a killed run left behind."""
        assert self.child.running, f"the gateway ended:\n{self.child.output}"
        try:
            found = json.loads((self.data / "gateway.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return str(found["url"]) if found["pid"] == self.child.pid else None

    def admin(self, method: str, path: str, **options: Any) -> Any:
        """The JSON answer of /admin/v1/{path}; an error status fails the test with the answer's text."""
        response = self.admin_response(method, path, **options)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def admin_response(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.admin_token}"}
        return self.http.request(method, f"/admin/v1/{path}", headers=headers, **options)

    def export(self) -> list[Row]:
        """Every row of the ledger as `llmconsole export` gives it, oldest first; of a gateway that tests
        share, the rows of this one."""
        response = self.admin_response("GET", "export", params={"format": "jsonl"})
        assert response.is_success, response.text
        rows = [json.loads(line) for line in response.text.splitlines() if line.strip()]
        return [row for row in rows if row["started_at"] >= self._since]

    def next_test(self) -> RunningGateway:
        """The same gateway for another test: calls that began before are no business of its own."""
        self._since = instant_text(datetime.now(UTC))
        return self

    def rows(self, count: int) -> list[Row]:
        """The ledger once it holds `count` rows and none of them is open."""
        found: list[Row] = []

        def settled() -> bool:
            found[:] = self.export()
            return len(found) >= count and all(row["status"] == "settled" for row in found)

        wait_for(settled, what=f"{count} settled rows", seconds=10)
        assert len(found) == count, [row["id"] for row in found]
        return found

    def doctor(self, *, ledger_only: bool = False) -> list[Row]:
        """The checks that failed. ledger_only: where a provider is gone on purpose."""
        only = {"only": "ledger"} if ledger_only else {}
        return [check for check in self.admin("GET", "doctor", params=only)["checks"] if not check["ok"]]

    def kill(self) -> None:
        """SIGKILL, at once."""
        self.child.kill()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        return self.child.terminate()

    def close(self) -> None:
        if hasattr(self, "http"):
            self.http.close()
        self.child.close()


def started(gateway: RunningGateway) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    command = [sys.executable, "-m", "gateway_core", "--data", str(gateway.data)]
    return subprocess.run(
        [*command, "--config", str(gateway.config), "--port", "0"],
        env=clean_environment(gateway.config.parent),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


class Gateways:
    """Starts gateways for one test, each on a fresh data folder or on one that is given again.

    fresh: none of them is forked.
    """

    def __init__(
        self, folder: Path, base_urls: Mapping[str, str], prices: Path, *, fresh: bool = False
    ) -> None:
        self.folder = folder
        self.fresh = fresh
        self.base_urls = base_urls
        self.prices = prices
        self.running: list[RunningGateway] = []

    def start(
        self,
        policy: str = "",
        *,
        top: str = "",
        timezone: str = "UTC",
        base_urls: Mapping[str, str] | None = None,
        options: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> RunningGateway:
        """A gateway on a fresh data folder. `top` are config.toml's own keys, `policy` its sections."""
        home = self.folder / f"gateway-{len(self.running)}"
        data = home / "data"
        data.mkdir(parents=True, mode=0o700)
        shutil.copy(self.prices, data / "prices.json")
        key_file = home / "provider.key"
        key_file.write_text(PROVIDER_KEY, encoding="utf-8")
        key_file.chmod(0o600)
        sections = provider_sections(self.base_urls if base_urls is None else base_urls, key_file)
        config = home / "config.toml"
        # The tests' own process and repository are nobody's project, unless a test asks for them.
        own = "" if "peer_tags" in top else "peer_tags = false"
        text = f'timezone = "{timezone}"\n{own}\n{top}\n{sections}\n{policy}'
        config.write_text(text, encoding="utf-8")
        return self.again(data, config, options=options, environment=environment)

    def again(
        self,
        data: Path,
        config: Path,
        *,
        options: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> RunningGateway:
        """A gateway on a data folder that is there already."""
        gateway = RunningGateway(data, config, options=options, environment=environment, fresh=self.fresh)
        self.running.append(gateway)
        return gateway

    def close(self) -> None:
        for gateway in self.running:
            gateway.close()
