"""Written down for good: on the disk, whenever the power goes, and whole or not at all where there is no room.

An OSError from here names the file that could not be written, which the system's own often does not.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def sync(path: Path) -> None:
    """See a file, or on POSIX a folder, written to the disk."""
    with naming(path):
        handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_folder(folder: Path) -> None:
    """See the entries of a folder written; Windows opens no folder, and needs no telling."""
    if os.name == "posix":
        sync(folder)


def append(text: str, path: Path) -> None:
    """Add text to the end of a file, made if it is not there; on the disk when this returns.

    What stands there without a line end, cut off by a power cut, gets one, so that it spoils no line but its own.
    Where the text can't be added, nothing of it is left.
    """
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    with naming(path):
        handle = os.open(path, flags, 0o666)
        try:
            size = os.fstat(handle).st_size
            if size:
                os.lseek(handle, -1, os.SEEK_END)
            is_open = size > 0 and os.read(handle, 1) != b"\n"
            try:
                _write(handle, ("\n" if is_open else "").encode() + text.encode())
            except OSError:
                with suppress(OSError):
                    os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)
    if is_new:
        sync_folder(path.parent)


def replace(text: str, path: Path) -> None:
    """Put a file's new text in its place in one move; on the disk when this returns."""
    put(text.encode(), path)


def put(content: bytes, path: Path, *, is_lasting: bool = True) -> None:
    """Put a file in its place in one move: whoever looks finds the old or the new one, never half of either.

    On the disk when this returns, unless it need not be `is_lasting`, as it is made again anyway.
    """
    aside = path.with_name(f".{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with naming(path):
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
            handle = os.open(aside, flags, 0o666)
            try:
                _write(handle, content, is_lasting=is_lasting)
            finally:
                os.close(handle)
            aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
    if is_lasting:
        sync_folder(path.parent)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an OSError within name this file."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _write(handle: int, content: bytes, *, is_lasting: bool = True) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]
    if is_lasting:
        os.fsync(handle)
