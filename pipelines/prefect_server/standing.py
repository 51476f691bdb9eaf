"""A Prefect server that stays, for schedules: the user's own, one that answers already, or one that we start.

Its database is SQLite in the workspace, or what PREFECT_SERVER_DATABASE_CONNECTION_URL names.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.prefect_server import LOOPBACK, NO_TELEMETRY, _own_server

START_LIMIT_SECONDS = 180.0


class NoServer(Exception):
    """The Prefect server can't be reached or started; the sentence says why."""


def address(port: int) -> str:
    """The API of the user's own server, else of the one on this machine."""
    return _own_server() or f"http://{LOOPBACK}:{port}/api"


def answers(api: str) -> bool:
    """Whether a server is there."""
    try:
        urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=10).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
    return True


@contextmanager
def standing_server(home: Path, port: int, limit_seconds: float = START_LIMIT_SECONDS) -> Iterator[str]:
    """A server that schedules, and Prefect pointed at it; the address of its API. Ends with this process if ours."""
    api = address(port)
    is_own = _own_server() is not None
    os.environ.update(NO_TELEMETRY)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    if answers(api):
        os.environ["PREFECT_API_URL"] = api
        yield api
        return
    if is_own:
        raise NoServer(f"The Prefect server at {api} does not answer. Start it, or see PREFECT_API_URL.")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ |= {"PREFECT_HOME": str(home.resolve()), "PREFECT_API_URL": api}
    direct = ",".join(filter(None, [os.environ.get("NO_PROXY"), os.environ.get("no_proxy"), LOOPBACK]))
    os.environ |= {"NO_PROXY": direct, "no_proxy": direct}
    with (home / "server.log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
        )
    try:
        deadline = time.monotonic() + limit_seconds
        while not answers(api):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoServer(
                    f"Prefect's server did not start; {home / 'server.log'} says why. Is port {port} taken? "
                    "'lsp serve --port' names another."
                )
            time.sleep(0.5)
        yield api
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
