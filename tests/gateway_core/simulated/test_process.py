"""The provider as a process: it says where it listens, paces its answers, fails by chance, ends when told."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.support.processes import Child, clean_environment, wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, WIRES, Wire, events_of


def test_sigterm_ends_it_even_within_an_answer(fresh_simulated: SimulatedProvider) -> None:
    body = CHAT.ask("[[sim hang=after:1:60 chunks=5 output=50]]", stream=True)
    sent = CHAT.credential("k")
    with fresh_simulated.http.stream("POST", CHAT.path, json=body, headers=sent) as response:
        next(response.iter_raw())
        assert fresh_simulated.child.terminate(5) == 0


def owned(folder: Path, *words: str) -> Child:
    return Child(
        [sys.executable, "-m", "gateway_core.simulated", *words, "--owner-pipe"],
        log=folder / "owned.log",
        environment=clean_environment(folder),
        stdin=subprocess.PIPE,
    )


def ends_with_its_owner(child: Child) -> None:
    assert child.running
    assert child.popen.stdin is not None
    child.popen.stdin.close()
    assert child.popen.wait(5) == 0


def test_the_end_of_its_owner_ends_it(tmp_path: Path) -> None:
    child = owned(tmp_path, "provider")
    try:
        wait_for(lambda: '{"port"' in child.output, what="the port")
        ends_with_its_owner(child)
    finally:
        child.close()


def test_developers_end_with_their_owner(fresh_simulated: SimulatedProvider, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("token-of-a-file")
    child = owned(tmp_path, "developers", "--url", fresh_simulated.url, "--token-file", str(token))
    try:
        wait_for(fresh_simulated.seen, what="the first call")
        ends_with_its_owner(child)
    finally:
        child.close()


def test_calls_fail_by_chance_and_again_the_same_way(tmp_path: Path) -> None:
    def statuses(folder: Path) -> list[int]:
        folder.mkdir()
        provider = SimulatedProvider(folder, "--speed", "inf", "--fail-rate", "0.4", "--seed", "3")
        try:
            return [
                provider.http.post(
                    MESSAGES.path, json=MESSAGES.ask("Luck?"), headers=MESSAGES.credential("k")
                ).status_code
                for _ in range(60)
            ]
        finally:
            provider.close()

    first = statuses(tmp_path / "first")
    assert set(first) == {200, 429, 500, 529}
    assert 24 <= Counter(first)[200] <= 48
    assert statuses(tmp_path / "second") == first


def test_speed_scales_the_tempo(tmp_path: Path) -> None:
    provider = SimulatedProvider(tmp_path, "--speed", "4")
    try:
        body = CHAT.ask("[[sim output=90 reasoning=0]]", model="gpt-4.1")
        response = provider.http.post(CHAT.path, json=body, headers=CHAT.credential("k"))
        # 0.6 s to the first byte and 90 tokens at 90 a second, four times as fast.
        assert 0.38 <= response.elapsed.total_seconds() < 1.5
    finally:
        provider.close()


def test_developers_as_a_process(fresh_simulated: SimulatedProvider, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("token-of-a-file\n")
    command = [sys.executable, "-m", "gateway_core.simulated", "developers", "--url", fresh_simulated.url]
    more = ["--token-file", str(token), "--speed", "30", "--seconds", "1.5"]
    child = Child([*command, *more], log=tmp_path / "developers.log", environment=clean_environment(tmp_path))
    try:
        assert child.popen.wait(15) == 0
        assert child.output == ""
        assert len(fresh_simulated.seen()) > 5
        assert {arrived["key"] for arrived in fresh_simulated.seen()} <= {"file", ""}
    finally:
        child.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory):
    provider = SimulatedProvider(tmp_path_factory.mktemp("plain"), "--plain")
    yield provider
    provider.close()


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_the_plain_mode_answers_the_same_to_all(plain: SimulatedProvider, wire: Wire) -> None:
    sent = wire.credential("k")
    answers = [plain.http.post(wire.path, json=wire.ask(text), headers=sent) for text in ("a", "b")]
    assert answers[0].content == answers[1].content
    assert wire.usage(answers[0].json()).output_tokens == 125
    assert 750 <= len(answers[0].content) <= 2_300
    body = wire.ask("c", stream=True)
    events = events_of(plain.http.post(wire.stream_path, json=body, headers=sent).content)
    assert 100 <= len(events) <= 115


def test_the_plain_mode_states_usage_only_where_it_is_asked(plain: SimulatedProvider) -> None:
    def usages(**more: object) -> int:
        body = {**CHAT.ask("c", stream=True), **more}
        raw = plain.http.post(CHAT.path, json=body, headers=CHAT.credential("k")).content
        return sum(event.get("usage") is not None for event in events_of(raw))

    assert usages() == 0
    assert usages(stream_options={"include_usage": True}) == 1
    assert plain.http.get("/_seen").json()["plain"][CHAT.path] >= 2


def test_the_plain_mode_is_fast(plain: SimulatedProvider) -> None:
    """Far below what it does alone on a core, so that a busy machine does not matter."""
    body, sent = CHAT.ask("fast"), CHAT.credential("k")
    with httpx.Client(base_url=plain.url, trust_env=False, verify=False) as client:
        begun = time.monotonic()
        for _ in range(200):
            client.post(CHAT.path, json=body, headers=sent)
    assert time.monotonic() - begun < 2


def test_a_stream_of_the_plain_mode_has_the_chunks_that_are_asked_for(tmp_path: Path) -> None:
    provider = SimulatedProvider(tmp_path, "--plain", "--chunks", "7")
    try:
        body = CHAT.ask("c", stream=True)
        answer = provider.http.post(CHAT.path, json=body, headers=CHAT.credential("k"))
        deltas = [event["choices"][0]["delta"] for event in events_of(answer.content)]
        assert sum(bool(delta.get("content")) for delta in deltas) == 7
    finally:
        provider.close()
