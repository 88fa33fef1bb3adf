"""`python -m gateway_core.simulated provider|developers`: the simulation from the command line."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

import anyio

from gateway_core.simulated.options import Options
from gateway_core.simulated.owner import follow_stdin
from gateway_core.simulated.pace import Pace


def main(arguments: list[str] | None = None) -> int:
    """Runs one of the two. Returns the exit status."""
    parsed = _parser().parse_args(arguments)
    run = {"provider": _provider, "developers": _developers}[parsed.part]
    run(parsed)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway_core.simulated", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    provider = parts.add_parser("provider", help="a provider of all formats; prints its port as JSON")
    provider.add_argument("--host", default="127.0.0.1")
    provider.add_argument("--port", type=int, default=0, help="0 picks a free one")
    provider.add_argument("--speed", type=float, default=1.0, help="'inf' waits never")
    provider.add_argument("--fail-rate", type=float, default=0.0, help="share of calls that fail, 0 to 1")
    provider.add_argument("--seed", type=int, default=0)
    provider.add_argument("--plain", action="store_true", help="canned answers, as fast as can be")
    provider.add_argument("--chunk-gap", type=float, default=0.0, help="seconds between chunks with --plain")
    provider.add_argument("--chunks", type=int, default=100, help="chunks of a stream with --plain")
    provider.add_argument(
        "--cache-life", type=float, default=300.0, help="seconds that a prompt stays in the cache"
    )
    provider.add_argument("--model", action="append", default=[], help="a further model name or pattern")
    provider.add_argument("--owner-pipe", action="store_true", help="end when stdin ends")
    developers = parts.add_parser("developers", help="developers who send traffic to a gateway")
    developers.add_argument("--url", required=True, help="the gateway, http://127.0.0.1:4141")
    developers.add_argument("--token-file", required=True, help="file with the client token")
    developers.add_argument("--seed", type=int, default=0)
    developers.add_argument("--speed", type=float, default=1.0)
    developers.add_argument("--seconds", type=float, default=None, help="end after so long")
    developers.add_argument("--owner-pipe", action="store_true", help="end when stdin ends")
    return parser


def _provider(parsed: argparse.Namespace) -> None:
    # Imported here: the developers need no server.
    from gateway_core.simulated.serving import serve

    options = Options(
        speed=parsed.speed,
        fail_rate=parsed.fail_rate,
        seed=parsed.seed,
        plain=parsed.plain,
        chunk_gap=parsed.chunk_gap,
        chunks=parsed.chunks,
        models=tuple(parsed.model),
        cache_life=parsed.cache_life,
    )

    async def run() -> None:
        await serve(options, host=parsed.host, port=parsed.port, owner_pipe=parsed.owner_pipe)

    anyio.run(run, backend_options={"use_uvloop": sys.platform != "win32"})


def _developers(parsed: argparse.Namespace) -> None:
    # Imported here: the provider needs no HTTP client.
    from gateway_core.simulated.developers import develop

    token = Path(parsed.token_file).read_text(encoding="utf-8").strip()

    async def run() -> None:
        pace = Pace(parsed.speed)
        async with anyio.create_task_group() as tasks:
            if parsed.owner_pipe:
                tasks.start_soon(follow_stdin, tasks.cancel_scope, pace.hasten)
            await develop(parsed.url, token, seed=parsed.seed, pace=pace, seconds=parsed.seconds)
            tasks.cancel_scope.cancel()

    # An interrupt is how a person ends this.
    with contextlib.suppress(KeyboardInterrupt):
        anyio.run(run)


if __name__ == "__main__":
    sys.exit(main())
