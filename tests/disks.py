"""A disk that fills up, a closed folder or a power cut, at a chosen one of the calls by which a file is written."""

import errno
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pytest


class PowerCut(BaseException):
    """The process ends here: nothing that it would still have tidied up is tidied up."""


class Disk:
    """Counts the calls that write; the one numbered `fails_at` (from 1) writes half of its bytes and fails."""

    def __init__(self, fails_at: int | None, failure: BaseException) -> None:
        self.fails_at, self.failure, self.calls = fails_at, failure, 0

    def is_full(self) -> bool:
        self.calls += 1
        return self.calls == self.fails_at


def full() -> OSError:
    """What the system says where there is no room; it names no file."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def closed() -> OSError:
    """What the system says where a folder or a file may not be written to."""
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def failing(fails_at: int | None, failure: BaseException) -> Iterator[Disk]:
    """Within, that call of os.write, os.fsync, os.replace or of copying fails. None: they are only counted."""
    disk = Disk(fails_at, failure)
    write, fsync, move, copy = os.write, os.fsync, os.replace, shutil.copyfileobj

    def writing(handle: int, content: Any) -> int:
        if disk.is_full():
            write(handle, bytes(content)[: len(content) // 2])
            raise failure
        return write(handle, content)

    def syncing(handle: int) -> None:
        if disk.is_full():
            raise failure
        fsync(handle)

    def moving(source: Any, target: Any) -> None:
        if disk.is_full():
            # here the system does name the files
            raise (
                type(failure)(failure.errno, failure.strerror, str(source))
                if isinstance(failure, OSError)
                else failure
            )
        move(source, target)

    def copying(source: BinaryIO, target: BinaryIO, length: int = 0) -> None:
        # a part of a zip in memory is no file
        if isinstance(target, io.BufferedWriter) and disk.is_full():
            target.write(source.read(10))
            raise failure
        copy(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", writing)
        patch.setattr(os, "fsync", syncing)
        patch.setattr(os, "replace", moving)
        patch.setattr(shutil, "copyfileobj", copying)
        yield disk
