"""Who is let in: a ticket once, its session, our own Host and Origin, and nobody else."""

from __future__ import annotations

import socket
from urllib.parse import parse_qs, urlsplit

import pytest

from console.browser.door import Door, is_loopback


def ticket_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["token"][0]


def test_a_ticket_is_good_once() -> None:
    door = Door("127.0.0.1", 4142)
    ticket = ticket_of(door.invite())
    session = door.admit(ticket)
    assert session is not None and door.knows(session)
    assert door.admit(ticket) is None


@pytest.mark.parametrize("word", ["", "x", "ünknown", "\udcff"])
def test_no_other_word_is_a_ticket_or_a_session(word: str) -> None:
    door = Door("127.0.0.1", 4142)
    assert door.admit(word) is None
    ticket = ticket_of(door.invite())
    assert door.admit(word) is None and not door.knows(word)
    assert not door.knows(ticket)
    assert door.admit(ticket) is not None
    assert door.admit("") is None and not door.knows("")


def test_a_new_ticket_ends_the_one_before_and_no_session() -> None:
    door = Door("127.0.0.1", 4142)
    session = door.admit(ticket_of(door.invite()))
    unused = ticket_of(door.invite())
    assert door.admit(ticket_of(door.invite())) is not None
    assert door.admit(unused) is None
    assert session is not None and door.knows(session)


def test_tickets_sessions_and_rooms_are_long_and_differ() -> None:
    doors = [Door("127.0.0.1", 4142) for _ in range(20)]
    words = [word for door in doors for word in (ticket_of(door.invite()), door.room)]
    assert len(set(words)) == 40
    assert min(map(len, words)) >= 16


@pytest.mark.parametrize("host", ["127.0.0.1:4142", "localhost:4142", "LOCALHOST:4142", "[::1]:4142"])
def test_loopback_by_any_name_is_ours(host: str) -> None:
    door = Door("127.0.0.1", 4142)
    assert door.is_ours(host)
    assert door.is_own_page(f"http://{host}", host)


@pytest.mark.parametrize(
    "host",
    ["evil.example:4142", "127.0.0.1:4141", "127.0.0.1", "10.0.0.5:4142", "localhost.evil.example:4142", ""],
)
def test_a_foreign_host_is_not(host: str) -> None:
    assert not Door("127.0.0.1", 4142).is_ours(host)
    assert not Door("127.0.0.1", 4142).is_own_page(f"http://{host}", host)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.example",
        "http://127.0.0.1:4143",
        "https://127.0.0.1:4142",
        "http://localhost:4142",
    ],
)
def test_another_origin_is_not_our_page(origin: str) -> None:
    assert not Door("127.0.0.1", 4142).is_own_page(origin, "127.0.0.1:4142")


def test_who_listens_everywhere_goes_by_address_and_own_name_alone() -> None:
    door, name = Door("0.0.0.0", 4142), socket.gethostname().lower()
    assert urlsplit(door.invite()).hostname == name
    assert door.is_ours(f"{name}:4142") and door.is_ours("10.0.0.5:4142") and door.is_ours("[fe80::1]:4142")
    assert not door.is_ours("evil.example:4142")


def test_a_port_that_is_not_stated_is_80() -> None:
    assert Door("127.0.0.1", 80).is_ours("127.0.0.1") and Door("::1", 80).is_ours("[::1]")


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.0.0.9", True), ("localhost", True), ("::1", True), ("0.0.0.0", False),
     ("::", False), ("10.0.0.5", False), ("myhost", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
