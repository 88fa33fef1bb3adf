"""python -m gateway_core: the gateway as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import sys
from collections.abc import Callable

from gateway_core.model.errors import ConfigError, Fault


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 drained and done, 2 wrong configuration, 3 could not start. Errors are one line."""
    parser = argparse.ArgumentParser(prog="python -m gateway_core", description="The llmconsole gateway.")
    parser.add_argument("--data", help="data folder")
    parser.add_argument("--config", help="configuration file")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int, help="0 takes any free one")
    parser.add_argument("--owner-pipe", action="store_true", help="end when standard input ends")
    parser.add_argument("--simulated", action="store_true", help="mark all money as not real")
    given = parser.parse_args(arguments)
    return serve(
        data=given.data,
        config=given.config,
        host=given.host,
        port=given.port,
        simulated=given.simulated or None,
        owner_pipe=given.owner_pipe,
    )


def serve(
    *,
    data: str | None = None,
    config: str | None = None,
    host: str | None = None,
    port: int | None = None,
    simulated: bool | None = None,
    owner_pipe: bool = False,
) -> int:
    """Runs a gateway in this process until it is told to stop; the exit status of `main`."""
    from gateway_core.settings import load_settings

    try:
        settings = load_settings(data=data, config=config, host=host, port=port, simulated=simulated)
        logging.basicConfig(
            stream=sys.stderr,
            level=settings.log_level.upper(),
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        )
        from gateway_core.server import run

        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run(settings, owner_pipe=owner_pipe))
        # All that is left goes with the process; to look through it for garbage takes a tenth of a second.
        gc.freeze()
    except Fault as fault:
        sys.stderr.write(f"llmconsole: {fault.message}\n")
        return 2 if isinstance(fault, ConfigError) else 3
    except KeyboardInterrupt:
        return 0
    return 0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


if __name__ == "__main__":
    sys.exit(main())
