"""Keys of what the exact cache leaves out: as long as it would have kept the answer, and no more."""

from __future__ import annotations

from gateway_core.pipeline.unkept import MOST, Unkept


def test_a_key_is_known_until_its_time_is_over() -> None:
    unkept = Unkept()
    assert not unkept.knows(b"a", 0.0)
    unkept.note(b"a", 10.0)
    assert unkept.knows(b"a", 9.9) and not unkept.knows(b"a", 10.0)
    unkept.note(b"a", 20.0)
    assert unkept.knows(b"a", 10.0)


def test_the_first_go_where_there_are_too_many() -> None:
    unkept = Unkept()
    for number in range(MOST + 1):
        unkept.note(number.to_bytes(4, "big"), 10.0)
    assert not unkept.knows((0).to_bytes(4, "big"), 0.0)
    assert unkept.knows((1).to_bytes(4, "big"), 0.0) and unkept.knows(MOST.to_bytes(4, "big"), 0.0)
