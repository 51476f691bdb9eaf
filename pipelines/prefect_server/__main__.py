"""The temporary Prefect server's process: listen, tell the port, serve, say when ready, end with the run.

Its standard input is the pipe from the run, which closes when the run is over; on its standard output the run
hears two lines, the port and "ready". All else goes to the log that standard error is.
"""

import gc
import http.client
import importlib.metadata
import json
import os
import socket
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipelines.prefect_server import END_LIMIT_SECONDS, LOOPBACK
from pipelines.prefect_server.orphan import server_lock

if TYPE_CHECKING:
    import uvicorn


def serve(home: Path) -> None:
    """Serve Prefect's API from the database in `home` until the run is over. Does not return."""
    run = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    listener = socket.create_server((LOOPBACK, 0))
    port = listener.getsockname()[1]
    print(port, file=run, flush=True)

    gc.disable()  # a sixth of the start-up time
    import uvicorn

    application = "prefect.server.api.server:create_app"
    server = uvicorn.Server(
        uvicorn.Config(
            application, factory=True, lifespan="on", log_level="error", timeout_graceful_shutdown=1
        )
    )
    for run_is_over in (_pipe_closed, _parent_gone):
        threading.Thread(target=_end_after, args=(run_is_over, server), daemon=True).start()
    lock = take_over(home)
    threading.Thread(target=_say_when_ready, args=(home, port, run), daemon=True).start()
    server.run(sockets=[listener])
    lock.close()
    os._exit(0)  # what Prefect's threads would still say here was never meant for anyone


def take_over(home: Path) -> sqlite3.Connection:
    """Become the one server of `home`; end that of a killed run which did not end by itself."""
    lock = server_lock(home)
    if lock is None:
        raise SystemExit("The server of an earlier run does not end.")
    (home / "server.pid").write_text(str(os.getpid()))
    # A database left half made, or made by another Prefect, keeps every server from starting: begin afresh.
    ready = home / "ready"
    if not ready.exists() or ready.read_text() != importlib.metadata.version("prefect"):
        for left in [ready, home / "memo_store.toml", *home.glob("prefect.db*")]:
            left.unlink(missing_ok=True)
    return lock


def _say_when_ready(home: Path, port: int, run: IO[str]) -> None:
    try:
        connection = http.client.HTTPConnection(LOOPBACK, port)
        # Heard at once, answered when all is up. A run asks this first, and the first answer is a slow one.
        _ask(connection, "GET", "admin/version")
        (home / "ready").write_text(importlib.metadata.version("prefect"))
        _close_killed_runs(connection)
        connection.close()
        gc.enable()
        print("ready", file=run, flush=True)
    except Exception:
        traceback.print_exc()
        os._exit(1)


def _close_killed_runs(connection: http.client.HTTPConnection) -> None:
    """A killed run could not say so itself. No other run is going on now, so what says it is, crashed."""
    unfinished = {"flow_runs": {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}}}
    crashed = {"type": "CRASHED", "message": "The run was ended from outside before it had finished."}
    for run in _ask(connection, "POST", "flow_runs/filter", unfinished):
        _ask(connection, "POST", f"flow_runs/{run['id']}/set_state", {"state": crashed, "force": True})


def _ask(connection: http.client.HTTPConnection, method: str, path: str, body: object = None) -> Any:
    connection.request(method, f"/api/{path}", json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    if response.status >= 400:
        raise http.client.HTTPException(f"{method} {path}: {response.status} {answer!r}")
    return json.loads(answer)


def _end_after(run_is_over: Callable[[], None], server: "uvicorn.Server") -> None:
    run_is_over()
    if server.started:
        server.should_exit = True
        time.sleep(END_LIMIT_SECONDS)
    os._exit(1)


def _pipe_closed() -> None:
    while os.read(0, 1):
        pass


def _parent_gone() -> None:
    """On Linux and macOS, where a forked child of the run may outlive it and hold the pipe open."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
