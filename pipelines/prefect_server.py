"""Prefect on a machine without a Prefect server: a temporary one, started early and gone when we are.

A flow needs a Prefect server. Whoever has one (PREFECT_API_URL, or a profile that names one) keeps it, and
nothing is started here. Everyone else gets a temporary one in a process of its own: it answers on loopback
only, keeps its files in the workspace, sends no telemetry and says nothing to the user.

    server = start(root / "data" / ".prefect")    # back at once: import the heavy libraries meanwhile
    trouble = server.wait()                       # None, or the sentence why the run goes on without Prefect

`start` comes before `import prefect`, which reads its settings from the environment that `start` sets.

The server ends when the pipe from its run closes, however the run ended. Should one be left over all the
same, two locks tell: a run holds `run.lock`, its server `server.lock`, so who gets the first and finds the
second taken has met the server of a run that was killed, and ends it. The locks are SQLite's own because
Prefect's database needs those anyway: a file system without them shows at once.

The home holds the history of runs and Prefect's logs, never a partner's data, and may be deleted.
"""

import atexit
import http.client
import importlib.metadata
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1"
START_LIMIT_SECONDS = 180.0  # the first start, which makes the database, takes 8 to 20 s on an idle machine
END_LIMIT_SECONDS = 5.0  # the server writes down a run's last events before it goes
NO_TELEMETRY = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
SERVER_SETTINGS = {
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT__SERVER_EPHEMERAL": "1",  # no scheduler and the like: there is nothing to schedule
    "PREFECT__SERVER_FINAL": "1",
}


def start(home: Path, limit_seconds: float = START_LIMIT_SECONDS) -> "Server":
    """Begin to start a Prefect server with its files in `home`, and point Prefect at it (environment).

    Returns within about a tenth of a second; never raises for what is wrong with the machine: `Server.wait`
    says it. Starts nothing where the user has a server.
    """
    server = Server(home, limit_seconds)
    server.set_environment(NO_TELEMETRY)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        server.set_environment({"PREFECT_LOGGING_SETTINGS_PATH": str(_log_to_file(home))})
        server.url = _own_server()
        if not server.url:
            server.launch()
    except (OSError, sqlite3.Error) as error:
        server.trouble = f"Prefect can't keep its files in {home} ({error}); the run goes on without it."
    return server


class Server:
    """The Prefect server of one run: a temporary one, or the user's own (then `process` is None)."""

    def __init__(self, home: Path, limit_seconds: float) -> None:
        self.home = home
        self.limit_seconds = limit_seconds
        self.url = ""
        self.trouble: str | None = None
        self.process: subprocess.Popen[str] | None = None
        self._lock: sqlite3.Connection | None = None
        self._environment_before: dict[str, str | None] = {}

    def wait(self) -> str | None:
        """Wait until the server answers. None, or the sentence why the run goes on without Prefect."""
        if self.trouble is None:
            self.trouble = _meet_own(self.url) if self.process is None else self._meet_temporary()
        if self.trouble is not None:
            self.stop()
        return self.trouble

    def is_lost(self) -> bool:
        """Whether the temporary server ended by itself: then what Prefect raises is not the run's fault."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """End the temporary server, free its home, put the environment back. Done at exit if not before.

        At exit Prefect has handed over its last events by then; who stops earlier waits for that first.
        """
        atexit.unregister(self.stop)
        if self.process is not None:
            _end(self.process)
        if self._lock is not None:
            self._lock.close()
        self.set_environment(self._environment_before)
        self.process, self._lock, self._environment_before = None, None, {}

    def launch(self) -> None:
        """Start the temporary server's process, unless another run of this workspace has one."""
        self._lock = _take(self.home / "run.lock", patience_seconds=0)
        if self._lock is None:
            self.trouble = "Another run of this workspace is using Prefect; this one goes on without it."
            return
        home = str(self.home.resolve())
        theirs = [name for name in os.environ if name.startswith("PREFECT_")]  # meant for no server of ours
        environment = {name: value for name, value in os.environ.items() if name not in theirs}
        # The server runs the code that we run, installed or not, and none that happens to lie in a folder.
        environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
        with (self.home / "server.log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pipelines.prefect_server", home, str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=home,
                env=environment | NO_TELEMETRY | SERVER_SETTINGS | {"PREFECT_HOME": home},
                start_new_session=True,  # Ctrl-C is for the run alone; its server ends after it
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
            )
        atexit.register(self.stop)
        assert self.process.stdout is not None
        self.url = f"http://{LOOPBACK}:{self.process.stdout.readline().strip()}/api"
