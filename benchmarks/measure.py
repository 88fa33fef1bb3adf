"""The figures of one place, one function each: under load, alone, and chunk by chunk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import load, wrk
from benchmarks.places import Place
from benchmarks.processes import Cores, cpu_seconds
from benchmarks.shapes import CHUNKS

CONNECTIONS = 16
WARM_UP = 0.5
SETTLE = 0.2
"""Seconds until the rows that follow the last byte are written: they are part of the cost."""


@dataclass
class Figures:
    """None where a place has no process of its own that could be measured."""

    requests_per_second: float = 0.0
    cpu_us_a_request: float | None = None
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    first_chunk_ms: float = 0.0
    cpu_us_a_chunk: float | None = None
    cpu_us_a_paced_chunk: float | None = None
    cpu_us_a_further_chunk: float | None = None
    """What a chunk adds to a burst stream: without the start and the end of its call."""


def warm_up(place: Place, *, stream: bool = False) -> None:
    """Opens connections and lets every part run a while before anything is measured."""
    load.run(place.url, place.request(stream=stream), connections=CONNECTIONS, seconds=WARM_UP)
    time.sleep(SETTLE)


def under_load(place: Place, seconds: float, folder: Path, cores: Cores) -> tuple[float, float | None]:
    """Requests a second at 16 connections, and CPU microseconds of the place for each."""
    before = cpu_seconds(place.pids)
    request = place.request()
    if wrk.installed():
        count, took = wrk.run(
            place.url, request, folder, connections=CONNECTIONS, seconds=seconds, cores=cores.others
        )
    else:
        result = load.run(place.url, request, connections=CONNECTIONS, seconds=seconds)
        count, took = result.count, result.seconds
    time.sleep(SETTLE)
    return count / took, _each(place, before, count)


def alone(place: Place, seconds: float) -> tuple[float, float]:
    """p50 and p99 in milliseconds of one connection that waits for each answer."""
    times = load.run(place.url, place.request(), connections=1, seconds=seconds).whole
    return median(times) * 1000, load.p99(times)


def first_chunk(place: Place, seconds: float) -> float:
    """Milliseconds to the first chunk of a stream, p50, one stream at a time."""
    return (
        median(load.run(place.url, place.request(stream=True), connections=1, seconds=seconds).first_byte)
        * 1000
    )


def per_chunk(place: Place, seconds: float, chunks: int = CHUNKS) -> float | None:
    """CPU microseconds of the place for each relayed chunk of a stream of so many, the stream's own start
    and end among them."""
    before = cpu_seconds(place.pids)
    result = load.run(place.url, place.request(stream=True), connections=CONNECTIONS, seconds=seconds)
    time.sleep(SETTLE)
    return _each(place, before, result.count * chunks)


def _each(place: Place, before: float, count: int) -> float | None:
    return (cpu_seconds(place.pids) - before) / count * 1e6 if place.pids else None
