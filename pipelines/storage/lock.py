"""A lock on a file, held by one process at a time and let go when that process ends, however it ends.

SQLite's own, because it works on every system that Python runs on.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another run holds the workspace; nothing was changed."""


def take(lock: Path, patience_seconds: float) -> sqlite3.Connection | None:
    """Hold `lock` until the connection is closed or this process ends; None if another process holds it.

    OSError where it can't be written, as on a full disk.
    """
    try:
        connection = sqlite3.connect(lock, timeout=patience_seconds, isolation_level=None)
        try:
            connection.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return None
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error), str(lock)) from error
    return connection


@contextmanager
def only_run(work: Path) -> Iterator[None]:
    """Hold the workspace whose working folder is `work`; Busy if another run holds it."""
    work.mkdir(parents=True, exist_ok=True)
    held = take(work / "run.lock", patience_seconds=0)
    if held is None:
        raise Busy(
            "Another run of this workspace is going on. Wait until it has ended and run again; "
            "this one changed nothing."
        )
    try:
        yield
    finally:
        held.close()
