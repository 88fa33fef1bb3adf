"""The weekly report, end to end: written on time, made up for once, never twice, and failures are told."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway_core.rounds.weekly import PAUSE
from tests.support.gateway import Gateways
from tests.support.processes import wait_for
from tests.support.wall_clock import WallClock
from tests.way.test_judgement import chat

FRIDAY = datetime(2026, 6, 12, 12, tzinfo=UTC)
NINE = datetime(2026, 6, 15, 7, tzinfo=UTC)
"""Monday 09:00 in Berlin."""
WEEK = timedelta(days=7)
_HOOK = """
import json, os, sys
from pathlib import Path

if "console" in sys.orig_argv:
    told = {"words": sys.orig_argv, "environment": dict(os.environ)}
    Path(__file__).with_name("seen.json").write_text(json.dumps(told))
"""
SECRET = "sk-secret-of-the-environment"


class Story:
    """A gateway whose clock a test sets, and the folder that reports are written to."""

    def __init__(self, gateways: Gateways, folder: Path, **environment: str) -> None:
        self.gateways, self.folder = gateways, folder / "reports"
        self.folder.mkdir()
        self.clock = WallClock(folder, FRIDAY)
        self.environment = {**self.clock.environment, **environment}
        self.gateway = gateways.start(timezone="Europe/Berlin", environment=self.environment)

    def schedule(self, **more: Any) -> dict[str, Any]:
        body = {"every": "monday@09:00", "to": str(self.folder / "llm-%G-W%V.md"), **more}
        found: dict[str, Any] = self.gateway.admin("PUT", "report/weekly", json=body)
        return found

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.gateway.admin("GET", "report/weekly")
        return found

    def start_again(self) -> None:
        assert self.gateway.stop() == 0
        self.gateway = self.gateways.again(
            self.gateway.data, self.gateway.config, environment=self.environment
        )

    def files(self) -> list[str]:
        return sorted(each.name for each in self.folder.iterdir())

    def written(self, name: str) -> str:
        wait_for(lambda: self.state()["file"] == str(self.folder / name), what=name, seconds=60)
        return (self.folder / name).read_text()

    def quiet(self) -> None:
        """Waits for some looks in which nothing may be written."""
        before = self.files()
        time.sleep(PAUSE + 2)
        assert self.files() == before


@pytest.fixture
def story(gateways: Gateways, tmp_path: Path) -> Story:
    return Story(gateways, tmp_path)


def test_it_is_written_at_its_hour_for_its_owner_alone(story: Story) -> None:
    told = story.schedule(mask=True, by=["project"])
    assert told["next_at"] == "2026-06-15T07:00:00.000000Z"
    assert told["next_file"] == str(story.folder / "llm-2026-W24.md")
    chat(story.gateway, "In the week that is told of.", x_llmconsole_tags="project=web")
    story.clock.set(NINE - timedelta(seconds=1))
    chat(story.gateway, "In the week after it.", x_llmconsole_tags="project=later")
    story.gateway.rows(2)
    assert story.files() == []
    story.clock.set(NINE)
    text = story.written("llm-2026-W24.md")
    assert text.startswith("# LLM spend, 2026-06-08 00:00 to 2026-06-15 00:00")
    assert "project-1" in text and "web" not in text and "project-2" not in text
    (file,) = story.folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    state = story.state()
    assert (state["error"], state["written_at"]) == (None, "2026-06-15T07:00:00.000000Z")
    assert state["next_at"] == "2026-06-22T07:00:00.000000Z"


def test_a_clock_that_goes_back_makes_no_second_one(story: Story) -> None:
    story.schedule()
    story.clock.set(NINE)
    story.written("llm-2026-W24.md")
    (story.folder / "llm-2026-W24.md").unlink()
    story.clock.set(NINE - timedelta(hours=2))
    story.start_again()
    story.clock.set(NINE + timedelta(minutes=1))
    story.quiet()
    story.clock.set(NINE + WEEK)
    story.written("llm-2026-W25.md")
    assert story.files() == ["llm-2026-W25.md"]


def test_weeks_that_were_missed_are_made_up_for_once(story: Story) -> None:
    story.schedule()
    assert story.gateway.stop() == 0
    story.clock.set(NINE + 2 * WEEK + timedelta(days=3))
    story.gateway = story.gateways.again(
        story.gateway.data, story.gateway.config, environment=story.environment
    )
    story.written("llm-2026-W26.md")
    story.start_again()
    story.quiet()
    assert story.files() == ["llm-2026-W26.md"]


def test_a_failure_is_told_and_mended(story: Story) -> None:
    (story.folder / "gone").mkdir()
    story.schedule(to=str(story.folder / "gone" / "llm.md"))
    (story.folder / "gone").rmdir()
    (bad,) = story.gateway.doctor()
    assert (bad["name"], bad["mend"]) == ("weekly report", f"mkdir -p {story.folder / 'gone'}")
    story.clock.set(NINE)
    wait_for(lambda: story.state()["error"], what="the failure", seconds=60)
    assert "llm.md: cannot be written: No such file or directory" in story.state()["error"]
    (alert,) = [each for each in story.gateway.admin("GET", "alerts")["alerts"] if each["kind"] == "trouble"]
    assert alert["text"].startswith("the weekly report could not be written: ")
    (bad,) = story.gateway.doctor()
    assert "cannot be written" in bad["detail"]
    # Another file is tried at once; that it is well again is told too.
    story.schedule(to=str(story.folder / "llm.md"))
    assert story.written("llm.md").startswith("# LLM spend")
    assert story.state()["error"] is None and story.gateway.doctor() == []
    told = [each["text"] for each in story.gateway.admin("GET", "alerts")["alerts"]]
    assert f"the weekly report is written: {story.folder / 'llm.md'}" in told


def test_a_failure_is_tried_again_at_the_next_start(story: Story) -> None:
    (story.folder / "gone").mkdir()
    story.schedule(to=str(story.folder / "gone" / "llm.md"))
    (story.folder / "gone").rmdir()
    story.clock.set(NINE)
    wait_for(lambda: story.state()["error"], what="the failure", seconds=60)
    (story.folder / "gone").mkdir()
    story.start_again()
    wait_for(lambda: story.state()["error"] is None, what="the report", seconds=60)
    assert (story.folder / "gone" / "llm.md").read_text().startswith("# LLM spend")


def test_what_came_due_while_nothing_was_scheduled_is_not_made_up_for(story: Story) -> None:
    story.schedule()
    story.gateway.admin("DELETE", "report/weekly")
    time.sleep(PAUSE + 1)
    story.clock.set(NINE + timedelta(days=1))
    story.gateway.admin("POST", "policy/undo", json={})
    assert story.state()["report"] is not None
    story.quiet()
    assert story.files() == []


def test_the_command_gets_no_secret(gateways: Gateways, tmp_path: Path) -> None:
    story = Story(gateways, tmp_path, OPENAI_API_KEY=SECRET, MY_SECRET=SECRET)
    (hook,) = tmp_path.rglob("sitecustomize.py")
    hook.write_text(hook.read_text() + _HOOK)
    story.schedule()
    story.clock.set(NINE)
    story.written("llm-2026-W24.md")
    seen = hook.with_name("seen.json").read_text()
    told = json.loads(seen)
    assert SECRET not in seen and story.gateway.admin_token not in seen
    assert "HOME" in told["environment"]
    assert "--since=2026-06-08" in told["words"] and "--until=2026-06-15" in told["words"]


def test_a_schedule_is_an_edit_of_the_policy(story: Story) -> None:
    story.schedule()
    assert "[weekly]" in story.gateway.admin_response("GET", "policy").text
    story.gateway.admin("POST", "policy/undo", json={})
    assert story.state()["report"] is None and story.state()["next_at"] is None
    story.clock.set(NINE)
    story.quiet()
    assert story.gateway.admin("DELETE", "report/weekly")["report"] is None


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"every": "someday"}, "write a day and a local time: monday@09:00"),
    ({"to": "llm.md"}, "begin with / or ~/"),
    ({"to": "/no/such/folder/at/all.md"}, "is no folder; make it first"),
    ({"to": "~nobody-of-this-name/llm.md"}, "begin with / or ~/"),
    ({"to": "/tmp"}, "/tmp is a folder; name a file in it"),
    ({"by": ["nonsense"]}, "cannot group by 'nonsense'"),
    ({"by": ["day", "hour"]}, "not by both"),
    ({"format": "pdf"}, "choose one of md"),
)


def test_what_cannot_be_scheduled_is_refused(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()
    for body, told in WRONG:
        whole = {"every": "monday@09:00", "to": str(tmp_path / "llm.md"), **body}
        answer = gateway.admin_response("PUT", "report/weekly", json=whole)
        assert answer.status_code == 400 and told in answer.json()["error"]["message"]
    assert gateway.admin("GET", "report/weekly")["report"] is None
