"""What a run did, kept: a file of JSON lines in data/logs, one for each step and for each file that it read.

It says of a file what became of it and which rules were broken how often, never what stands in a cell, so that no
personal data and no secret gets into it. Its name has the day and the run's own name.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.storage import durable
from pipelines.workspace import Workspace

UNNAMED = "not-begun"  # a run that failed before it knew what it is made from

FILES = """
select
    files.file_name, files.sha256, files.folder, files.received_at, files.received_from, files.state,
    coalesce((select list({
        'return': s.return, 'partner': s.partner, 'quarter': s.quarter, 'state': s.state, 'rows_read': s.rows_read,
        'rows_refused': s.rows_refused, 'rows_queried': s.rows_queried
    } order by s.submission_id) from staging.submissions as s where s.file_id = files.file_id), []) as returns,
    coalesce((select list({'rule': f.rule, 'consequence': f.consequence, 'is_open': f.is_open, 'times': f.times}
        order by f.rule, f.consequence, f.is_open) from (
            select file_id, rule, consequence, settled is null as is_open, count(*) as times
            from staging.findings group by all
        ) as f where f.file_id = files.file_id), []) as findings
from staging.files as files order by files.received_at, files.file_id
"""


class RunLog:
    """The lines of one run. They are written when it ends, however it ends."""

    def __init__(
        self, workspace: Workspace, now: datetime, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._workspace = workspace
        self._now = now
        self._clock = clock
        self._began = clock()
        self._lines: list[dict[str, Any]] = []
        self.run_id = UNNAMED

    def note(self, event: str, **facts: Any) -> None:
        """Add a line; `seconds` is how far into the run it is."""
        self._lines.append({"event": event, "seconds": round(self._clock() - self._began, 3), **facts})

    def step(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """A way of running stages that notes how long each took."""

        def timed(stage: Callable[..., Any], *arguments: Any) -> Any:
            began = self._clock()
            outcome = step(stage, *arguments)
            self.note("stage", stage=stage.__name__, took=round(self._clock() - began, 3))
            return outcome

        return timed

    def files(self, database: Path) -> None:
        """A line for each file of the marts: what became of it."""
        with duckdb.connect(str(database), read_only=True) as connection:
            answer = connection.execute(FILES)
            names = [name for name, *_ in answer.description]
            for row in answer.fetchall():
                self.note("file", **dict(zip(names, row, strict=True)))

    def write(self) -> Path:
        """Put the lines in their file; its path."""
        path = self._workspace.logs / f"{self._now:%Y%m%d-%H%M%S}_{self.run_id}.jsonl"
        lines = [
            {"at": self._now.isoformat(timespec="seconds"), "run_id": self.run_id, **line}
            for line in self._lines
        ]
        durable.append(
            "".join(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines), path
        )
        return path


@contextmanager
def logged(workspace: Workspace, now: datetime, **facts: Any) -> Iterator[RunLog]:
    """The log of one run, written at its end; a failure's kind and sentence stand in its last line."""
    log = RunLog(workspace, now)
    log.note("began", **facts)
    try:
        yield log
    except BaseException as failure:
        ours = type(failure).__module__.startswith("pipelines")
        log.note("failed", kind=type(failure).__name__, sentence=str(failure) if ours else "")
        with suppress(OSError):  # what went wrong with the run is what must be told
            log.write()
        raise
    log.note("ended")
    with suppress(OSError):  # the run is done; without room for its log it is done all the same
        log.write()
