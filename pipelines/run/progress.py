"""What is going on, while it goes on: a moving line on a terminal, plain lines anywhere else."""

import time
from types import TracebackType
from typing import Self, TextIO


class Progress:
    """`with Progress(sys.stdout) as progress: progress.tell("Reading 46 files")`."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._doing: str | None = None
        self._since = time.monotonic()
        self._status = None
        if out.isatty():
            from rich.console import Console

            self._status = Console(file=out).status("Starting")

    def __enter__(self) -> Self:
        if self._status:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish(is_done=error is None)
        if self._status:
            self._status.stop()

    def tell(self, doing: str) -> None:
        """Say what begins now; what went before is done."""
        self._finish(is_done=True)
        self._doing, self._since = doing, time.monotonic()
        if self._status:
            self._status.update(f"{doing} …")
        else:
            print(f"{doing} …", file=self._out, flush=True)

    def _finish(self, is_done: bool) -> None:
        if self._doing is None or self._status is None:
            return
        mark = f"{time.monotonic() - self._since:4.1f} s" if is_done else "stopped"
        self._status.console.print(f"  {mark:>7}  {self._doing}", highlight=False)
        self._doing = None
