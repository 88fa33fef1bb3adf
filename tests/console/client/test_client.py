"""The console's client against a real gateway: every query has its shape, every trouble its name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from decimal import Decimal

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream

from console.client import AdminClient, ClientError, GatewayGone
from console.events import BACK, LOST, read_events
from console.shapes import Event
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

pytestmark = pytest.mark.anyio


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


def connect(gateway: RunningGateway) -> AdminClient:
    return AdminClient(gateway.url, gateway.admin_token)


async def test_every_query_has_its_shape(gateway: RunningGateway) -> None:
    body = CHAT.ask("Shape [[sim output=20]]")
    assert gateway.http.post(CHAT.path, headers=CHAT.credential(gateway.token), json=body).is_success
    row = gateway.rows(1)[0]
    async with connect(gateway) as client:
        assert (await client.status()).url == gateway.url
        assert (await client.summary()).today_usd == Decimal(row["cost_usd"])
        assert (await client.spend("1h", "provider")).series[0].name == "openai"
        calls = await client.calls(where={"provider": "openai"})
        assert calls.calls[0] == await client.call(row["id"])
        assert calls.calls[0].total_input == row["input_tokens"] + row["cached_input_tokens"]
        assert (await client.cache("7d")).exact.bypass == 1
        assert (await client.report(by=["model"])).total.calls == 1
        assert (await client.keys()).keys[0].provider == "openai"
        assert [token.name for token in await client.tokens()] == ["default"]
        assert (await client.client_token()).token == gateway.token
        assert (await client.settings()).config == str(gateway.config)
        assert all(check.ok for check in await client.doctor(ledger_only=True))
        pieces = [piece async for piece in client.export()]
        assert b"".join(pieces).count(b"\n") == 1


async def test_every_edit_answers_with_what_now_stands(gateway: RunningGateway) -> None:
    async with connect(gateway) as client:
        budget = await client.put_budget("a/b c", match={"user": "ann"}, limit_usd=Decimal("1e-7"))
        assert budget.limit_usd == Decimal("0.0000001")
        assert await client.budgets() == (budget,)
        await client.delete_budget("a/b c")
        assert (await client.put_throttle("t", concurrent=2)).concurrent == 2
        assert [each.name for each in await client.throttles()] == ["t"]
        await client.delete_throttle("t")
        route = await client.put_route("r", when={"mode": "vibing"}, use=["gpt-5-nano"])
        assert (await client.routes()).routes == (route,)
        await client.delete_route("r")
        assert await client.undo() == "routes"
        assert (await client.routes()).routes == (route,)
        assert (await client.set_mode("building")).mode == await client.mode() == "building"
        text = (await client.policy()).toml
        assert await client.apply_policy("", dry_run=True) != text == (await client.policy()).toml
        assert await client.apply_policy(text) == text
        made = await client.create_token("ci", {"user": "ci"})
        await client.revoke_token(made.name)
        state = await client.set_key("groq", "sk-0123456789ab", session_only=True)
        assert state.hint == "••••89ab"
        assert not (await client.test_key("groq", "sk-0123456789ab")).ok
        await client.remove_key("groq")


async def test_a_refusal_is_an_error_with_code_sentence_and_exit_status(gateway: RunningGateway) -> None:
    async with connect(gateway) as client:
        with pytest.raises(ClientError, match="no budget is named 'x'") as refused:
            await client.delete_budget("x")
        assert (refused.value.code, refused.value.status, refused.value.exit_status) == (
            "no_such_budget",
            404,
            1,
        )
        with pytest.raises(ClientError, match="unknown_grouping|cannot group") as refused:
            await client.report(by=["nonsense"])
        assert refused.value.exit_status == 2
        with pytest.raises(ClientError):
            async for _ in client.export("xml"):
                raise AssertionError("nothing is exported as XML")
    async with AdminClient(gateway.url, "wrong") as stranger:
        with pytest.raises(ClientError) as refused:
            await stranger.status()
        assert refused.value.status == 401
        with pytest.raises(ClientError):
            await anext(stranger.events())


async def test_nobody_there_is_its_own_error() -> None:
    async with AdminClient("http://127.0.0.1:9", "x") as client:
        with pytest.raises(GatewayGone, match="no gateway answers at http://127.0.0.1:9"):
            await client.status()
        with pytest.raises(GatewayGone):
            async for _ in client.export():
                raise AssertionError("nobody is there to export")


UNREADABLE = [b'{"a": ', b'{"a": "\xff"}', b'{"a": ' + b"[" * 100_000, b'{"error": {}}', b"[]", b"\xff"]


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_an_answer_that_nobody_can_read_is_told(body: bytes) -> None:
    head = b"HTTP/1.1 %d Told\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"

    async def answer(stream: SocketStream) -> None:
        async with stream:
            status = 500 if b"budgets" in await stream.receive() else 200
            await stream.send(head % (status, len(body)) + body)

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = listener.extra(SocketAttribute.local_port)
        async with anyio.create_task_group() as tasks, AdminClient(f"http://127.0.0.1:{port}", "x") as client:
            tasks.start_soon(listener.serve, answer)
            with pytest.raises(ClientError, match="answered in another shape"):
                await client.status()
            with pytest.raises(ClientError, match="answered 500"):
                await client.budgets()
            with pytest.raises(ClientError, match="answered in another shape|ended its answer before"):
                await client.test_routes({})
            tasks.cancel_scope.cancel()


@pytest.mark.parametrize(
    "told",
    [
        b"data: {",
        b"data: [1]",
        b"data: \xff",
        b"id: x\ndata: {}",
        b"event: \xff\ndata: {}",
        b"data: " + b"[" * 10**5,
    ],
    ids=["cut", "no object", "no text", "no number", "no name", "too deep"],
)
async def test_events_that_nobody_can_read_are_told(told: bytes) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield told + b"\n\n"

    with pytest.raises(ClientError, match="tells events in another shape"):
        _ = [event async for event in read_events(body())]


async def test_an_answer_that_cannot_be_unpacked_is_told_as_a_gateway_that_is_gone() -> None:
    async def answer(stream: SocketStream) -> None:
        async with stream:
            await stream.receive()
            await stream.send(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nno")

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = listener.extra(SocketAttribute.local_port)
        async with anyio.create_task_group() as tasks, AdminClient(f"http://127.0.0.1:{port}", "x") as client:
            tasks.start_soon(listener.serve, answer)
            with pytest.raises(GatewayGone):
                await client.status()
            with pytest.raises(GatewayGone):
                _ = [piece async for piece in client.export()]
            assert (await anext(client.events())).kind == LOST
            tasks.cancel_scope.cancel()


async def test_events_go_on_after_the_gateway_was_away(gateways: Gateways) -> None:
    first = gateways.start()
    port = int(first.url.rsplit(":", 1)[1])
    async with connect(first) as client:
        events = client.events()
        async with anyio.create_task_group() as tasks:
            told: list[Event] = []

            async def listen() -> None:
                async for event in events:
                    told.append(event)

            tasks.start_soon(listen)
            await until(lambda: first.admin("GET", "status")["watchers"] == 1)
            first.admin("PUT", "mode", json={"mode": "building"})
            await until(lambda: bool(told))
            first.kill()
            await until(lambda: bool(told) and told[-1].kind == LOST)
            again = gateways.again(first.data, first.config, options=["--port", str(port)])
            await until(lambda: bool(told) and told[-1].kind == BACK)
            again.admin("PUT", "mode", json={"mode": "vibing"})
            await until(lambda: bool(told) and told[-1].kind == "policy.changed")
            tasks.cancel_scope.cancel()
    assert told[-1].data == {"what": "mode"}
    assert [event.kind for event in told].count(LOST) == 1


async def until(true: Callable[[], bool]) -> None:
    """Looks again and again, as nothing here tells us when."""
    with anyio.fail_after(20):
        async for _ in ticks():
            if true():
                return


async def ticks() -> AsyncIterator[None]:
    while True:
        yield
        await anyio.sleep(0.02)


async def bytes_of(text: str, size: int) -> AsyncIterator[bytes]:
    raw = text.encode()
    for at in range(0, len(raw), size):
        yield raw[at : at + size]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_events_may_be_split_anywhere(size: int, end: str) -> None:
    lines = [
        ": ping",
        "",
        "id: 7",
        "event: log",
        'data: {"message": "naïve\u2028line"}',
        "",
        "id: 8",
        "event: x",
        "",
    ]
    lines += ["id:9", "event:gateway", "data:{}", "", "id: 10", "data: {}"]
    told = [event async for event in read_events(bytes_of(end.join(lines) + end, size))]
    assert told == [Event(7, "log", {"message": "naïve\u2028line"}), Event(9, "gateway", {})]
