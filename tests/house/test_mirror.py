"""Every room has tests of its own, or is named here with the tests that walk through it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sources import PACKAGES, ROOT, shown, tracked_files

# Rooms without a decision of their own: they are proved where the whole runs.
WALKED_THROUGH = {
    "gateway_core/folder": "tests/way/test_clear_errors.py",
    "gateway_core/offline.py": "tests/console/commands/test_offline.py",
    "gateway_core/outlook.py": "tests/gateway_core/alerts/test_budget_marks.py",
    "gateway_core/policies.py": "tests/gateway_core/http/test_admin_policy.py",
    "gateway_core/server.py": "tests/faults/test_ending.py",
    "gateway_core/service.py": "tests/faults/test_edits_under_load.py",
    "gateway_core/upstream": "tests/clients/test_raw_bytes.py",
    "console/alert_shapes.py": "tests/way/test_alerts.py",
    "console/app.py": "tests/screens/test_live_calls.py",
    "console/embeddings.py": "tests/console/commands/test_cache.py",
    "console/endings.py": "tests/faults/test_terminal_unread.py",
    "console/errands.py": "tests/screens/test_live_command.py",
    "console/events.py": "tests/console/client/test_client.py",
    "console/extras.py": "tests/console/commands/test_parquet.py",
    "console/lifecycle.py": "tests/screens/test_live_gone.py",
    "console/messages.py": "tests/screens/test_live_calls.py",
    "console/offline.py": "tests/console/commands/test_offline.py",
    "console/past.py": "tests/screens/test_live_travel.py",
    "console/quiet.py": "tests/screens/test_live_calls.py",
    "console/screens": "tests/screens/test_live_budgets.py",
    "console/snapshot.py": "tests/console/test_feed.py",
    "console/stage.py": "tests/console/commands/test_demo.py",
    "console/theme.py": "tests/screens/test_themes.py",
    "console/trouble.py": "tests/console/test_cli.py",
    "console/wardrobe.py": "tests/screens/test_themes.py",
    "console/wire.py": "tests/console/client/test_client.py",
}


def rooms() -> list[str]:
    """Modules and packages directly under the two packages."""
    found = {
        "/".join(path.relative_to(ROOT).parts[:2])
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
    }
    return sorted(room for room in found if not Path(room).name.startswith("__"))


def own_tests(room: str) -> list[Path]:
    """Tests where the mirror puts them: tests/ROOM/test_*.py or tests/…/test_ROOM.py."""
    place = ROOT / "tests" / room.removesuffix(".py")
    beside = place.with_name(f"test_{place.name}.py")
    return [*place.rglob("test_*.py"), *([beside] if beside.exists() else [])]


@pytest.mark.parametrize("room", rooms())
def test_every_room_is_tested(room: str) -> None:
    assert own_tests(room) or room in WALKED_THROUGH


@pytest.mark.parametrize(("room", "test"), WALKED_THROUGH.items())
def test_the_list_is_true(room: str, test: str) -> None:
    assert room in rooms(), "the room has gone"
    assert (ROOT / test).is_file(), "the test has gone"
    assert not own_tests(room), "the room has tests of its own now and need not stand here"


def test_no_test_is_out_of_reach() -> None:
    """Tests that pytest does not collect by name prove nothing."""
    strays = [
        shown(path)
        for path in tracked_files()
        if path.relative_to(ROOT).parts[0] == "tests"
        and path.suffix == ".py"
        and not path.name.startswith("test_")
        and "def test_" in path.read_text(encoding="utf-8")
    ]
    assert not strays
