"""Discarded answers in memory: for an hour, within their room, and never beyond their own time."""

from __future__ import annotations

from gateway_core.store.cache_aside import KEPT_ASIDE, MOST_ASIDE, Aside, Kept
from gateway_core.store.instants import SECOND

HOUR = KEPT_ASIDE * SECOND
FAR = 1_000 * HOUR


def kept(at: int = 0, size: int = 10, expires_at: int = FAR) -> Kept:
    return Kept(at, {"size": size, "expires_at": expires_at}, None)


def test_it_is_found_by_the_beginning_of_its_key_for_an_hour() -> None:
    aside = Aside()
    aside.hold(b"\xab\xcd", kept())
    found = aside.find("abc", HOUR)
    assert found is not None
    assert found[0] == b"\xab\xcd"
    assert aside.find("abc", HOUR + 1) is None


def test_a_beginning_of_two_names_neither() -> None:
    aside = Aside()
    aside.hold(b"\xab\x01", kept())
    aside.hold(b"\xab\x02", kept())
    assert aside.find("ab", 0) is None
    aside.drop(b"\xab\x02")
    assert aside.find("ab", 0) is not None


def test_what_has_expired_meanwhile_does_not_come_back() -> None:
    aside = Aside()
    aside.hold(b"k", kept(expires_at=5))
    assert aside.find(b"k".hex(), 4) is not None
    assert aside.find(b"k".hex(), 5) is None


def test_what_was_discarded_first_goes_first_where_there_is_no_room() -> None:
    aside = Aside()
    for name in (b"a", b"b", b"c"):
        aside.hold(name, kept(size=MOST_ASIDE // 2))
    assert [aside.find(name.hex(), 0) is not None for name in (b"a", b"b", b"c")] == [False, True, True]
    aside.forget()
    assert aside.find(b"c".hex(), 0) is None


def test_one_that_has_no_room_at_all_takes_nobody_elses() -> None:
    aside = Aside()
    assert aside.hold(b"a", kept())
    assert not aside.hold(b"huge", kept(size=MOST_ASIDE + 1))
    assert aside.find(b"huge".hex(), 0) is None
    assert aside.find(b"a".hex(), 0) is not None


def test_a_huge_one_is_not_mistaken_for_the_one_before_it() -> None:
    aside = Aside()
    aside.hold(b"a", kept())
    assert not aside.hold(b"a", kept(size=MOST_ASIDE + 1))
    assert aside.find(b"a".hex(), 0) is None
