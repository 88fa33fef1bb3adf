"""The simulated developers: lively traffic that costs what a demo should, and nothing that stops them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import anyio
import pytest
from genai_prices import Usage, calc_price

from gateway_core.model.tags import parse_tags
from gateway_core.simulated.acts import Act, ActKind, play
from gateway_core.simulated.developers import DEVELOPERS, develop
from gateway_core.simulated.line import Receive, Scope, Send
from gateway_core.simulated.options import Options
from gateway_core.simulated.pace import Pace
from gateway_core.simulated.provider import application
from gateway_core.simulated.seat import CallMade, OnCall
from gateway_core.simulated.serving import serving

pytestmark = pytest.mark.anyio
SPEED = 30.0


class Gate:
    """Stands where a gateway would: notes the tags, and takes them out of the path."""

    def __init__(self, **options: Any) -> None:
        self.provider = application(Options(speed=SPEED, models=("mistral-*",), **options))
        self.tags: list[dict[str, str]] = []
        self.cached: list[bytes] = []
        self.refuse: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        words = headers.get(b"x-llmconsole-tags", b"").decode()
        if scope["path"].startswith("/@"):
            words, _, rest = scope["path"][2:].partition("/")
            scope = {**scope, "path": f"/{rest}"}
        self.tags.append(parse_tags(words))
        if self.refuse is not None:
            await send({"type": "http.response.start", "status": self.refuse, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})
            return
        await self.provider(scope, receive, send)


def price_of(arrived: dict[str, Any]) -> Decimal:
    model, used = arrived["model"], arrived["usage"]
    owners = {"claude": "anthropic", "gemini": "google", "mistral": "mistral"}
    owner = owners.get(model.partition("-")[0], "openai")
    written = used["cache_write"] + used["cache_write_1h"]
    usage = Usage(
        input_tokens=used["input"] + used["cached_input"] + written,
        cache_read_tokens=used["cached_input"],
        cache_write_tokens=written,
        output_tokens=used["output"],
    )
    return calc_price(usage, model, provider_id=owner).total_price


async def test_a_lively_minute() -> None:
    """One and a half simulated minutes: every model is priced, and the spend is what a demo wants to show."""
    gate, made = Gate(), list[CallMade]()
    async with serving(gate) as port:
        await develop(f"http://127.0.0.1:{port}", "token", pace=Pace(SPEED), seconds=4, on_call=made.append)
    minutes = 4 * SPEED / 60
    assert {call.developer for call in made} >= {person.name for person, _ in DEVELOPERS}
    assert {call.status for call in made} == {200}
    arrived = [one for one in gate.provider.seen.report()["requests"] if one["usage"]]
    spent = sum((price_of(one) for one in arrived), Decimal(0))
    assert Decimal("0.15") < spent / Decimal(minutes) < Decimal("1.5")
    assert 20 < len(arrived) / minutes < 150
    assert sum(one["usage"]["cached_input"] for one in arrived) > 0
    keys = {key for tags in gate.tags for key in tags}
    assert {"user", "team", "project", "app", "mode"} <= keys
    assert all(tags.get("project") for tags in gate.tags)


async def test_some_calls_are_the_very_same() -> None:
    gate = Gate()
    async with serving(gate) as port:
        await develop(f"http://127.0.0.1:{port}", "token", pace=Pace(60), seconds=1.5)
    checks = Counter(
        one["body"]
        for one in gate.provider.seen.report(bodies=True)["requests"]
        if one["path"] == "/v1/chat/completions" and "x-llmconsole-cache" in one["header_names"]
    )
    assert checks.most_common(1)[0][1] > 1


@pytest.mark.parametrize("status", [402, 429, 500])
async def test_refusals_are_waited_out(status: int) -> None:
    gate, made, served = Gate(), list[CallMade](), anyio.Event()
    gate.refuse = status

    def note(call: CallMade) -> None:
        made.append(call)
        if call.status == 200:
            served.set()

    async with serving(gate) as port, anyio.create_task_group() as group:
        group.start_soon(_develop, port, note)
        await anyio.sleep(0.6)
        refused = len(made)
        assert 5 <= refused <= 120, "they try again, but do not hammer"
        assert {call.status for call in made} == {status}
        gate.refuse = None
        with anyio.fail_after(5):
            await served.wait()
        group.cancel_scope.cancel()


async def _develop(port: int, on_call: OnCall | None) -> None:
    await develop(f"http://127.0.0.1:{port}", "token", pace=Pace(SPEED), on_call=on_call, story=())


async def test_a_gateway_that_is_away_is_waited_for() -> None:
    made = list[CallMade]()
    await develop("http://127.0.0.1:1", "token", pace=Pace(SPEED), seconds=0.5, on_call=made.append)
    assert made and {call.status for call in made} == {0}


async def test_they_stop_at_once() -> None:
    gate = Gate()
    async with serving(gate) as port:
        with anyio.fail_after(2):
            async with anyio.create_task_group() as group:
                group.start_soon(_develop, port, None)
                await anyio.sleep(0.3)
                group.cancel_scope.cancel()


async def test_acts_are_played_in_their_time() -> None:
    played = list[str]()

    def scene(name: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            played.append(f"{name} begins")
            try:
                await anyio.sleep_forever()
            finally:
                played.append(f"{name} ends")

        return run

    story = (Act(ActKind.LOOP, at=20, lasts=5), Act(ActKind.BURST, at=5, lasts=10))
    scenes = {ActKind.BURST: scene("burst"), ActKind.LOOP: scene("loop")}
    with anyio.move_on_after(0.4):
        await play(story, scenes, pace=Pace(100))
    assert played == ["burst begins", "burst ends", "loop begins", "loop ends"]
