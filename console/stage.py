"""The demo's stage: a throw-away data folder, a simulated provider, a gateway, and developers who use it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from console.gateway import GatewayHandle, Place, lives, start
from console.trouble import NO, GatewayFailed, Trouble

PREFIX = "llmconsole-demo-"
ENDS_WITHIN = 5.0
SLOWEST, FASTEST = 0.25, 32.0
GOOGLE_LIKE = ("anthropic", "gemini")
"""Providers whose base URL has no /v1."""
PROVIDERS = (
    *GOOGLE_LIKE,
    "openai",
    "ollama",
    "openrouter",
    "groq",
    "mistral",
    "deepseek",
    "xai",
    "together",
    "azure",
)

# Limits that the developers come near, and pass, within minutes.
_BO_A_MINUTE = 60
POLICY = """
[[budgets]]
name = "everything"
limit_usd = "500.00"
window = "month"
at_limit = "block"

[[budgets]]
name = "user ana"
match = { user = "ana" }
limit_usd = "1.50"
window = "day"
at_limit = "alert"

[[budgets]]
name = "project atlas"
match = { project = "atlas" }
limit_usd = "0.12"
window = "day"
at_limit = "block"

[[budgets]]
name = "project hackathon"
match = { project = "hackathon" }
limit_usd = "0.40"
window = "hour"
at_limit = "alert"

[[budgets]]
name = "mode vibing"
match = { mode = "vibing" }
limit_usd = "25.00"
window = "week"
at_limit = "downgrade"

[[budgets]]
name = "team platform"
match = { team = "platform" }
limit_usd = "60.00"
window = "month"
at_limit = "alert"

[[throttles]]
name = "bo's agent"
match = { user = "bo" }
requests_per_minute = @bo@

[[routes]]
name = "reviews go small"
when = { app = "review-bot", model = "gpt-5-mini" }
use = ["gpt-5-nano"]

[[routes]]
name = "help desk has a second"
when = { app = "help-bot" }
use = ["mistral-medium-latest", "gpt-5-mini"]

[guard]
stop_minutes = 1
repeat = { calls = 20, action = "stop" }

[cache]
exact = { when = { app = "review-bot" }, ttl = "1h" }
"""


class Pacer:
    """Changes the speed of the simulation while it plays."""

    def __init__(self, speed: float, players: tuple[subprocess.Popen[bytes], ...]) -> None:
        self.speed = speed
        self._players = players

    def times(self, factor: float) -> float:
        """So many times as fast from now on, within SLOWEST and FASTEST; the speed then."""
        self.speed = min(max(self.speed * factor, SLOWEST), FASTEST)
        for player in self._players:
            # Who has ended needs no speed.
            with contextlib.suppress(OSError, ValueError):
                assert player.stdin is not None
                player.stdin.write(f"{self.speed}\n".encode())
                player.stdin.flush()
        return self.speed


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo while it plays."""

    folder: Path
    gateway: GatewayHandle
    developers: subprocess.Popen[bytes]
    pacer: Pacer


@contextlib.contextmanager
def stage(
    *,
    keep: Path | None,
    seed: int,
    speed: float,
    port: int = 0,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[Stage]:
    """Everything that the demo needs, started; at the end it is ended and, unless kept, removed.

    keep: a folder that stays; speed: how much faster than life; meanwhile: called once while the gateway
    starts. Raises Trouble and GatewayFailed.
    """
    sweep()
    with contextlib.ExitStack() as ending:
        folder = _kept(keep) if keep else ending.enter_context(_thrown_away())
        provider, base_url = ending.enter_context(_provider(folder, seed, speed))
        config = folder / "config.toml"
        config.write_text(_config(folder, base_url, speed), encoding="utf-8")
        gateway = start(Place(folder / "data", config, port=port), meanwhile)
        ending.callback(gateway.close)
        developers = ending.enter_context(_developers(folder, gateway, seed, speed))
        yield Stage(folder, gateway, developers, Pacer(speed, (provider, developers)))


def sweep() -> None:
    """Removes what demos left behind that were killed before they could tidy up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not lives(int(pid)) and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _thrown_away() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(folder: Path) -> Path:
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"{folder}: cannot be made: {error.strerror}; name another with --keep", NO) from None
    return folder


@contextlib.contextmanager
def _provider(folder: Path, seed: int, speed: float) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A simulated provider; its process and its address."""
    words = ["provider", "--port", "0", "--seed", str(seed), "--speed", str(speed), "--owner-pipe"]
    words += ["--model", "mistral-*"]
    with _child(folder, words, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.stdout.close()
        try:
            port = int(json.loads(line)["port"])
        except (ValueError, KeyError):
            raise GatewayFailed(
                f"the simulated provider did not start; see {folder / 'provider.log'}"
            ) from None
        yield process, f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _developers(
    folder: Path, gateway: GatewayHandle, seed: int, speed: float
) -> Iterator[subprocess.Popen[bytes]]:
    token = folder / "data" / "client.token"
    words = ["developers", "--url", gateway.url, "--token-file", str(token), "--owner-pipe"]
    with _child(folder, [*words, "--seed", str(seed), "--speed", str(speed)]) as process:
        yield process


@contextlib.contextmanager
def _child(
    folder: Path, words: list[str], stdout: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    with open(folder / f"{words[0]}.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gateway_core.simulated", *words],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _config(folder: Path, base_url: str, speed: float) -> str:
    key = folder / "provider.key"
    key.touch(mode=0o600)
    key.write_text("simulated-key\n", encoding="ascii")
    sections = "".join(_section(name, base_url, key) for name in PROVIDERS)
    # A throttle's minute is a real one, and the developers' minutes are shorter.
    policy = POLICY.replace("@bo@", str(max(1, round(_BO_A_MINUTE * speed))))
    return f"simulated = true\npeer_tags = false\n{sections}{policy}"


def _section(name: str, base_url: str, key: Path) -> str:
    url = base_url if name in GOOGLE_LIKE else f"{base_url}/v1"
    fields: Mapping[str, str] = {"base_url": url, "api_key": f"file:{key}"}
    return f"\n[providers.{name}]\n" + "".join(
        f"{each} = {json.dumps(value)}\n" for each, value in fields.items()
    )
