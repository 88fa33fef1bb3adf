"""The judge of judges: it reads its own form, runs what it is given, and names what is wrong."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.judgement import generate
from benchmarks.judgement.caches import said_in
from benchmarks.judgement.data import Caching, Routing, Unreadable, load
from benchmarks.judgement.routers import NoRouter, router
from gateway_core.rules.likeness.figures import Said, curve, figures

SAMPLES = Path(generate.__file__).parent / "samples"
LINES = '{"prompt": "a", "cheap": 0, "strong": 1}\n{"prompt": "abc", "cheap": 1, "strong": 1}\n'


@pytest.fixture
def table(tmp_path: Path) -> Routing:
    path = tmp_path / "table.jsonl"
    path.write_text(LINES, encoding="utf-8")
    found = load(path)
    assert isinstance(found, Routing)
    return found


def test_a_table_is_read(table: Routing) -> None:
    assert (table.name, table.prompts, table.gains) == ("table", ("a", "abc"), [1, 0])


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "no lines"), ("no", "line 1 is not JSON"), ("[]", "no object"), ('{"prompt": "a"}', "cheap")],
)
def test_what_is_no_table_is_named(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "table.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable, match=why):
        load(path)


def test_routers_of_every_sort(table: Routing) -> None:
    assert list(router("length", 0)(table)) == [1, 3]
    assert list(router("builtins:len", 0)(table)) == [1, 3]
    command = f"{sys.executable} -c 'for number in (0.25, 0.5): print(number)'"
    assert list(router(command, 0)(table)) == [0.25, 0.5]
    easy, hard = router("rule", 0)(table)
    assert easy == hard


@pytest.mark.parametrize(
    "name",
    [
        "builtins:nothing",
        "no_such_module:f",
        f"{sys.executable} -c 'print(1)'",
        "distrust",
        "learned-distrust",
    ],
)
def test_a_router_that_fails_is_named(table: Routing, name: str) -> None:
    with pytest.raises(NoRouter):
        router(name, 0)(table)


def test_what_nobody_knows_beforehand_is_the_ceiling(table: Routing) -> None:
    assert list(router("best", 0)(table)) == [1, 0]
    assert list(router("wrong", 0)(table)) == [1, 0]


def test_distrust_is_learned_from_answers() -> None:
    answers = tuple("I am sorry." if at % 3 == 0 else f"It is {at}." for at in range(90))
    cheap = tuple(float(at % 3 > 0) for at in range(90))
    table = Routing("t", tuple(f"What is {at}?" for at in range(90)), answers, cheap, (1.0,) * 90)
    found = router("learned-distrust", 60)(table)
    assert min(found[at] for at in range(0, 90, 3)) > max(found[at] for at in range(1, 90, 3))


def test_a_gain_is_told_with_its_interval() -> None:
    table = SAMPLES / "word-problems.jsonl"
    words = ("--resamples", "50", "--against", "length", "--router", "best")
    told = run(sys.executable, "-m", "benchmarks.judgement", table, table, *words).split("\n")
    (gain,) = [line for line in told if line.startswith("gain") and line.endswith("over length")]
    assert float(gain.split("[")[1].split()[0]) > 0
    assert any(line.startswith("mean") and "surely above random 2, below 0" in line for line in told)


def test_a_cache_is_scored_by_hand() -> None:
    found = figures(["a", None, "b", "c"], ["a", "a", None, "d"])
    assert (found.gets, found.twins, found.hits, found.right, found.wrong) == (4, 3, 3, 1, 2)
    assert found.precision == pytest.approx(1 / 3) and found.found == pytest.approx(1 / 3)
    assert said_in({"hit": False, "answer": "a"}) == Said(None)
    assert said_in({"hit": True, "answer": "a", "similarity": 1}) == Said("a", 1.0)
    assert (said_in("a"), said_in(None)) == (Said("a"), Said(None))
    assert figures([None], [None]).precision is None


def test_the_samples_are_as_they_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "SAMPLES", tmp_path)
    generate.main()
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (SAMPLES / path.name).read_bytes()
    assert isinstance(load(SAMPLES / "questions.jsonl"), Caching)


def test_it_prints_what_it_finds() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.judgement", SAMPLES / "word-problems.jsonl", "--resamples", "50"],
        capture_output=True,
        text=True,
        check=True,
        cwd=SAMPLES.parents[2],
    )
    for name in ("length", "rule", "learned"):
        assert any(
            line.startswith("word-problems") and f" {name} " in line for line in done.stdout.split("\n")
        )


def test_without_a_file_it_scores_the_samples_that_ship() -> None:
    """Also where nothing of ours is on the path."""
    module = (sys.executable, "-m", "benchmarks.judgement")
    done = subprocess.run(
        (*module, "--router", "length", "--resamples", "20"),
        capture_output=True,
        text=True,
        cwd=SAMPLES.parents[2],
        env={"PATH": "/nowhere", "HOME": str(Path.home())},
    )
    assert done.returncode == 0, done.stderr
    assert "CPT80" in done.stdout and "a prompt of 2 KB:" in done.stdout
    assert "precision" in done.stdout.partition("questions")[2]


def run(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, cwd=SAMPLES.parents[2]).stdout


def test_the_command_and_the_bench_find_the_same() -> None:
    """The shipped sample through both: precision against hit rate, at every threshold."""
    sample, command = SAMPLES / "questions.jsonl", (sys.executable, "-m", "console", "cache", "eval")
    scored = run(*command, "--score", sample)
    asked = shlex.join((*command, "--threshold", "0.5"))
    bench = run(sys.executable, "-m", "benchmarks.judgement", sample, "--cache", asked)
    table = scored.split("\n")[1:-1]
    assert len(table) == 9 and all(line in bench.split("\n") for line in table), bench
    by_threshold = {float(line.split()[0]): line.split() for line in table[1:]}
    assert by_threshold[0.9][3] == "100.0%" and int(by_threshold[0.5][1]) >= int(by_threshold[1.0][1]) > 0


def test_a_curve_is_that_of_each_threshold_alone() -> None:
    said = [Said("a", 0.95), Said("b", 0.7), Said(None, 0.4), Said("c", 1.0)]
    wanted = ["a", None, "d", "x"]
    found = curve(said, wanted, (0.5, 0.9, 1.0))
    assert {at: (each.hits, each.right, each.wrong) for at, each in found.items()} == {
        0.5: (3, 1, 2), 0.9: (2, 1, 1), 1.0: (1, 0, 1),
    }  # fmt: skip
    assert found[0.9] == figures(["a", None, None, "c"], wanted)
