"""The log's last lines: kept in order and number, cut, and clean of secrets wherever they are written."""

from __future__ import annotations

import logging
from io import StringIO

import pytest

from gateway_core.logbook import LONGEST, Logbook

KEY = "sk-live-0f3a77d2c4419e2b"


def said(name: str) -> logging.Logger:
    logger = logging.getLogger(f"tests.logbook.{name}")
    logger.setLevel(logging.DEBUG)
    return logger


def test_the_last_lines_are_kept_by_number_and_level() -> None:
    book, log = Logbook(most=3), said("order")
    with book.listening():
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
            log.log(level, "at %s", logging.getLevelName(level))
    lines, last = book.lines()
    assert ([line.n for line in lines], last) == ([3, 4, 5], 5)
    assert [line.level for line in lines] == ["warning", "error", "error"]
    assert [line.text for line in book.lines(after=3)[0]] == ["at ERROR", "at CRITICAL"]
    assert len(book.lines(level="error")[0]) == 2
    assert [line.n for line in book.lines(limit=1)[0]] == [5]
    log.error("nobody listens")
    assert book.lines()[1] == 5


@pytest.mark.parametrize(
    "text",
    [
        f"authorization: Bearer {KEY}",
        f"the key {KEY} was refused",
        "x-goog-api-key AIzaSyA-0123456789abcdefghijk",
        "clone with " + "ghp_" + "0123456789abcdefghijk",
        "hook " + "xoxb-" + "0123456789-abcdefghijk",
        "AKIAIOSFODNN7EXAM",
        "token of mine: not-like-a-key",
    ],
)
def test_no_secret_is_written_anywhere(text: str) -> None:
    book, log, out = Logbook(), said("secrets"), StringIO()
    book.redact = lambda words: words.replace("not-like-a-key", "••••")
    stream = logging.StreamHandler(out)
    logging.getLogger().addHandler(stream)
    secret = text.split()[-1] if KEY not in text else KEY
    try:
        with book.listening():
            log.warning("told: %s", text)
            try:
                raise ValueError(text)
            except ValueError:
                log.exception("it broke")
    finally:
        logging.getLogger().removeHandler(stream)
    lines, _ = book.lines()
    written = out.getvalue() + "".join(line.text for line in lines)
    assert secret not in written
    assert written.count("••••") == 4
    assert "ValueError" in lines[1].text and "Traceback" in lines[1].text
    assert stream.filters == []


def test_a_line_without_end_is_cut() -> None:
    book = Logbook()
    with book.listening():
        said("long").error("x" * 3 * LONGEST)
    assert len(book.lines()[0][0].text) == LONGEST
