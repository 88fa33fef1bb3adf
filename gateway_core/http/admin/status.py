"""What the gateway is and does: status, vital signs, the current mode, and whether all is well."""

from __future__ import annotations

from typing import Literal

import anyio

from gateway_core.http.admin import checkup, weekly
from gateway_core.http.admin.answers.overview import KeyringAnswer, ModeAnswer, StatusAnswer, SummaryAnswer
from gateway_core.http.admin.answers.reports import ChecksAnswer
from gateway_core.http.admin.bodies import ModeBody
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.expecting import Over
from gateway_core.http.admin.keys import any_key, keyring_answer
from gateway_core.http.admin.subject import subject
from gateway_core.http.admin.vitals import vitals
from gateway_core.store.revisions import revision

KEYRING_SECONDS = 1.0
"""How long the status waits for the keyring, which may be asking a person for its password."""
NOT_YET = KeyringAnswer(
    backend="unknown",
    usable=False,
    problem="the keyring has not answered yet",
    mend="look for its dialogue and unlock it",
)
router = subject("status")


@router.get("/status")
async def status(gateway: Gateway) -> StatusAnswer:
    """What runs here."""
    settings = gateway.settings
    keyring, callable_ = NOT_YET, True
    with anyio.move_on_after(KEYRING_SECONDS):
        keyring = keyring_answer(await gateway.vault.state())
        callable_ = await any_key(gateway)
    return StatusAnswer(
        version=gateway.version,
        pid=gateway.pid,
        started_at=gateway.started_at,
        data=str(settings.data),
        url=gateway.url,
        simulated=settings.simulated,
        mode=gateway.mode,
        mode_revision=revision(gateway.mode),
        modes=list(settings.modes),
        draining=gateway.draining,
        in_flight=len(gateway.live_calls()),
        timezone=str(gateway.timezone),
        prices_dated=gateway.prices.dated,
        keyring=keyring,
        any_key=callable_,
        watchers=gateway.bus.watchers,
        bell=settings.alerts.bell,
    )


@router.get("/summary")
async def summary(gateway: Gateway) -> SummaryAnswer:
    """The vital signs: pace, today, the month and where it lands, what was saved."""
    return await vitals(gateway)


@router.get("/mode")
async def mode(gateway: Gateway) -> ModeAnswer:
    """The mode of calls that name none."""
    return ModeAnswer(mode=gateway.mode, revision=revision(gateway.mode))


@router.put("/mode")
async def put_mode(body: ModeBody, gateway: Gateway, over: Over) -> ModeAnswer:
    """Switches the mode of calls that name none."""
    await gateway.set_mode(body.mode, over.check("the mode was switched meanwhile; see llmconsole mode"))
    return ModeAnswer(mode=body.mode, revision=revision(body.mode))


@router.get("/doctor")
async def doctor(gateway: Gateway, only: Literal["ledger"] | None = None) -> ChecksAnswer:
    """Whether all is well, and what to do where it is not; only=ledger proves the ledger alone."""
    checks = await checkup.ledger(gateway)
    if only is None:
        checks = [*await checkup.surroundings(gateway), *await weekly.check(gateway), *checks]
    return ChecksAnswer(checks=checks)
