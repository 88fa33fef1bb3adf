"""What lsof and ps of macOS say, read."""

from __future__ import annotations

from pathlib import Path

from gateway_core.peers.mac import folder_of, pids_of, words_of

SAID = """p501
f12
n127.0.0.1:52811->127.0.0.1:4141
p777
f9
n127.0.0.1:4141->127.0.0.1:52811
p901
f3
n[::1]:52811->[::1]:9999
"""


def test_the_process_at_the_other_end() -> None:
    assert pids_of(SAID, 52811, 4141) == [501]
    assert pids_of(SAID, 4141, 52811) == [777]
    assert pids_of("", 1, 2) == []


def test_the_working_folder() -> None:
    assert folder_of("p501\nfcwd\nn/Volumes/Data/web app\n") == Path("/Volumes/Data/web app")
    assert folder_of("p501\n") is None


def test_a_command_line() -> None:
    assert words_of("node '/opt/a b/cli.js' -x") == ["node", "/opt/a b/cli.js", "-x"]
    assert words_of("it's broken") == ["it's", "broken"]
