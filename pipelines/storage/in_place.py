"""The database put in place in one move, or kept beside the one that can't be replaced.

On Windows a file that somebody has open can't be replaced. The new database then waits beside it under its
own name, is read from there, and the next command puts it in place.
"""

import errno
import shutil
from contextlib import suppress
from pathlib import Path

from pipelines.storage.durable import sync, sync_folder
from pipelines.workspace import Workspace


class PublishError(Exception):
    """The database could not be put in place; the message says what is in the way."""


def put_in_place(build: Path, workspace: Workspace) -> None:
    """Move a finished database to its place, or beside it where that is held open; durable when this returns.

    Raises PublishError where neither can be written to; the database in place is as it was.
    """
    published, waiting = workspace.published, workspace.waiting
    try:
        # an older one that still waits must not come after this one
        waiting.unlink(missing_ok=True)
        _replace(build, published)
    except PermissionError:
        try:
            build.replace(waiting)
        except PermissionError as error:
            raise PublishError(
                f"Neither {published} nor {waiting.name} beside it can be written to. Close them in other programs, "
                "or allow the folder to be written to, and run again; the database in place was left alone."
            ) from error
    sync_folder(published.parent)


def settle(workspace: Workspace) -> None:
    """Put a database that waits in its place, if by now it can be; every command does this first."""
    with suppress(PermissionError, FileNotFoundError):
        if workspace.waiting.exists():
            _replace(workspace.waiting, workspace.published)
            sync_folder(workspace.published.parent)


def still_waits(workspace: Workspace) -> str | None:
    """The sentence for people while the newest database is not in its place; None where it is."""
    if not workspace.waiting.exists():
        return None
    return (
        f"{workspace.published} is open in another program and could not be replaced. The new marts are whole, in "
        f"{workspace.waiting}, and lsp reads them there; once the other is closed, the next lsp command puts them in "
        "place."
    )


def _replace(build: Path, published: Path) -> None:
    # of somebody who opened the old database to write in it: DuckDB would play it into the new one
    published.with_name(published.name + ".wal").unlink(missing_ok=True)
    try:
        build.replace(published)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # the marts lie on another disk, a shared drive perhaps: over there first, so that the move is one
        aside = published.with_name(f".{published.name}.incoming")
        shutil.copyfile(build, aside)
        sync(aside)
        aside.replace(published)
        build.unlink()
