"""What the questions before kept answers mean: vectors in the ledger's file, the nearest found in memory.

numpy makes it fast and usearch faster above ten thousand vectors of one context; without them (extra
`semantic`) plain Python scans, which is enough for a few hundred.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import Any

from gateway_core.rules.likeness import Marks
from gateway_core.store.jsontext import decode, encode
from gateway_core.store.ledger import Ledger

MOST_CONTEXTS = 64
"""Contexts whose vectors are held in memory."""
MANY = 10_000
"""Vectors of one context above which an index pays."""
FEW = 64
"""Vectors that plain Python scans as fast as anything."""
Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Near:
    """A kept answer whose question is near: by its vector, and with what may stand against it."""

    key: bytes
    cosine: float
    marks: Marks


@dataclass(slots=True)
class _Context:
    keys: list[bytes] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)
    marks: list[Marks] = field(default_factory=list)
    vectors: list[array[float]] = field(default_factory=list)
    matrix: Any = None
    """numpy's, with room for more of them."""
    filled: int = 0
    """Vectors that stand in it."""
    index: Any = None
    """usearch's."""

    def add(self, key: bytes, vector: array[float], marks: Marks) -> None:
        self.keys.append(key)
        self.known.add(key)
        self.vectors.append(vector)
        self.marks.append(marks)
        if self.index is not None:
            self.index.add(len(self.keys) - 1, _numpy().asarray(vector, dtype="float32"))


class VectorStore:
    """Vectors by context: only those of one context are ever compared. Unit vectors, so that their product
    is the cosine. Used from one thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads
        self._contexts: OrderedDict[bytes, _Context] = OrderedDict()

    def add(self, key: bytes, context: bytes, vector: Vector, marks: Marks) -> None:
        """Keeps what the question before an answer means; without waiting."""
        held = self._held(context)
        floats = array("f", vector)
        if key in held.known:
            return
        held.add(key, floats, marks)
        values = (key, context, floats.tobytes(), encode(marks))
        sql = (
            "INSERT INTO cache_vectors (key, context, vector, marks) SELECT ?, ?, ?, ? "
            "WHERE EXISTS (SELECT 1 FROM cache_entries WHERE key = ?) ON CONFLICT (key) DO UPDATE SET "
            "context = excluded.context, vector = excluded.vector, marks = excluded.marks"
        )
        if self._writer.problem is None:
            self._writer.ask(lambda connection: connection.execute(sql, (*values, key)).rowcount)

    def nearest(self, context: bytes, vector: Vector, count: int) -> list[Near]:
        """The nearest questions of a context, the nearest first. Their answers may have gone meanwhile."""
        held = self._held(context)
        if not held.keys:
            return []
        found = _scan(held, array("f", vector), count)
        return [Near(held.keys[at], cosine, held.marks[at]) for at, cosine in found]

    def forget(self) -> None:
        """Reads anew what is asked for next: entries were discarded."""
        self._contexts.clear()

    def _held(self, context: bytes) -> _Context:
        held = self._contexts.get(context)
        if held is None:
            held = self._contexts[context] = self._read(context)
            if len(self._contexts) > MOST_CONTEXTS:
                self._contexts.popitem(last=False)
        self._contexts.move_to_end(context)
        return held

    def _read(self, context: bytes) -> _Context:
        held = _Context()
        with self._reads.connection() as connection:
            rows = connection.execute(
                "SELECT key, vector, marks FROM cache_vectors WHERE context = ? ORDER BY n", (context,)
            ).fetchall()
        for key, vector, marks in rows:
            held.add(key, array("f", vector), decode(marks, Marks))
        return held


def _scan(held: _Context, vector: array[float], count: int) -> list[tuple[int, float]]:
    """Places and cosines of the nearest."""
    if len(held.keys) > MANY and (index := _index(held, len(vector))) is not None:
        found = index.search(_numpy().asarray(vector, dtype="float32"), count)
        return [(int(at), 1.0 - float(far)) for at, far in zip(found.keys, found.distances, strict=True)]
    numpy = _numpy() if len(held.keys) > FEW else None
    if numpy is None:
        cosines = [sum(map(mul, each, vector)) for each in held.vectors]
    else:
        cosines = (_matrix(held, numpy) @ numpy.asarray(vector, dtype="float32")).tolist()
    ranked = sorted(range(len(cosines)), key=cosines.__getitem__, reverse=True)[:count]
    return [(at, cosines[at]) for at in ranked]


def _matrix(held: _Context, numpy: Any) -> Any:
    """Grown in steps, so that one vector more does not copy all of them."""
    size = len(held.vectors)
    if held.matrix is None or len(held.matrix) < size:
        held.matrix = numpy.zeros((max(256, size * 2), len(held.vectors[0])), dtype="float32")
        held.filled = 0
    for at in range(held.filled, size):
        held.matrix[at] = held.vectors[at]
    held.filled = size
    return held.matrix[:size]


def _index(held: _Context, width: int) -> Any:
    if held.index is None:
        try:
            from usearch.index import Index
        except ImportError:
            return None
        numpy = _numpy()
        held.index = Index(ndim=width, metric="ip", dtype="f32")
        held.index.add(numpy.arange(len(held.keys)), _matrix(held, numpy))
    return held.index


def _numpy() -> Any:
    """numpy, where it is installed; loaded when there is something to scan."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy
