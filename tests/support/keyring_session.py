"""A real Secret Service: a session bus of its own with an unlocked gnome-keyring on it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

from tests.support.processes import Child, clean_environment, wait_for
from tests.support.real import need

_SCRIPT = """
printf test-session | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
keyring=$!
until dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner \\
    string:org.freedesktop.secrets >/dev/null 2>&1; do sleep 0.05; done
# Whoever asks before it has opened its collection is told to make one, which asks a person.
until dbus-send --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \\
    org.freedesktop.Secret.Service.ReadAlias string:default 2>/dev/null | grep -q collection/
do sleep 0.05; done
echo "bus=$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
kill "$keyring"
"""


class KeyringSession:
    """`environment` is what a program needs to find this keyring; nothing else on the machine sees it."""

    def __init__(self, home: Path) -> None:
        run, _, self.secret_tool = need("dbus-run-session", "gnome-keyring-daemon", "secret-tool")
        runtime = home / "run"
        runtime.mkdir(mode=0o700)
        self.environment = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_DATA_HOME": str(home / "share"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
        }
        self.child = Child(
            [run, "--", "sh", "-c", _SCRIPT],
            log=home / "keyring.log",
            environment=clean_environment(home, self.environment),
            stdin=subprocess.PIPE,
        )
        try:
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = wait_for(self._bus, what="the session bus")
        except BaseException:
            self.close()
            raise

    def _bus(self) -> str | None:
        lines = self.child.output.splitlines()
        return next((line.removeprefix("bus=") for line in lines if line.startswith("bus=")), None)

    def search(self, *attributes: str) -> str:
        """What secret-tool prints for the attributes, secrets among it: KEY VALUE KEY VALUE …"""
        done = subprocess.run(
            [self.secret_tool, "search", "--all", "--unlock", *attributes],
            env={"PATH": os.environ["PATH"], **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    def close(self) -> None:
        # The end of its input is what the session waits for; it then ends the keyring too.
        if self.child.popen.stdin:
            self.child.popen.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.popen.wait(5)
        self.child.close()
