"""Written down for good: on the disk, whenever the power goes."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """See a file, or on POSIX a folder, written to the disk."""
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
    """Add text to the end of a file, made if it is not there, in one write; on the disk when this returns."""
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        left = text.encode()
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        sync_folder(path.parent)


def replace(text: str, path: Path) -> None:
    """Put a file's new text in its place in one move; on the disk when this returns."""
    aside = path.with_name(f".{path.name}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside.write_bytes(text.encode())
    sync(aside)
    aside.replace(path)
    sync_folder(path.parent)
