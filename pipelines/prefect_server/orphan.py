"""A temporary server that outlived its run: met by the lock it holds, and ended."""

import os
import signal
import sqlite3
from contextlib import suppress
from pathlib import Path

from pipelines.storage.lock import take

END_LIMIT_SECONDS = 5.0  # the server writes down a run's last events before it goes


def server_lock(home: Path) -> sqlite3.Connection | None:
    """The lock of the server of `home`, for whoever holds its run's lock; one that is left over is ended for it.

    None if that one does not end.
    """
    lock = take(home / "server.lock", patience_seconds=END_LIMIT_SECONDS + 1)
    if lock is None:
        os.kill(int((home / "server.pid").read_text()), getattr(signal, "SIGKILL", signal.SIGTERM))
        lock = take(home / "server.lock", patience_seconds=END_LIMIT_SECONDS)
    return lock


def sweep(home: Path) -> None:
    """End the server of a run that was killed, if one is left; that of a run that goes on is left alone."""
    if not (home / "server.lock").exists():
        return
    # whatever keeps us from it, a run without Prefect needs nothing of Prefect's
    with suppress(OSError, ValueError, sqlite3.Error):
        run = take(home / "run.lock", patience_seconds=0)
        if run is None:
            return
        try:
            if lock := server_lock(home):
                lock.close()
        finally:
            run.close()
