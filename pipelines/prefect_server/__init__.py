"""Prefect on a machine without a Prefect server: a temporary one, started early and gone when we are.

A flow needs a Prefect server. Whoever has one (PREFECT_API_URL, or a profile that names one) keeps it, and
nothing is started here. Everyone else gets a temporary one in a process of its own (`__main__.py`): it
answers on loopback only, keeps its files in the workspace, sends no telemetry and says nothing to the user.

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
import json
import os
import queue
import sqlite3
import subprocess
import sys
import threading
import tomllib
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from pipelines.prefect_server.orphan import END_LIMIT_SECONDS
from pipelines.storage.lock import take

LOOPBACK = "127.0.0.1"
START_LIMIT_SECONDS = 180.0  # the first start, which makes the database, takes 8 to 20 s on an idle machine
NO_TELEMETRY = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
SERVER_SETTINGS = {
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT__SERVER_EPHEMERAL": "1",  # no scheduler and the like: there is nothing to schedule
    "PREFECT__SERVER_FINAL": "1",
    # Nothing acts on events here, so they need not be kept. What they say of the tasks is kept: written down
    # one by one it is cut off when the server ends, in bulk it is not.
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "1000",
}
RUN_SETTINGS = {
    "PREFECT_CLIENT_MAX_RETRIES": "1",  # a server on loopback answers or is gone; by default 2 minutes' wait
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
    "PREFECT_FLOWS": '{"heartbeat_frequency": null}',  # nobody listens; it costs up to 1 s at the end
}
QUIET = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}  # the command says itself what it does


def start(home: Path, limit_seconds: float = START_LIMIT_SECONDS) -> "Server":
    """Begin to start a Prefect server with its files in `home`, and point Prefect at it (environment).

    Returns within about a tenth of a second. What is wrong with the machine is said by `Server.wait`, never
    raised. Starts nothing where the user has a server.
    """
    server = Server(home, limit_seconds, own_url=_own_server())
    server.set_environment(NO_TELEMETRY)
    try:
        if server.own_url is None:
            server.launch()
        else:
            server.set_environment(QUIET)
    except (OSError, sqlite3.Error) as error:
        server.trouble = f"Prefect can't keep its files in {home} ({error}); the run goes on without it."
    if "prefect.context" in sys.modules:  # a second run in one process: Prefect has read its settings already
        sys.modules["prefect.context"].refresh_global_settings_context()
    return server


class Server:
    """The Prefect server of one run: a temporary one in a process of its own, or the user's."""

    def __init__(self, home: Path, limit_seconds: float, own_url: str | None) -> None:
        self.home = home
        self.limit_seconds = limit_seconds
        self.own_url = own_url
        self.trouble: str | None = None
        self.process: subprocess.Popen[str] | None = None
        self._lock: sqlite3.Connection | None = None
        self._environment_before: dict[str, str | None] = {}

    def launch(self) -> None:
        """Start the temporary server's process, unless another run of this workspace has one."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = take(self.home / "run.lock", patience_seconds=0)
        if self._lock is None:
            self.trouble = "Another run of this workspace is using Prefect; this one goes on without it."
            return
        atexit.register(self.stop)
        home = self.home.resolve()
        for_others = [name for name in os.environ if name.startswith("PREFECT_") and name not in NO_TELEMETRY]
        self.set_environment({**dict.fromkeys(for_others), "PREFECT_HOME": str(home)})
        # The server runs the code that we run, installed or not, and none that happens to lie in a folder.
        path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
        with (home / "server.log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=home,
                env=os.environ | SERVER_SETTINGS | {"PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C is for the run alone; its server ends after it
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
            )
        # An office's proxy can't reach our loopback.
        direct = ",".join(filter(None, [os.environ.get("NO_PROXY"), os.environ.get("no_proxy"), LOOPBACK]))
        self.set_environment(
            RUN_SETTINGS
            | {
                "PREFECT_API_URL": f"http://{LOOPBACK}:{self._hear()}/api",
                "PREFECT_LOGGING_SETTINGS_PATH": _log_to_file(home),
                "NO_PROXY": direct,
                "no_proxy": direct,
            }
        )

    def wait(self) -> str | None:
        """Wait until the server answers. None, or the sentence why the run goes on without Prefect."""
        if self.trouble is None:
            self.trouble = self._meet_temporary() if self.own_url is None else _meet(self.own_url)
        if self.trouble is not None:
            self.stop()
        return self.trouble

    def _meet_temporary(self) -> str | None:
        heard = self._hear()
        if heard == "ready":
            return None
        what = f"was not ready in {self.limit_seconds:g} s" if heard is None else "ended before it was ready"
        see = f"{self.home / 'server.log'} may say why, and {self.home} may be deleted"
        return f"Prefect's server {what} ({see}); the run goes on without it."

    def _hear(self) -> str | None:
        """The next line from the server's process: empty if it has ended, None if it says nothing in time."""
        assert self.process is not None and self.process.stdout is not None
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        stream = self.process.stdout
        threading.Thread(target=lambda: lines.put(stream.readline().strip()), daemon=True).start()
        try:
            return lines.get(timeout=self.limit_seconds)
        except queue.Empty:
            return None

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
        self.process, self._lock = None, None
        self.set_environment(self._environment_before)
        self._environment_before = {}

    def set_environment(self, settings: Mapping[str, str | None]) -> None:
        """Set variables (None removes one) and remember what they were, for `stop`."""
        for name, value in settings.items():
            self._environment_before.setdefault(name, os.environ.get(name))
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _own_server() -> str | None:
    """The address of the user's own server, found as Prefect finds it: the environment, then the profile."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH") or home / "profiles.toml")
    try:
        known = tomllib.loads(profiles.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    active = os.environ.get("PREFECT_PROFILE") or known.get("active")
    url = known.get("profiles", {}).get(active, {}).get("PREFECT_API_URL")
    return str(url) if url else None


def _meet(url: str) -> str | None:
    """None if the user's own server answers at all, or the sentence."""
    try:
        urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=30).close()
    except urllib.error.HTTPError:
        return None  # it answers, if only that we may not ask this
    except (OSError, ValueError) as error:
        return f"The Prefect server at {url} does not answer ({error}); the run goes on without it."
    return None


def _log_to_file(home: Path) -> str:
    """Write the settings that send Prefect's lines to a file and not to the console; return their path."""
    loggers = ("prefect", "EventsWorker")
    settings = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "filename": str(home / "prefect.log"),
                "encoding": "utf-8",
                "delay": True,
                "formatter": "line",
            }
        },
        "loggers": {name: {"level": "INFO", "handlers": ["file"], "propagate": False} for name in loggers},
    }
    path = home / "logging.json"
    path.write_text(json.dumps(settings, indent=1).replace("$", "$$"), encoding="utf-8")  # $NAME is Prefect's
    return str(path)


def _end(process: "subprocess.Popen[str]") -> None:
    """Close the pipe, which is the server's sign to end; insist if it doesn't."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(END_LIMIT_SECONDS + 1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
