"""Analysts at work while a run goes on: processes of their own that query the published database all the time."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# One keeps its connection open and asks again and again; the others open the file anew for every question.
PROGRAM = """
import json, select, sys, time, duckdb
path, keeps_open = sys.argv[1], sys.argv[2] == "keeps open"
questions, runs, errors, mixed = 0, set(), [], 0
connection = None
print("reading", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    try:
        connection = connection or duckdb.connect(path, read_only=True)
        ((run, named, targets),) = connection.execute(
            "select marts.about.run_id, staging.about.run_id, (select count(*) from marts.floor_targets) "
            "from marts.about, staging.about"
        ).fetchall()
        questions += 1
        runs.add(run)
        mixed += run != named or not targets
        if not keeps_open:
            connection.close()
            connection = None
    except Exception as error:
        errors.append(str(error))
        connection = None
    time.sleep(0.05)  # an analyst, not a load test: the run needs the processor too
print(json.dumps({"questions": questions, "runs": len(runs), "errors": errors[:3], "mixed": mixed}))
"""


@dataclass
class Told:
    """What the readers saw: how many questions were answered, how many versions met, what went wrong."""

    questions: int = 0
    runs: int = 0
    errors: tuple[str, ...] = ()
    mixed: int = 0


@contextmanager
def readers(database: Path, number: int) -> Iterator[Told]:
    """So many processes reading `database` until the block ends; what they saw is in the object then."""
    told = Told()
    at_work = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(database), "keeps open" if n % 2 else "opens anew"],
            env=os.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(number)
    ]
    try:
        for reader in at_work:
            assert reader.stdout and reader.stdout.readline() == "reading\n"
        yield told
    finally:
        said = [json.loads(reader.communicate("stop\n", timeout=120)[0]) for reader in at_work]
        told.questions = min(one["questions"] for one in said)
        told.runs = max(one["runs"] for one in said)
        told.errors = tuple(error for one in said for error in one["errors"])
        told.mixed = sum(one["mixed"] for one in said)
