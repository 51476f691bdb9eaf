"""The database is built aside and put in place in one move; whoever reads it is not disturbed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from sample_files import ROOT

from pipelines.publish import PublishError, publish, sweep

Fill = Callable[[duckdb.DuckDBPyConnection], None]


def holding(value: int) -> Fill:
    """Fills a database with one table that holds one number."""

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.about as select {value} as number")

    return fill


def held(database: Path) -> int:
    with duckdb.connect(str(database), read_only=True) as connection:
        ((number,),) = connection.execute("select number from marts.about").fetchall()
    return int(number)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database in place, and the folder that it was built in."""
    path = tmp_path / "marts" / "lsp.duckdb"
    publish(path, tmp_path / "work", "first", holding(1))
    return path


def program(text: str, *arguments: object) -> "subprocess.Popen[str]":
    """A program in a process of its own: in one process DuckDB shares what it has open."""
    return subprocess.Popen(
        [sys.executable, "-c", text, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_new_database_takes_the_place_of_the_old_and_leaves_nothing_beside_it(
    database: Path, tmp_path: Path
) -> None:
    publish(database, tmp_path / "work", "second", holding(2))
    assert held(database) == 2
    assert [path.name for path in database.parent.iterdir()] == ["lsp.duckdb"]
    assert list((tmp_path / "work").glob("build-*")) == []


READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("select number from marts.about").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("select number from marts.about").fetchone()[0], flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="on Windows a file that is open can't be replaced")
def test_a_reader_keeps_what_it_opened_while_a_new_one_is_put_in_place(
    database: Path, tmp_path: Path
) -> None:
    reader = program(READER, database)
    assert reader.stdout and reader.stdout.readline() == "1\n"
    publish(database, tmp_path / "work", "second", holding(2))
    assert held(database) == 2
    out, err = reader.communicate("go on\n", timeout=60)
    assert (out, err) == ("1\n", "")


def test_the_database_in_place_is_never_opened_but_only_replaced(database: Path, tmp_path: Path) -> None:
    database.write_bytes(b"torn: no database any more")
    publish(database, tmp_path / "work", "second", holding(2))
    assert held(database) == 2


WRITER = """
import os, signal, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("update marts.about set number = 99")
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def test_what_somebody_wrote_into_the_old_database_does_not_reach_the_new(
    database: Path, tmp_path: Path
) -> None:
    """A program that was ended while it wrote leaves a log of it beside the database."""
    program(WRITER, database).communicate(timeout=60)
    assert database.with_name("lsp.duckdb.wal").exists()
    publish(database, tmp_path / "work", "second", holding(2))
    assert [path.name for path in database.parent.iterdir()] == ["lsp.duckdb"]
    assert held(database) == 2


KILLED = """
import sys, time
from pathlib import Path
from pipelines.publish import publish

def fill(connection):
    connection.execute("create schema marts")
    connection.execute("create table marts.about as select range as number from range(200000)")
    print("building", flush=True)
    time.sleep(60)

publish(Path(sys.argv[1]), Path(sys.argv[2]), "killed", fill)
"""


def test_a_killed_build_leaves_the_last_good_database_and_the_next_sweeps_up(
    database: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    before = database.read_bytes()
    build = program(KILLED, database, work)
    assert build.stdout and build.stdout.readline() == "building\n"
    build.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    build.communicate(timeout=60)
    assert list(work.glob("build-killed*")) != []
    assert database.read_bytes() == before
    assert held(database) == 1
    publish(database, work, "next", holding(3))
    assert held(database) == 3
    assert list(work.glob("build-*")) == []


def test_a_build_that_fails_changes_nothing(database: Path, tmp_path: Path) -> None:
    def broken(connection: duckdb.DuckDBPyConnection) -> None:
        holding(2)(connection)
        raise ValueError("a fault halfway")

    before = database.read_bytes()
    with pytest.raises(ValueError, match="a fault halfway"):
        publish(database, tmp_path / "work", "broken", broken)
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["lsp.duckdb"]


def test_a_file_that_another_program_holds_is_one_sentence(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where Excel or DBeaver may have it open."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "it is being used by another process")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PublishError) as refused:
        publish(database, tmp_path / "work", "second", holding(2))
    assert str(refused.value) == (
        f"{database} is open in another program and can't be replaced. Close it there and run again."
    )
    monkeypatch.undo()
    assert held(database) == 1


def test_sweeping_leaves_everything_else_alone(tmp_path: Path) -> None:
    for name in ("build-a.duckdb", "build-a.duckdb.wal", "run.lock", "notes.txt"):
        (tmp_path / name).touch()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "run.lock"]
    sweep(tmp_path / "not there")
