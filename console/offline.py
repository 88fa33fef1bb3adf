"""The admin plane without a running gateway: the same application in this process, over no socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from console.client import AdminClient
from console.gateway import Place, read_token
from console.inprocess import InProcess
from console.trouble import NOTHING_THERE, WRONG_USE, Trouble
from gateway_core import ConfigError, Fault, load_settings, offline_admin


@asynccontextmanager
async def offline(place: Place) -> AsyncIterator[AdminClient]:
    """A client of the data folder's own parts. Raises Trouble where they cannot be put together."""
    try:
        settings = load_settings(data=place.data, config=place.config, host=place.host, port=place.port)
        async with offline_admin(settings) as application, anyio.create_task_group() as tasks:
            token = read_token(place.data / "admin.token")
            # The address is never looked up; its host is one that the gateway takes for its own.
            url = f"http://127.0.0.1:{settings.port}"
            async with AdminClient(url, token, transport=InProcess(application, tasks)) as client:
                yield client
            tasks.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        # The group of tasks wraps whatever happens inside it; who asked knows nothing of tasks.
        raise _innermost(group) from None
    except ConfigError as error:
        raise Trouble(error.message, WRONG_USE) from error
    except Fault as error:
        raise Trouble(error.message, NOTHING_THERE) from error


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
