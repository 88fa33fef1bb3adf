"""What is booked where usage cannot be believed."""

from __future__ import annotations

from gateway_core.model.call import Ask, DialectName, Operation, Reading
from gateway_core.model.rows import Certainty
from gateway_core.model.usage import Usage
from gateway_core.rules.settling import Booking, book
from tests.gateway_core.admission.admitting import PRICE, need

ASK = Ask(DialectName.ANTHROPIC, Operation.GENERATE, "m", stream=True, output_cap=1000, input_bytes=35)


def cut(usage: Usage) -> Booking:
    """The booking of a stream that broke after 70 bytes, when it had stated that usage."""
    reading = Reading(usage, finished=False, usage_final=False)
    return book(ASK, reading, PRICE, need(), held=10**8, output_bytes=70)


def test_a_cut_stream_books_what_was_stated_and_seen() -> None:
    booking = cut(Usage(input=10, output=1))
    assert (booking.usage.input, booking.usage.output) == (10, 20)
    assert (booking.certainty, booking.doubt) == (Certainty.ESTIMATED, None)


def test_absurd_usage_of_a_cut_stream_is_not_booked_either() -> None:
    for absurd in (Usage(input=10, output=10**9), Usage(input=10**12, output=10**9)):
        booking = cut(absurd)
        assert booking.usage.total < 100
        assert booking.doubt is not None and booking.cost_nano <= 10**8
